package command

import (
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// Launch starts a program that is to outlive fob: a browser. It gets no input and
// its output goes nowhere, so that it neither writes into a terminal nor ends when
// fob does. Launch waits until it ends, at most for patience, and then leaves it
// alone. StdoutLimit and Stderr of the spec count for nothing.
//
// Errors: *Error with ErrNotFound, ErrNotExecutable, ErrNotAbsolute, or ErrExit
// when the program failed within patience.
func Launch(spec Spec, patience time.Duration) error {
	if len(spec.Argv) == 0 {
		return &Error{"", ErrNotFound}
	}
	name := spec.Argv[0]
	path, err := LookPath(name, getenv(spec.Env))
	if err != nil {
		return err
	}
	cmd := exec.Command(path)
	cmd.Args = spec.Argv
	cmd.Env = append([]string{}, spec.Env...) // not nil, which would mean ours
	cmd.Dir = spec.Dir
	group, err := newGroup(cmd)
	if err != nil {
		return &Error{name, err}
	}
	defer group.close()
	if err := cmd.Start(); err != nil {
		return &Error{name, fmt.Errorf("%w: %w", ErrNotExecutable, err)}
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case err = <-ended:
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return &Error{name, fmt.Errorf("%w %d", ErrExit, exitCode(exit.ProcessState))}
	case err != nil:
		return &Error{name, err}
	}
	return nil
}
