package tty

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestParseKeys(t *testing.T) {
	for _, tc := range []struct {
		name, typed string
		want        []Key
		rest        string
	}{
		{"characters", "aé東", []Key{'a', 'é', '東'}, ""},
		{"control characters", "\x03\x15\x00", []Key{3, 21, 0}, ""},
		{"enter", "\r\n", []Key{KeyEnter, KeyEnter}, ""},
		{"backspace", "\x7f\b", []Key{KeyBackspace, KeyBackspace}, ""},
		{"arrows", "\x1b[A\x1b[B\x1bOA\x1bOB\x1b[1;5A", []Key{KeyUp, KeyDown, KeyUp, KeyDown, KeyUp}, ""},
		{"pages", "\x1b[5~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[3~\x1b[5;2~", []Key{KeyPageUp, KeyPageDown, KeyHome, KeyEnd, KeyHome, KeyEnd, KeyDelete, KeyPageUp}, ""},
		{"function keys", "\x1b[15~\x1bOP\x1b[C", []Key{KeyUnknown, KeyUnknown, KeyUnknown}, ""},
		{"alt", "\x1bx\x1bé", []Key{KeyUnknown, KeyUnknown}, ""},
		{"escape twice", "\x1b\x1b", []Key{KeyEscape}, "\x1b"},
		{"half a sequence", "a\x1b[1;", []Key{'a'}, "\x1b[1;"},
		{"half a character", "a\xe6\x9d", []Key{'a'}, "\xe6\x9d"},
		{"not UTF-8", "\xffa", []Key{KeyUnknown, 'a'}, ""},
		{"broken sequence", "\x1b[\x01a", []Key{KeyUnknown, 1, 'a'}, ""},
	} {
		got, rest := parseKeys([]byte(tc.typed), false)
		if !slices.Equal(got, tc.want) || string(rest) != tc.rest {
			t.Errorf("%s: got %v, rest %q; want %v, %q", tc.name, got, rest, tc.want, tc.rest)
		}
	}
	if got, _ := parseKeys([]byte("a\x1b"), true); !slices.Equal(got, []Key{'a', KeyEscape}) {
		t.Errorf("a lone ESC is %v", got)
	}
}

func FuzzParseKeys(f *testing.F) {
	for _, seed := range []string{"", "a", "\x1b", "\x1b[A", "\x1bO", "\x1b[1;5~", "\xff\xfe", "東", "\x1b[\x1b["} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, typed []byte) {
		keys, rest := parseKeys(typed, false)
		if len(rest) >= maxSequence {
			t.Errorf("%q waits for more after %d bytes", typed, len(rest))
		}
		all, none := parseKeys(typed, true)
		if len(none) != 0 || len(all) < len(keys) || !slices.Equal(all[:len(keys)], keys) {
			t.Errorf("%q: %v, at the end %v, rest %q", typed, keys, all, none)
		}
		for _, k := range all {
			if k > utf8.MaxRune || k < KeyUnknown {
				t.Errorf("%q: key %d", typed, k)
			}
		}
	})
}
