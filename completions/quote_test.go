package completions

import (
	"strings"
	"testing"
)

// FuzzQuote: each language reads the quoted text as what it was.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "plain", "it's", `\`, `\'`, `'\''`, "$(touch canary)", "`x`", "[a]:b", "''", "\n", `a\\b'c"d`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := unquoteSh(quoteSh(s)); !ok || got != s {
			t.Errorf("sh: %q is read as %q", quoteSh(s), got)
		}
		if got, ok := unquoteFish(quoteFish(s)); !ok || got != s {
			t.Errorf("fish: %q is read as %q", quoteFish(s), got)
		}
		spec := zshFlag(flag{Name: "--x", Help: s})
		inner, ok := unquoteSh(spec)
		if help, _ := strings.CutPrefix(inner, "(--x)--x["); !ok || unescapeZsh(help) != s {
			t.Errorf("zsh: %q shows %q", spec, unescapeZsh(help))
		}
	})
}

// unquoteSh reads single quotes and backslashes outside of them.
func unquoteSh(text string) (out string, ok bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case c == '\\' && !quoted && i+1 < len(text):
			i++
			out += text[i : i+1]
		case !quoted:
			return out, false
		default:
			out += text[i : i+1]
		}
	}
	return out, !quoted
}

// unquoteFish reads single quotes, in which a backslash takes the meaning of itself
// and of a quote.
func unquoteFish(text string) (out string, ok bool) {
	text, opened := strings.CutPrefix(text, "'")
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			return out, opened && i == len(text)-1
		case text[i] == '\\' && i+1 < len(text) && strings.ContainsAny(text[i+1:i+2], `\'`):
			i++
		}
		out += text[i : i+1]
	}
	return out, false
}

// unescapeZsh reads up to the ] that ends the help of a flag.
func unescapeZsh(text string) (out string) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == ']':
			return out
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		out += text[i : i+1]
	}
	return out + " without end"
}
