package display

import (
	"strings"
	"unicode/utf8"
)

// maxLine bounds a message that is made of several texts, in bytes.
const maxLine = 2000

// Line is [Text] for a whole message, which may be longer than one name in it.
func Line(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		out.WriteString(show(r, s[:size]))
		s = s[size:]
		if out.Len() > maxLine {
			return out.String() + ellipsis
		}
	}
	return out.String()
}
