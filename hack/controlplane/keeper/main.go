// The helper that prepares a development control plane and cleans up after it. It is a program of its own because
// the janitor stays resident and the leash starts every process: 3 MB and 2 ms, where the binary with Kubernetes
// in it takes 60 MB and 90 ms.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "keeper:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("a sub-command is needed: pki, leash or janitor")
	}
	switch args[0] {
	case "pki":
		return pki(args[1:])
	case "leash":
		return leash(args[1:])
	case "janitor":
		return janitor(args[1:])
	}
	return fmt.Errorf("unknown sub-command %q: pki, leash and janitor exist", args[0])
}
