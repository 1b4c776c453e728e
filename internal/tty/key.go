package tty

import "unicode/utf8"

// Key is one typed key: the character, a control character such as Ctrl-C as
// its number (3), or one of the constants.
type Key rune

// The keys that are no characters.
const (
	KeyUp Key = -1 - iota
	KeyDown
	KeyPageUp
	KeyPageDown
	KeyHome
	KeyEnd
	KeyDelete
	KeyEnter
	KeyBackspace
	KeyEscape
	// KeyResize is not typed: the terminal has another size now.
	KeyResize
	// KeyUnknown is a key that has no name here.
	KeyUnknown
)

// maxSequence is longer than what any key sends.
const maxSequence = 32

// parseKeys reads what a terminal sends, by the forms of ECMA-48 and xterm. rest
// is the beginning of a sequence whose end has not come yet; with final set there
// is none, and a lone ESC is the Escape key.
func parseKeys(typed []byte, final bool) (keys []Key, rest []byte) {
	for len(typed) > 0 {
		k, n := parseKey(typed)
		if n == 0 && !final && len(typed) < maxSequence {
			return keys, typed
		}
		if n == 0 {
			k, n = KeyUnknown, len(typed)
			if n == 1 && typed[0] == esc {
				k = KeyEscape
			}
		}
		keys, typed = append(keys, k), typed[n:]
	}
	return keys, nil
}

const esc = 0x1b

// parseKey reads one key; n is 0 when more has to come.
func parseKey(typed []byte) (k Key, n int) {
	switch b := typed[0]; {
	case b == esc:
		return parseEscape(typed)
	case b == '\r', b == '\n':
		return KeyEnter, 1
	case b == '\b', b == 0x7f:
		return KeyBackspace, 1
	case !utf8.FullRune(typed):
		return 0, 0
	}
	r, n := utf8.DecodeRune(typed)
	if r == utf8.RuneError && n == 1 {
		return KeyUnknown, 1
	}
	return Key(r), n
}

// parseEscape reads ESC [ … letter, ESC O letter, and Alt with another key.
func parseEscape(typed []byte) (Key, int) {
	if len(typed) < 2 {
		return 0, 0
	}
	switch typed[1] {
	case esc:
		return KeyEscape, 1
	case 'O':
		if len(typed) < 3 {
			return 0, 0
		}
		return named(nil, typed[2]), 3
	case '[':
		for i := 2; i < len(typed); i++ {
			if b := typed[i]; b >= 0x40 && b <= 0x7e {
				return named(typed[2:i], b), i + 1
			} else if b < 0x20 || b > 0x7e {
				return KeyUnknown, i
			}
		}
		return 0, 0
	}
	_, n := utf8.DecodeRune(typed[1:])
	return KeyUnknown, 1 + n
}

// named is the key of a sequence with its parameters; those that tell of Shift,
// Alt and Ctrl make no difference.
func named(parameters []byte, last byte) Key {
	switch last {
	case 'A':
		return KeyUp
	case 'B':
		return KeyDown
	case 'H':
		return KeyHome
	case 'F':
		return KeyEnd
	case 'M':
		if len(parameters) == 0 { // Enter of the keypad
			return KeyEnter
		}
	case '~':
		if len(parameters) > 0 && (len(parameters) == 1 || parameters[1] == ';') {
			return numbered(parameters[0])
		}
	}
	return KeyUnknown
}

func numbered(digit byte) Key {
	switch digit {
	case '1', '7':
		return KeyHome
	case '3':
		return KeyDelete
	case '4', '8':
		return KeyEnd
	case '5':
		return KeyPageUp
	case '6':
		return KeyPageDown
	}
	return KeyUnknown
}
