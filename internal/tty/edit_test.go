package tty

import (
	"errors"
	"strings"
	"testing"
)

func TestEditor(t *testing.T) {
	tests := []struct {
		typed, line, shown string
		err                error
	}{
		{"123456\r", "123456", "123456\r\n", nil},
		{"12\b3\r", "13", "12\b \b3\r\n", nil},
		{"\b\x7fé\x7f\r", "", "é\b \b\r\n", nil},
		{"a\x00\x1b\tb\n", "ab", "ab\r\n", nil},
		{"12\x03", "12", "12\r\n", ErrCancelled},
		{"\x04", "", "\r\n", ErrCancelled},
		{"\x1a", "", "\r\n", ErrCancelled},
		{strings.Repeat("x", 5000) + "\r", strings.Repeat("x", 4096), strings.Repeat("x", 4096) + "\r\n", ErrTooLong},
	}
	for _, tt := range tests {
		for _, echo := range []bool{true, false} {
			e := editor{echo: echo}
			var shown strings.Builder
			for _, r := range tt.typed {
				if e.done {
					t.Errorf("%.20q: done before %q", tt.typed, r)
				}
				shown.WriteString(e.key(r))
			}
			if !e.done || string(e.line) != tt.line || !errors.Is(e.err, tt.err) {
				t.Errorf("%.20q: done %v, line %.20q, error %v", tt.typed, e.done, string(e.line), e.err)
			}
			want := "\r\n"
			if echo {
				want = tt.shown
			}
			if shown.String() != want {
				t.Errorf("%.20q: shown %.20q, want %.20q", tt.typed, shown.String(), want)
			}
		}
	}
}
