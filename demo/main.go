// Command demo shows what fob does, offline and with nothing but Go:
//
//	go run ./demo
//
// It builds fob, gives it a home of its own in a temporary folder and a fake AWS
// on loopback that checks signatures and MFA codes for real, and then types the
// commands of a first day with fob: each is shown with its output, secrets
// masked, and with what just happened. On Linux and macOS fob asks on a terminal
// of its own, where the demo answers; elsewhere FOB_MFA_COMMAND does.
//
// fob knows nothing of the demo. Each step checks what it got from fob, from the
// fake AWS and from the disk, so that the demo is a test as well: the exit status
// is 0 if all was as it should be, 1 if not, and 130 after Ctrl-C. However it
// ends, the temporary folder and what fob keeps unlocked are gone.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if code, ok := codeToPrint(os.Args[1:]); ok {
		fmt.Println(code)
		return
	}
	os.Exit(run())
}

func run() int {
	// A closed pipe (SIGPIPE) must not end the demo before it has cleaned up.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	defer stop()
	d := &demo{page: newPage(os.Stdout, os.Getenv)}
	err := d.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, d.page.mask("demo: "+err.Error()))
	}
	switch {
	case errors.Is(err, errStopped):
		return 130
	case err != nil:
		return 1
	}
	return 0
}
