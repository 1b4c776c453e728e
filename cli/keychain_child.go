package cli

import (
	"context"

	"fob/keychain"
)

// keychainCmd is one call of the macOS or Windows keychain, in a process that
// the fob which started it can kill.
type keychainCmd struct {
	Args []string `arg:"" passthrough:""`
}

func (c *keychainCmd) Run(ctx context.Context, a *app) error {
	return keychain.ServeNative(ctx, c.Args, a.sys.Stdin, a.sys.Stdout)
}
