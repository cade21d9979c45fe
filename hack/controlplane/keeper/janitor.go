package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Every run directory carries this prefix; the janitor refuses to remove anything else.
const runPrefix = "autonomic-"

// janitor removes a run directory once its runner is gone: `janitor DIRECTORY`.
//
// It holds the read end of a pipe whose write end only the runner has. End of file means that the runner
// stopped on purpose, crashed or was killed: the directory goes in each case.
func janitor(args []string) error {
	if len(args) != 1 || !strings.HasPrefix(filepath.Base(args[0]), runPrefix) {
		return fmt.Errorf("usage: keeper janitor DIRECTORY, whose name starts with %q; found %q", runPrefix, args)
	}
	signal.Ignore(unix.SIGINT, unix.SIGTERM, unix.SIGHUP)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return removeUntilGone(args[0])
}

// removeUntilGone tries again for five seconds: programs that are being killed may still write for a moment.
func removeUntilGone(directory string) error {
	var err error
	for range 50 {
		if err = os.RemoveAll(directory); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
