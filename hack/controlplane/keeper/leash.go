package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// leash ties a program to the life of the process that starts it: `leash RUNNER-PID PROGRAM [ARG...]`.
//
// The kernel sends SIGKILL when the parent is gone, whatever it died of, so nothing outlives a crashed test
// run. The setting belongs to the thread and survives exec only in the thread that calls exec, hence the lock.
// "Parent" means the parent's *thread* that forked: Node forks from its main thread, which lives as long as
// the process; a worker thread that started a leashed program would take it down when it ends.
func leash(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: keeper leash RUNNER-PID PROGRAM [ARG...]")
	}
	runner, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("RUNNER-PID must be a process id, found %q", args[0])
	}
	program, err := exec.LookPath(args[1])
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("prctl(PR_SET_PDEATHSIG): %w", err)
	}
	// The runner may have died before the setting took hold; then nobody will ever send the signal.
	if os.Getppid() != runner {
		return fmt.Errorf("runner %d is gone", runner)
	}
	return unix.Exec(program, args[1:], os.Environ())
}
