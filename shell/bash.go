package shell

import (
	"fmt"
	"strings"
)

// bash is evaluated with eval "$(fob env)". eval $(fob env) without the quotes is
// just as good: no value holds a blank or a character that file names are matched
// with, and nothing depends on the line ends.
func bash() Shell { return ansiC("bash") }

// zsh is like bash.
func zsh() Shell { return ansiC("zsh") }

func ansiC(name string) Shell {
	return statements{name: name, set: "export %s=%s; \n", unset: "unset %s; \n", quote: quoteANSIC}
}

// quoteANSIC writes $'…' with every byte that is not safe in octal. Always three
// digits, so that a digit that follows is not taken for part of the escape. The
// equals sign is among them: without the quotes around the whole, zsh with some
// options takes :=name for the path of a program.
func quoteANSIC(value string) (string, bool) {
	var out strings.Builder
	out.WriteString("$'")
	for i := range len(value) {
		if value[i] != '=' && Safe(value[i:i+1]) {
			out.WriteByte(value[i])
		} else {
			fmt.Fprintf(&out, `\%03o`, value[i])
		}
	}
	out.WriteString("'")
	return out.String(), true
}
