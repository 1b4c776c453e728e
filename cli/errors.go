package cli

import (
	"errors"
	"fmt"
	"strings"

	"fob/internal/display"
)

// The exit statuses of fob. See DESIGN.md 7.
const (
	exitFailure   = 1
	exitUsage     = 2
	exitConfig    = 4
	exitPerson    = 5
	exitKeychain  = 6
	exitAWS       = 7
	exitCancelled = 130
)

// failure is an error as the user sees it: what failed, why, what to type next.
type failure struct {
	code int
	what string // one line
	why  string // one line, may be ""
	next string // a command to paste or a line to write, may be ""
	err  error
}

func (f *failure) Error() string { return f.what }

// Unwrap gives the library's error.
func (f *failure) Unwrap() error { return f.err }

// printer is the only way to stderr.
type printer struct {
	sys  System
	told map[string]bool // the warnings so far
}

// fail prints an error and returns its exit status.
func (p *printer) fail(err error) int {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitFailure, what: err.Error()}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "fob: %s\n", line(f.what))
	if f.why != "" {
		fmt.Fprintf(&b, "  why: %s\n", line(f.why))
	}
	if f.next != "" {
		fmt.Fprintf(&b, "  next: %s\n", line(f.next))
	}
	_, _ = p.sys.Stderr.Write([]byte(b.String()))
	return f.code
}

// warn prints what the user should know while all is well, once.
func (p *printer) warn(text string) { p.once("fob: warning: " + text) }

// once is say for what is not to be repeated.
func (p *printer) once(text string) {
	if p.told[text] {
		return
	}
	if p.told == nil {
		p.told = map[string]bool{}
	}
	p.told[text] = true
	p.say(text)
}

// say prints a line of talk.
func (p *printer) say(text string) { fmt.Fprintln(p.sys.Stderr, line(text)) }

// line makes one harmless line of a text. Foreign parts were cut where they
// came in; a message as a whole may be longer than one of them.
func line(s string) string { return display.Line(s) }

// recovered turns a panic into one error line; a stack could hold a secret.
func (p *printer) recovered(r any) int {
	if code, ok := r.(exit); ok {
		return int(code)
	}
	return p.fail(&failure{code: exitFailure, what: "internal fault", why: fmt.Sprintf("%T", r), next: "report it with the command that you typed"})
}
