// Command fob keeps AWS keys in the OS keychain and hands out short-lived
// credentials: to every AWS SDK as a credential_process, to a shell with
// eval $(fob env -p x), to a command with fob exec. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"fob/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Real()))
}
