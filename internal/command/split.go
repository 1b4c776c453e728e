package command

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// ErrSplit says that a command line has no end: a quote is not closed, or
// nothing follows the last backslash.
var ErrSplit = errors.New("cannot split the command into words")

// Split splits a command line of a config file into words, as botocore does for
// credential_process (compat_shell_split). No shell is involved: nothing is
// expanded, and | or > are words like others.
//
// On Unix, single quotes take everything as it is; in double quotes a backslash
// escapes a double quote or a backslash and else stands for itself; outside of
// quotes a backslash takes away the meaning of the next character. On Windows
// only double quotes quote, and backslashes escape only in front of one.
//
// Errors: ErrSplit. The line is not part of it, as it may hold a secret.
func Split(line string) ([]string, error) {
	if runtime.GOOS == "windows" {
		return split(line, " \t", windowsWord)
	}
	return split(line, posixBlanks, posixWord)
}

const posixBlanks = " \t\r\n"

// split cuts words off until nothing is left. word is given a text that does
// not start with a blank, and returns the first word and the rest.
func split(line, blanks string, word func(string) (string, string, error)) ([]string, error) {
	var words []string
	for {
		line = strings.TrimLeft(line, blanks)
		if line == "" {
			return words, nil
		}
		first, rest, err := word(line)
		if err != nil {
			return nil, err
		}
		words, line = append(words, first), rest
	}
}

func posixWord(s string) (word, rest string, err error) {
	var b strings.Builder
	for s != "" && strings.IndexByte(posixBlanks, s[0]) < 0 {
		var part string
		switch s[0] {
		case '\'':
			var closed bool
			if part, s, closed = strings.Cut(s[1:], "'"); !closed {
				return "", "", fmt.Errorf("%w: no closing quote", ErrSplit)
			}
		case '"':
			if part, s, err = doubleQuoted(s[1:]); err != nil {
				return "", "", err
			}
		case '\\':
			if len(s) == 1 {
				return "", "", fmt.Errorf("%w: nothing after the last backslash", ErrSplit)
			}
			part, s = s[1:2], s[2:]
		default:
			part, s = s[:1], s[1:]
		}
		b.WriteString(part)
	}
	return b.String(), s, nil
}

// doubleQuoted takes the text up to the closing quote.
func doubleQuoted(s string) (text, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexAny(s, `"\`)
		if i < 0 || s[i] == '\\' && i+1 == len(s) {
			return "", "", fmt.Errorf("%w: no closing quote", ErrSplit)
		}
		b.WriteString(s[:i])
		if s[i] == '"' {
			return b.String(), s[i+1:], nil
		}
		if next := s[i+1]; next != '"' && next != '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i+1])
		s = s[i+2:]
	}
}

func windowsWord(s string) (word, rest string, err error) {
	var b strings.Builder
	quoted := false
	for s != "" && (quoted || s[0] != ' ' && s[0] != '\t') {
		slashes := len(s) - len(strings.TrimLeft(s, `\`))
		beforeQuote := strings.HasPrefix(s[slashes:], `"`)
		switch {
		case slashes > 0 && !beforeQuote:
			b.WriteString(s[:slashes])
			s = s[slashes:]
		case slashes > 0: // they escape each other, and the odd one the quote
			b.WriteString(s[:slashes/2])
			s = s[slashes:]
			if slashes%2 == 1 {
				b.WriteByte('"')
				s = s[1:]
			}
		case beforeQuote:
			quoted = !quoted
			s = s[1:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	if quoted {
		return "", "", fmt.Errorf("%w: no closing quote", ErrSplit)
	}
	return b.String(), s, nil
}
