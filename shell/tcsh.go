package shell

import (
	"strings"
	"unicode/utf8"
)

// tcsh is evaluated by writing the text to a private file and sourcing it. eval
// with backquotes is right only for values that are [Safe].
func tcsh() Shell {
	return statements{name: "tcsh", set: "setenv %s %s;\n", unset: "unsetenv %s;\n", quote: quoteTcsh}
}

// quoteTcsh writes '…' and puts what is special even there outside of the quotes,
// behind a backslash, where the variable backslash_quote makes no difference. A
// line cannot hold a line end.
func quoteTcsh(value string) (string, bool) {
	escaped := strings.NewReplacer(`'`, `'\''`, `!`, `'\!'`, `\`, `'\\'`).Replace(value)
	return "'" + escaped + "'", utf8.ValidString(value) && !strings.ContainsAny(value, "\r\n")
}
