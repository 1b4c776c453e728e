package tty

import (
	"strings"
	"unicode"
)

// cancelKeys end a prompt when they arrive as text: Ctrl-C, Ctrl-D, Ctrl-Z.
const cancelKeys = "\x03\x04\x1a"

// editor is a line editor for a terminal that is read key by key (Windows; Unix
// terminals edit lines themselves).
type editor struct {
	echo bool
	line []rune
	done bool // Enter was typed
	err  error
}

// key takes one typed character and returns what to write in answer to it.
func (e *editor) key(r rune) string {
	switch {
	case r == '\r' || r == '\n':
		e.done = true
		if len(string(e.line)) >= maxLine {
			e.err = ErrTooLong
		}
		return "\r\n"
	case strings.ContainsRune(cancelKeys, r):
		e.done, e.err = true, ErrCancelled
		return "\r\n"
	case r == '\b' || r == 0x7f:
		if len(e.line) == 0 {
			return ""
		}
		e.line = e.line[:len(e.line)-1]
		return e.shown("\b \b")
	}
	if unicode.IsControl(r) || len(e.line) >= maxLine {
		return ""
	}
	e.line = append(e.line, r)
	return e.shown(string(r))
}

func (e *editor) shown(s string) string {
	if !e.echo {
		return ""
	}
	return s
}
