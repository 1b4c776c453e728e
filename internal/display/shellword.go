package display

import "strings"

// bare are the characters that no POSIX shell gives a meaning to, wherever they
// stand in an argument. "=" and "~" are absent: zsh and others expand them at the
// beginning of a word.
const bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,-"

// ShellWord quotes s as one argument of a command line that a person pastes into
// a POSIX shell: a harmless word stays bare, anything else is put in single
// quotes, so is the empty text. ok is false, and the word empty, if s cannot
// be shown as it is: [Text] would change it, or it begins with "-" and would be
// taken for a flag whatever the quotes. Such a name must not be put in a command.
func ShellWord(s string) (word string, ok bool) {
	switch {
	case Text(s) != s, strings.HasPrefix(s, "-"):
		return "", false
	case s != "" && strings.Trim(s, bare) == "":
		return s, true
	default:
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", true
	}
}
