package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// person answers what fob asks on a terminal.
type person struct {
	code  string
	pause time.Duration // it takes to type the code
	codes atomic.Int32  // how often it was asked for
}

// nobody is who sits at a program that has no terminal.
var nobody *person

func newPerson(code string) *person { return &person{code: code} }

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
