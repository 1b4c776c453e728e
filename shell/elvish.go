package shell

import (
	"strings"
	"unicode/utf8"
)

// elvish is evaluated with eval (fob env --shell elvish | slurp).
func elvish() Shell {
	return statements{name: "elvish", set: "set-env %s %s\n", unset: "unset-env %s\n", quote: quoteElvish}
}

// quoteElvish writes '…' with a quote doubled. Source code has to be UTF-8.
func quoteElvish(value string) (string, bool) {
	return "'" + strings.ReplaceAll(value, "'", "''") + "'", utf8.ValidString(value)
}
