// Command fob-scan is the audit: it reads the configuration of AWS accounts, judges it
// and reports. `fob scan` executes it; see docs/scan.md.
//
// It is a program of its own as it links the clients of some thirty services, which
// every start of fob would pay for. Credentials come through the door that fob's own
// command line has for it, and by no other way.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"fob/cli"
)

// gcPercent trades a little time for memory: facts are many small things that live as
// long as their account is judged, and the usual 100 lets as much garbage lie about.
const gcPercent = 40

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(run(context.Background(), os.Args[1:], cli.Real()))
}
