package shell

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// fuzzQuoter checks that what a quoter lets pass has the form that the shell's
// manual gives for one literal word, and reads back as the value.
func fuzzQuoter(f *testing.F, quote func(string) (string, bool), form string, read func(word string) string) {
	whole := regexp.MustCompile(`^(?s:` + form + `)$`)
	for _, seed := range []string{"", "wJalr/K7+=_-", "it's", `\'`, `a\`, "$(touch x)", "`x`", "a\nb", "\r", "!x", "*", "é7", "\xff7", "\x017",
		"'; touch x; '", "\u2019", "\u2028", "🔑", "%TEMP%", `"`, "a b", "\x7f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		word, ok := quote(value)
		if !ok {
			// cmd refuses "%" and what is long, dotenv a path of zsh.
			zsh := strings.HasPrefix(value, "=") || strings.Contains(value, ":=")
			if value != "" && Safe(value) && len(value) < 8000 && !strings.Contains(value, "%") && !zsh {
				t.Errorf("%q is refused", value)
			}
			return
		}
		if !whole.MatchString(word) {
			t.Fatalf("%q became %q", value, word)
		}
		if got := read(word); got != value {
			t.Errorf("%q became %q, which reads %q", value, word, got)
		}
	})
}

// inner takes the quotes away.
func inner(word string) string { return word[1 : len(word)-1] }

func FuzzQuoteANSIC(f *testing.F) {
	octal := regexp.MustCompile(`\\[0-7]{3}`)
	fuzzQuoter(f, quoteANSIC, `\$'([A-Za-z0-9_./+:,@%-]|\\[0-3][0-7]{2})*'`, func(word string) string {
		return octal.ReplaceAllStringFunc(inner(word[1:]), func(escape string) string {
			n, _ := strconv.ParseUint(escape[1:], 8, 8)
			return string([]byte{byte(n)})
		})
	})
}

func FuzzQuoteSingle(f *testing.F) {
	fuzzQuoter(f, quoteSingle, `'[^']*'(\\''[^']*')*`, func(word string) string {
		return strings.ReplaceAll(inner(word), `'\''`, `'`)
	})
}

func FuzzQuoteFish(f *testing.F) {
	fuzzQuoter(f, quoteFish, `'([^'\\]|\\['\\])*'`, func(word string) string {
		return strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(inner(word))
	})
}

func FuzzQuoteTcsh(f *testing.F) {
	fuzzQuoter(f, quoteTcsh, `'[^'\\!\r\n]*'(\\['\\!]'[^'\\!\r\n]*')*`, func(word string) string {
		return strings.NewReplacer(`'\''`, `'`, `'\\'`, `\`, `'\!'`, `!`).Replace(inner(word))
	})
}

func FuzzQuoteElvish(f *testing.F) {
	fuzzQuoter(f, quoteElvish, `'([^']|'')*'`, func(word string) string {
		return strings.ReplaceAll(inner(word), `''`, `'`)
	})
}

// Go reads the few escapes that are used as Python does, but for \xNN, which is a
// byte in Go.
func FuzzQuotePython(f *testing.F) {
	fuzzQuoter(f, quotePython, `"([A-Za-z0-9_./+=:,@%-]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"`, func(word string) string {
		text, err := strconv.Unquote(strings.ReplaceAll(word, `\x`, `\u00`))
		if err != nil {
			return err.Error()
		}
		return text
	})
}

func FuzzQuotePwsh(f *testing.F) {
	unit := regexp.MustCompile(`^',\[char\](\d+),'`)
	const run = `'([ -&(-~]|'')*'`
	fuzzQuoter(f, quotePwsh, run+`|-join \(`+run+`(,\[char\]\d{1,5},`+run+`)+\)`, func(word string) string {
		if joined, isJoin := strings.CutPrefix(word, "-join "); isJoin {
			word = inner(joined)
		}
		var units []uint16
		for word = inner(word); word != ""; {
			size := 1
			one := uint16(word[0])
			if m := unit.FindStringSubmatch(word); m != nil {
				n, _ := strconv.ParseUint(m[1], 10, 16)
				size, one = len(m[0]), uint16(n)
			} else if strings.HasPrefix(word, "''") {
				size = 2
			}
			units = append(units, one)
			word = word[size:]
		}
		return string(utf16.Decode(units))
	})
}

func FuzzQuoteCmd(f *testing.F) {
	fuzzQuoter(f, quoteCmd, `[ #$'-;=?-\]_-{}~]*`, func(word string) string { return word })
}

func FuzzQuoteDotenv(f *testing.F) {
	fuzzQuoter(f, quoteDotenv, `[A-Za-z0-9_./+=:,@%-]*`, func(word string) string { return word })
}

// FuzzExport goes through all shells and formats with any name and value.
func FuzzExport(f *testing.F) {
	f.Add("AWS_REGION", "eu-west-1", false)
	f.Add("A;touch x", "1", false)
	f.Add("A", "\x00", false)
	f.Add("A", "a\nb", true)
	f.Fuzz(func(t *testing.T, name, value string, unset bool) {
		vars := []Var{{Name: name, Value: value, Unset: unset}}
		for _, s := range append(All(), Formats(nil)...) {
			text, err := s.Export(vars)
			if err != nil {
				if text != "" || len(value) > 20 && !strings.Contains(name, value) && strings.Contains(err.Error(), value) {
					t.Errorf("%s: %q, %v", s.Name(), text, err)
				}
				continue
			}
			if !validName(name) || !unset && strings.Contains(value, "\x00") {
				t.Errorf("%s takes %q, %q", s.Name(), name, value)
			}
			if _, ok := s.(object); ok {
				checkObject(t, text, vars[0])
			}
		}
	})
}

func checkObject(t *testing.T, text string, v Var) {
	t.Helper()
	var got map[string]*string
	if err := json.Unmarshal([]byte(text), &got); err != nil || strings.Count(text, "\n") != 1 || len(got) != 1 {
		t.Fatalf("%q: %v", text, err)
	}
	switch value := got[v.Name]; {
	case v.Unset && value != nil, !v.Unset && (value == nil || *value != v.Value || !utf8.ValidString(v.Value)):
		t.Errorf("%+v became %q", v, text)
	}
}
