package keycsv

import (
	"regexp"
	"sync"
)

// pattern compiles a regular expression when it is first used: fob links this
// package into every start, and few of them read a CSV file.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
