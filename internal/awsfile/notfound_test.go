package awsfile

import (
	"strings"
	"testing"
)

func TestNotFoundHint(t *testing.T) {
	tests := []struct {
		name, config, credentials string
		profile                   string
		words                     []string // nil for no hint
	}{
		{"no prefix in config", "\n[p]\n[profile q]", "", "p", []string{"config line 2", `"[p]"`, `"[profile p]"`}},
		{"prefix in credentials", "", "[profile p]", "p", []string{"credentials line 1", `"[profile p]"`, `"[p]"`}},
		{"blanks without quotes", "[profile my p]", "", "my p", []string{"config line 1", "quotes"}},
		{"no prefix and blanks", "['my p']", "", "my p", []string{"[profile 'my p']"}},
		{"an SSO session", "[sso-session p]", "", "p", []string{"not a profile"}},
		{"letter case", "[profile Prod]\n[profile prob]", "", "prod", []string{`"Prod"?`, "case"}},
		{"near", "[profile production]\n[profile staging]", "[productoin]", "prodution", []string{`"production"`}},
		{"three at most", "[profile aaa1]\n[profile aaa2]\n[profile aaa3]\n[profile aaa4]", "", "aaa", []string{`"aaa1" or "aaa2" or "aaa3"?`}},
		{"hostile name", "[profile \x1b[2Jevil]", "", "\x1b[2Jevi", []string{`"\x1b[2Jevil"`}},
		{"hostile header", "[\x1b[2J]", "", "\x1b[2J", []string{`\x1b`}},
		{"nothing near", "[profile a]\n[profile bcd]", "", "x", nil},
		{"too long to compare", "[profile " + strings.Repeat("a", 200) + "]", "", strings.Repeat("a", 199), nil},
		{"empty files", "", "", "x", []string{"no profiles"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			hint := read(t, test.config, test.credentials).NotFoundHint(test.profile)
			if (hint == "") != (test.words == nil) || strings.ContainsRune(hint, '\x1b') {
				t.Errorf("got %q", hint)
			}
			for _, words := range test.words {
				if !strings.Contains(hint, words) {
					t.Errorf("%q does not say %s", hint, words)
				}
			}
		})
	}
}

func TestNotFoundHintWithoutHome(t *testing.T) {
	files, err := Read(Paths{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if hint := files.NotFoundHint("p"); !strings.Contains(hint, "HOME") {
		t.Errorf("got %q", hint)
	}
}

func TestEditDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "ab", 2}, {"ab", "", 2}, {"kitten", "sitting", 3}, {"abc", "abc", 0}, {"ab", "ba", 2}} {
		if got := editDistance(test.a, test.b); got != test.want {
			t.Errorf("%q to %q: got %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
