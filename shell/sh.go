package shell

import "strings"

// sh is any POSIX shell (dash, ksh, mksh, busybox), which does not know $'…'. It
// is evaluated with eval "$(fob env --shell sh)"; without the quotes only values
// that are [Safe] survive, and others may be matched with file names, so a value
// that is not should be left out.
func sh() Shell {
	return statements{name: "sh", set: "export %s=%s; \n", unset: "unset %s; \n", quote: quoteSingle}
}

// quoteSingle writes '…'; a quote leaves the quotes, behind a backslash.
func quoteSingle(value string) (string, bool) {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'", true
}
