package shell

import (
	"strings"
	"unicode/utf8"
)

// fish is evaluated with fob env --shell fish | source. (eval with a command
// substitution would lose line ends.) Only a global variable is taken away, never
// a universal one, which outlives the shell.
func fish() Shell {
	return statements{name: "fish", set: "set -gx %s %s;\n", unset: "set -eg %s;\n", quote: quoteFish}
}

// quoteFish writes '…', where only the backslash and the quote are special.
func quoteFish(value string) (string, bool) {
	escaped := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value)
	return "'" + escaped + "'", utf8.ValidString(value)
}
