package desktop

import (
	"fmt"
	"slices"
	"strings"
)

// lineWidth is how long a line may get, in runes. No toolkit breaks the line of a
// long name everywhere; some make the window wider than the screen instead.
const lineWidth = 70

// wrap breaks lines that are too long: after a blank if there is one, else
// anywhere.
func wrap(text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		rest := []rune(line)
		for len(rest) > lineWidth {
			cut := lineWidth
			for i := lineWidth; i > lineWidth/2; i-- {
				if rest[i-1] == ' ' {
					cut = i
					break
				}
			}
			out = append(out, strings.TrimSuffix(string(rest[:cut]), " "))
			rest = rest[cut:]
		}
		out = append(out, string(rest))
	}
	return strings.Join(out, "\n")
}

// entities writes every character that could mean something to a markup reader, or
// to a reader of backslashes before it, as a number.
func entities(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch r {
		case '<', '>', '&', '"', '\'', '\\':
			fmt.Fprintf(&out, "&#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// inUTF8 is an environment whose character set holds every text. In another one
// zenity refuses its arguments, and both programs write a question mark for a
// letter that they do not know: another passphrase than the one that was typed.
func inUTF8(env []string) []string {
	value := func(name string) string {
		for _, pair := range slices.Backward(env) {
			if v, ok := strings.CutPrefix(pair, name+"="); ok {
				return v
			}
		}
		return ""
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		set := strings.ToUpper(value(name))
		if strings.Contains(set, "UTF-8") || strings.Contains(set, "UTF8") {
			return env
		}
		if set != "" {
			break
		}
	}
	env = slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		return strings.HasPrefix(pair, "LC_ALL=") || strings.HasPrefix(pair, "LC_CTYPE=")
	})
	return append(env, "LC_CTYPE=C.UTF-8")
}
