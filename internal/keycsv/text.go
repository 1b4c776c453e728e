package keycsv

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// decode returns the text of the file as UTF-8 with every line end as LF. Without
// a byte order mark the bytes are taken as they are: a user name in an old
// Windows encoding is no reason to refuse a key.
func decode(raw []byte) (string, error) {
	var text string
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		text = string(raw[3:])
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		text = decodeUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		text = decodeUTF16(raw[2:], binary.BigEndian)
	default:
		text = string(raw)
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if before, _, found := strings.Cut(text, "\x00"); found {
		return "", &Error{1 + strings.Count(before, "\n"), BadEncoding}
	}
	return text, nil
}

// decodeUTF16 turns half a character at the end into NUL, which decode refuses.
func decodeUTF16(raw []byte, order binary.ByteOrder) string {
	if len(raw)%2 != 0 {
		raw = append(raw[:len(raw)-1:len(raw)-1], 0, 0)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}
