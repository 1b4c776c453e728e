// Package display makes foreign text fit to be seen. Names, serials, ARNs and
// messages come from config files, CSV files, AWS and repositories; they may
// hold escape sequences that drive a terminal, or invisible characters that make
// one name look like another. Everything that fob did not write itself passes
// [Text] on its way to a terminal, and [ShellWord] on its way into a command
// that a person is asked to type.
package display

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is the longest text that [Text] returns, in runes.
const MaxRunes = 256

// ellipsis stands for what was cut off.
const ellipsis = "…"

// Text returns s as it may be printed on a terminal, in one line of at most
// [MaxRunes] runes. Characters that can be seen stay as they are. A byte that is
// not UTF-8, a C0 control or DEL becomes \xNN; any other rune that moves the
// cursor or cannot be seen (C1 controls, line and paragraph separators, bidi
// controls, zero-width characters, variation selectors, private and unassigned
// code points) becomes \u{N}, both in lower-case hexadecimal. A longer text ends
// in "…", never in the middle of an escape.
//
// A backslash is not escaped, so that plain text is unchanged and Text(Text(s))
// is Text(s); the price is that the text cannot be turned back into s.
func Text(s string) string {
	var out strings.Builder
	runes, cut := 0, 0 // cut: bytes of out that leave room for the ellipsis
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		shown := show(r, s[:size])
		s = s[size:]
		runes += utf8.RuneCountInString(shown)
		if runes > MaxRunes {
			return out.String()[:cut] + ellipsis
		}
		out.WriteString(shown)
		if runes < MaxRunes {
			cut = out.Len()
		}
	}
	return out.String()
}

// show returns the visible form of one rune; raw is its encoding.
func show(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1, r < ' ', r == 0x7f:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case visible(r):
		return raw
	default:
		return fmt.Sprintf(`\u{%x}`, r)
	}
}

// visible says whether a person sees r for what it is. The two properties are
// graphic characters by category that nevertheless draw nothing, such as the
// Hangul fillers.
func visible(r rune) bool {
	return unicode.IsGraphic(r) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
