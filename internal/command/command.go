// Package command runs other people's programs for fob: a credential_process, a
// command that prints an MFA code, a command that prints a passphrase. They run
// without a shell, with an end to their time and to their output, and only if
// nobody else can write the file that names them.
//
// On Unix a command runs in a process group of its own, which is not the
// terminal's foreground group: it can write to the terminal, but the kernel
// stops it when it reads from it, and it ends with its context. A command that
// has to ask a person needs a window of its own.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync/atomic"
	"time"
)

const (
	// DefaultStdoutLimit is the limit of Spec.StdoutLimit's zero value, in bytes.
	DefaultStdoutLimit = 64 << 10
	// StderrKept is how many bytes of a command's stderr are kept: the last ones,
	// as programs say last why they failed.
	StderrKept = 8 << 10
	// waitDelay is how long the output may stay open after the command's end,
	// for instance in the hands of a daemon that it started.
	waitDelay = 500 * time.Millisecond
)

// Spec says what to run. Stdin is empty.
type Spec struct {
	// Argv is the program and its arguments. The program is an absolute path, or
	// is looked up in Env's PATH as LookPath does.
	Argv []string
	// Env is the whole environment; nil is an empty one. See SafeEnv.
	Env []string
	// Dir is the working folder, "" the current one.
	Dir string
	// StdoutLimit is the most bytes to take from stdout; 0 means 64 KiB.
	StdoutLimit int
	// Stderr gets the command's stderr as it comes; nil means nobody. A Write
	// that fails is ignored; one that does not return is abandoned.
	Stderr io.Writer
	// Attached has the kernel kill the command when this process ends first, however
	// it ends: for what a person sees. Linux only; elsewhere it means nothing.
	Attached bool
}

// Result is what a command left behind.
type Result struct {
	// Stdout is the whole output. It usually is a secret: do not print it.
	Stdout []byte
	// Stderr is the end of the command's stderr: foreign text.
	Stderr string
	// ExitCode is the exit status; 128+n for a command that signal n ended; -1
	// for one that did not start.
	ExitCode int
}

// Run runs a command to its end. When ctx ends or the output passes its limit,
// the command is killed with all processes it started, except those that took
// themselves out of its process group (Windows: its job). Run returns at most
// half a second after the command, whoever still holds its output open; such a
// daemon lives on.
//
// Errors: *Error with the name of the program and one of ErrNotFound,
// ErrNotExecutable, ErrNotAbsolute, ErrExit, ErrTimeout, ErrCancelled,
// ErrTooMuchOutput. The Result is filled as far as the command came.
func Run(ctx context.Context, spec Spec) (Result, error) {
	result := Result{ExitCode: -1}
	if len(spec.Argv) == 0 {
		return result, &Error{"", ErrNotFound}
	}
	name := spec.Argv[0]
	path, err := LookPath(name, getenv(spec.Env))
	if err != nil {
		return result, err
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stdout := &limited{limit: spec.stdoutLimit(), exceed: stop}
	stderr := &tail{also: spec.Stderr}
	var killed atomic.Bool

	cmd := exec.CommandContext(ctx, path)
	cmd.Args = spec.Argv
	cmd.Env = append([]string{}, spec.Env...) // not nil, which would mean ours
	cmd.Dir = spec.Dir
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = waitDelay
	group, err := newGroup(cmd)
	if err != nil {
		return result, &Error{name, err}
	}
	defer group.close()
	cmd.Cancel = func() error {
		killed.Store(true)
		return group.kill(cmd.Process)
	}

	if spec.Attached {
		defer attach(cmd)()
	}
	if err := cmd.Start(); err != nil {
		return result, &Error{name, startError(ctx, err)}
	}
	group.add(cmd.Process)
	err = cmd.Wait()
	result = Result{stdout.bytes(), stderr.String(), exitCode(cmd.ProcessState)}
	switch {
	case stdout.exceeded():
		return result, &Error{name, fmt.Errorf("%w (%d bytes)", ErrTooMuchOutput, stdout.limit)}
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return result, nil
	case killed.Load():
		return result, &Error{name, endError(ctx)}
	case cmd.ProcessState != nil && !cmd.ProcessState.Success():
		return result, &Error{name, fmt.Errorf("%w %d", ErrExit, result.ExitCode)}
	}
	return result, &Error{name, err}
}

func (s Spec) stdoutLimit() int {
	if s.StdoutLimit == 0 {
		return DefaultStdoutLimit
	}
	return s.StdoutLimit
}
