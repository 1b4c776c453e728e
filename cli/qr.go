package cli

import (
	"strings"

	"rsc.io/qr"
)

// qrMargin is the light frame around a code, in modules. Four are asked for;
// scanners do with two, and terminals are small.
const qrMargin = 2

// maxQR is the widest code in modules that a terminal of 80 columns shows.
const maxQR = 72

// qrCode draws a text as a QR code of half blocks, for a terminal with light
// letters on dark; scanners read the reverse too. "" when the text is too long.
func qrCode(text string) string {
	code, err := qr.Encode(text, qr.L)
	if err != nil || code.Size > maxQR {
		return ""
	}
	light := func(x, y int) bool { return !code.Black(x, y) } // also outside
	var b strings.Builder
	for y := -qrMargin; y < code.Size+qrMargin; y += 2 {
		b.WriteString("  ")
		for x := -qrMargin; x < code.Size+qrMargin; x++ {
			upper, lower := light(x, y), y+1 < code.Size+qrMargin && light(x, y+1)
			switch {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
