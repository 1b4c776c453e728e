package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"

	"fob/internal/command"
)

// What shells end with when a command cannot be run.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
)

// childCommand is what fob exec runs.
type childCommand struct {
	path string // of the program
	argv []string
	env  []string
}

// findCommand finds a program as a shell does: a name on PATH, anything else as it
// is. The current folder is no place to look, whatever PATH says.
func (a *app) findCommand(name string) (path string, err error) {
	if strings.ContainsAny(name, `/\:`) {
		path, err = exec.LookPath(name)
	} else {
		path, err = command.LookPath(name, a.sys.Getenv)
	}
	if err != nil {
		return "", cannotRun(name, err)
	}
	return path, nil
}

// cannotRun is the failure of a command that did not start, with a shell's exit status.
func cannotRun(name string, err error) error {
	f := &failure{code: exitNotExecutable, what: fmt.Sprintf("cannot run %q", name), why: innermost(err).Error(), err: err}
	switch {
	case errors.Is(err, command.ErrNotFound), errors.Is(err, exec.ErrNotFound):
		f.code, f.why = exitNotFound, "there is no such program on PATH"
		f.next = "check its name; one of this folder is typed as ./" + word(name)
	case errors.Is(err, fs.ErrNotExist):
		f.code, f.why = exitNotFound, "there is no such file, or the interpreter in its first line is missing"
		f.next = "ls -l " + word(name)
	case errors.Is(err, syscall.ENOEXEC):
		f.next = "a script needs #! in its first line, or its interpreter: sh " + word(name)
	default:
		f.next = "ls -l " + word(name)
	}
	return f
}

// innermost is the error without what calls have put around it.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}
