package display_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fob/internal/display"
)

func TestText(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "prod-admin_2 (eu) @x", "prod-admin_2 (eu) @x"},
		{"backslash", `C:\Users\ann\x1b`, `C:\Users\ann\x1b`},
		{"letters of the world", "Zoë 東京 Ελλάδα עברית e\u0301", "Zoë 東京 Ελλάδα עברית e\u0301"},
		{"wide blank", "a\u3000b\u00a0c", "a\u3000b\u00a0c"},
		{"emoji", "🔑", "🔑"},
		{"colour", "\x1b[31mred", `\x1b[31mred`},
		{"clipboard", "\x1b]52;c;Zm9v\a", `\x1b]52;c;Zm9v\x07`},
		{"line ends", "a\r\nb\tc", `a\x0d\x0ab\x09c`},
		{"NUL and DEL", "\x00\x7f", `\x00\x7f`},
		{"C1", "\u0085\u009b31m", `\u{85}\u{9b}31m`},
		{"raw C1 byte", "\x9b31m", `\x9b31m`},
		{"not UTF-8", "a\xffb\xe2\x82", `a\xffb\xe2\x82`},
		{"surrogate in UTF-8", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"overlong", "\xc0\x9b", `\xc0\x9b`},
		{"replacement character", "\ufffd", "\ufffd"},
		{"separators", "\u2028\u2029", `\u{2028}\u{2029}`},
		{"bidi", "\u202eabc\u202c\u2066\u2069\u200f\u061c", `\u{202e}abc\u{202c}\u{2066}\u{2069}\u{200f}\u{61c}`},
		{"zero width", "a\u200b\u200c\u200d\u2060\ufeff\u00ad", `a\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}`},
		{"fillers", "\u115f\u3164\uffa0\u034f", `\u{115f}\u{3164}\u{ffa0}\u{34f}`},
		{"tags", "\U000e0041\ufe0f\U000e0101", `\u{e0041}\u{fe0f}\u{e0101}`},
		{"private use", "\ue000", `\u{e000}`},
		{"256 runes", strings.Repeat("é", 256), strings.Repeat("é", 256)},
		{"257 runes", strings.Repeat("é", 257), strings.Repeat("é", 255) + "…"},
		{"escapes fit", strings.Repeat("\x1b", 64), strings.Repeat(`\x1b`, 64)},
		{"escapes are not split", strings.Repeat("\x1b", 65), strings.Repeat(`\x1b`, 63) + "…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := display.Text(tc.in); got != tc.want {
				t.Errorf("Text(%q)\n got %q\nwant %q", tc.in, got, tc.want)
			}
		})
	}
}

// TestTextLeavesNoControl goes through every rune, which no fuzzing would.
func TestTextLeavesNoControl(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if got := display.Text(string(r)); harmful(got) {
			t.Errorf("Text(%U) = %q", r, got)
		}
	}
}

func TestShellWord(t *testing.T) {
	for _, tc := range []struct {
		in, want string
		ok       bool
	}{
		{"prod", "prod", true},
		{"team/prod.eu-1:x@y%z,+", "team/prod.eu-1:x@y%z,+", true},
		{"", "''", true},
		{"two words", "'two words'", true},
		{"it's", `'it'\''s'`, true},
		{"$(touch x)", "'$(touch x)'", true},
		{"`id`;*?[a]{b,c}!!#", "'`id`;*?[a]{b,c}!!#'", true},
		{"=ls", "'=ls'", true},
		{"a=b", "'a=b'", true},
		{"~root", "'~root'", true},
		{`back\slash`, `'back\slash'`, true},
		{"Zoë", "'Zoë'", true},
		{"--all", "", false},
		{"-", "", false},
		{"a\nb", "", false},
		{"a\x1b[0m", "", false},
		{"a\u200bb", "", false},
		{"a\u202eb", "", false},
		{"a\xff", "", false},
		{strings.Repeat("a", 257), "", false},
	} {
		if got, ok := display.ShellWord(tc.in); got != tc.want || ok != tc.ok {
			t.Errorf("ShellWord(%q) = %q, %v; want %q, %v", tc.in, got, ok, tc.want, tc.ok)
		}
	}
}

// seeds are shared by both fuzz targets.
func seeds(f *testing.F) {
	for _, s := range []string{"", "prod", "\x1b[2J", "a\u202eb", "\xff\xfe", "it's", `\u{85}`, "-x", "=a",
		strings.Repeat("\x00", 100), strings.Repeat("…", 257)} {
		f.Add(s)
	}
}

func FuzzText(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := display.Text(s)
		if harmful(got) {
			t.Errorf("Text(%q) = %q", s, got)
		}
		if n := utf8.RuneCountInString(got); n > display.MaxRunes {
			t.Errorf("Text(%q) has %d runes", s, n)
		}
		if again := display.Text(got); again != got {
			t.Errorf("Text is not idempotent on %q: %q, %q", s, got, again)
		}
	})
}

func FuzzShellWord(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		word, ok := display.ShellWord(s)
		if !ok {
			if word != "" {
				t.Errorf("ShellWord(%q) refuses, yet returns %q", s, word)
			}
			return
		}
		if harmful(word) {
			t.Errorf("ShellWord(%q) = %q", s, word)
		}
		if back, ok := unquote(word); !ok || back != s {
			t.Errorf("ShellWord(%q) = %q, which a shell reads as %q", s, word, back)
		}
	})
}

// harmful says whether s could drive a terminal or hide something.
func harmful(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	for _, r := range s {
		switch {
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
			r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff:
			return true
		}
	}
	return false
}

// unquote reads one word as a POSIX shell does; ok is false if the shell would
// see more than one plain word.
func unquote(word string) (text string, ok bool) {
	quoted := false
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
			text += word[i : i+1]
		case c == '\\' && i+1 < len(word):
			i++
			text += word[i : i+1]
		case strings.ContainsRune("\\ \t\n|&;<>()$`\"*?[#~=!{}^", rune(c)):
			return text, false
		default:
			text += word[i : i+1]
		}
	}
	return text, !quoted
}
