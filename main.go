// Command fob keeps AWS keys in the OS keychain and hands out short-lived
// credentials: to every AWS SDK as a credential_process, to a shell with
// eval $(fob env -p x). See README.md.
package main

import (
	"context"
	"os"

	"fob/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Real()))
}
