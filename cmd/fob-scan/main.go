// Command fob-scan is the audit: it reads the configuration of AWS accounts, judges it
// and reports. `fob scan` executes it; see SCAN.md for what it promises.
//
// It is a program of its own as it links the clients of some thirty services, which
// every start of fob would pay for. Credentials come through the door that fob's own
// command line has for it, and by no other way.
package main

import (
	"context"
	"os"

	"fob/cli"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], cli.Real()))
}
