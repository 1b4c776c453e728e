//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// become makes fob the command. It returns only when that cannot be run.
//
// Nothing of fob's goes over: its files are closed by the system, the limits that
// it set on itself are taken back, and signals do what they did before fob came.
func (a *app) become(cmd childCommand) error {
	a.soften()
	signal.Reset()
	return cannotRun(cmd.argv[0], syscall.Exec(cmd.path, cmd.argv, cmd.env))
}
