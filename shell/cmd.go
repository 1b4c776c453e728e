package shell

import "strings"

// cmd is the Windows command interpreter, evaluated with
//
//	for /f "delims=" %i in ('fob env --shell cmd') do @call %i
//
// With @ it does not show the lines, which are secrets; with call it reads them as
// commands in every version.
func cmd() Shell {
	return statements{name: "cmd", set: "set \"%s=%s\"\n", unset: "set \"%s=\"\n", quote: quoteCmd}
}

// cmdLine is less than the longest line that cmd reads, 8191 characters, by more
// than the longest name of a variable that fob sets.
const cmdLine = 8000

// quoteCmd only refuses: there is no quoting that works in every place. Beside the
// characters that are special, those that depend on the code page are refused, and
// the empty value, which would take the variable away.
func quoteCmd(value string) (string, bool) {
	ok := value != "" && len(value) <= cmdLine && !strings.ContainsAny(value, "\"%!^&<>|") &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
	return value, ok
}
