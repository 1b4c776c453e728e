package desktop

import (
	"html"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	word := strings.Repeat("x", 60)
	for in, want := range map[string]string{
		"":                             "",
		"a\n\nb":                       "a\n\nb",
		word + " " + word:              word + "\n" + word,
		word + word + "\nb":            word + word[:10] + "\n" + word[10:] + "\nb",
		strings.Repeat("é", 70):        strings.Repeat("é", 70),
		strings.Repeat("é", 71):        strings.Repeat("é", 70) + "\né",
		"a " + strings.Repeat("b", 80): "a " + strings.Repeat("b", 68) + "\n" + strings.Repeat("b", 12),
	} {
		if got := wrap(in); got != want {
			t.Errorf("wrap(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add(hostile)
	f.Add(strings.Repeat("a b", 100))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		got := wrap(text)
		for line := range strings.SplitSeq(got, "\n") {
			if n := utf8.RuneCountInString(line); n > lineWidth {
				t.Errorf("a line of %d runes", n)
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "")
		if bare.Replace(got) != bare.Replace(text) {
			t.Errorf("wrap(%q) = %q", text, got)
		}
	})
}

// FuzzEntities: a reader of markup reads the text, and sees no markup.
func FuzzEntities(f *testing.F) {
	f.Add(hostile)
	f.Add("<qt>&lt;&#60;</qt>")
	f.Fuzz(func(t *testing.T, text string) {
		got := entities(text)
		if !utf8.ValidString(text) || strings.Contains(text, "\r") {
			return // display makes none, and the reader below has its own mind
		}
		if strings.ContainsAny(got, `<>"'\`) || html.UnescapeString(got) != text {
			t.Errorf("entities(%q) = %q", text, got)
		}
	})
}

// FuzzZenityLabel: zenity shows the text again, after g_strcompress and after the
// label's reading of underscores.
func FuzzZenityLabel(f *testing.F) {
	f.Add(hostile)
	f.Add(`\\n_\_a__b\101\`)
	f.Fuzz(func(t *testing.T, text string) {
		if got := shownByZenity(zenityLabel(text)); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
	})
}

// shownByZenity is what a label shows of the texts that zenityLabel makes: any
// other escape or mnemonic becomes a mark.
func shownByZenity(label string) string {
	var out []byte
	for i := 0; i < len(label); i++ {
		if label[i] != '\\' && label[i] != '_' {
			out = append(out, label[i])
			continue
		}
		if i+1 == len(label) || label[i+1] != label[i] {
			out = append(out, '!')
			continue
		}
		out = append(out, label[i])
		i++
	}
	return string(out)
}

func TestInUTF8(t *testing.T) {
	for _, tt := range []struct{ in, want []string }{
		{[]string{"LANG=de_DE.UTF-8", "A=b"}, []string{"LANG=de_DE.UTF-8", "A=b"}},
		{[]string{"LC_ALL=C.utf8", "LANG=C"}, []string{"LC_ALL=C.utf8", "LANG=C"}},
		{[]string{"LC_ALL=C", "LANG=de_DE.UTF-8"}, []string{"LANG=de_DE.UTF-8", "LC_CTYPE=C.UTF-8"}},
		{[]string{"LC_CTYPE=POSIX", "LANG=de_DE.UTF-8"}, []string{"LANG=de_DE.UTF-8", "LC_CTYPE=C.UTF-8"}},
		{nil, []string{"LC_CTYPE=C.UTF-8"}},
	} {
		if got := inUTF8(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
