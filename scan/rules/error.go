package rules

import "fmt"

// Error is something in a file that cannot be used as it is.
type Error struct {
	File    string
	Line    int    // 0 where the file as a whole is meant
	Problem string // what is wrong, with the name of the thing
	Fix     string // what to do about it; "" where the problem says it
}

// Error implements error: "fob-scan.yaml:12: unknown key "resorce"; did you mean resource?"
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	s += ": " + e.Problem
	if e.Fix != "" {
		s += "; " + e.Fix
	}
	return s
}
