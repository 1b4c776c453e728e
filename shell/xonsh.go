package shell

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// xonsh is evaluated with execx.
func xonsh() Shell {
	return statements{name: "xonsh", set: "$%s = %s\n", unset: "${...}.pop(\"%s\", None)\n", quote: quotePython}
}

// quotePython writes a Python string of ASCII characters.
func quotePython(value string) (string, bool) {
	var out strings.Builder
	for _, r := range value {
		switch {
		case r < utf8.RuneSelf && Safe(string(r)):
			out.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&out, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			fmt.Fprintf(&out, `\U%08x`, r)
		}
	}
	return `"` + out.String() + `"`, utf8.ValidString(value)
}
