package command

import (
	"context"
	"errors"
	"fmt"
)

// Why a command gave no answer. Callers branch on these with errors.Is.
var (
	ErrNotFound      = errors.New("program not found")
	ErrNotExecutable = errors.New("program cannot be executed")
	// ErrNotAbsolute: the program is a relative path, which would mean another
	// program in every folder.
	ErrNotAbsolute = errors.New("program is neither a plain name nor an absolute path")
	// ErrExit: the command ended with a status other than 0, see Result.ExitCode.
	ErrExit          = errors.New("exit status")
	ErrTimeout       = errors.New("not finished in time")
	ErrCancelled     = errors.New("cancelled")
	ErrTooMuchOutput = errors.New("too much output")
)

// Error says which program failed. Of its arguments it says nothing, as they may
// hold secrets.
type Error struct {
	Name string // the first word of the command, as it was written
	Err  error  // one of the Err values above, with detail
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("run %q: %v", e.Name, e.Err) }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// startError is for a program that LookPath has found: what is missing now is
// its interpreter, or a format that the system knows.
func startError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return endError(ctx)
	}
	return fmt.Errorf("%w: %w", ErrNotExecutable, err)
}

func endError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrTimeout
	}
	return ErrCancelled
}
