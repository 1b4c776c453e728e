package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// become runs the command and ends as it does: Windows cannot replace a process.
func (a *app) become(cmd childCommand) error {
	_, err := a.runChild(cmd)
	return err
}

// runChild runs the command to its end, whose exit status becomes fob's. Ctrl-C
// and Ctrl-Break reach it as well as fob, and are its own business.
func (a *app) runChild(cmd childCommand) (died syscall.Signal, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	child := &exec.Cmd{Path: cmd.path, Args: cmd.argv, Env: cmd.env, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := child.Start(); err != nil {
		return 0, cannotRun(cmd.argv[0], err)
	}
	err = child.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		a.status, err = ended.ExitCode(), nil
	}
	return 0, err
}

// ignoredSignals: there are none.
func ignoredSignals() []os.Signal { return nil }

// endBy: there are no signals to end by.
func endBy(syscall.Signal) {}
