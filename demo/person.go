package main

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// person answers what fob asks on a terminal.
type person struct {
	code  string
	ready <-chan struct{} // nobody is answered before it is closed; nil is at once
	codes atomic.Int32    // how often the MFA code was asked for
}

// nobody is who sits at a program that has no terminal.
var nobody *person

func newPerson(code string) *person { return &person{code: code} }

// The ends of the questions that fob asks here.
const (
	codeQuestion   = "(or 'q' to abort): "
	deleteQuestion = "Delete it? [y/N] "
)

// answer is what the person types when the terminal shows text, "" for nothing.
func (p *person) answer(text string) string {
	switch {
	case strings.HasSuffix(text, codeQuestion):
		p.codes.Add(1)
		if p.ready != nil {
			<-p.ready
		}
		return p.code
	case strings.HasSuffix(text, deleteQuestion):
		return "y"
	}
	return ""
}

// codeArg makes the demo a program that prints the code after it.
const codeArg = "mfa-code"

// codeCommand is FOB_MFA_COMMAND: the demo itself.
func (p *person) codeCommand() string {
	self, err := os.Executable()
	if err != nil {
		return codeArg // fob will say that it is not found
	}
	return fmt.Sprintf(`"%s" %s %s`, self, codeArg, p.code)
}

func codeToPrint(args []string) (code string, ok bool) {
	if len(args) == 2 && args[0] == codeArg {
		return args[1], true
	}
	return "", false
}
