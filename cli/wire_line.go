package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"fob/internal/command"
)

// processLine is the credential_process that makes SDKs run fob for a profile, in
// the form that fob answers fastest. botocore and Ruby split it into words
// themselves, the others hand it to sh -c or cmd /C: it holds only what all of them
// read alike. The error says what cannot be said so.
func processLine(program, profile, goos string) (string, error) {
	p, pquoted, err := configWord(program, goos)
	if err != nil {
		return "", fmt.Errorf("the path of fob %w", err)
	}
	n, nquoted, err := configWord(profile, goos)
	switch {
	case err != nil:
		return "", fmt.Errorf("its name %w", err)
	case strings.HasPrefix(profile, "-"):
		return "", errors.New("its name begins with -, as a flag does")
	case goos == "windows" && pquoted && nquoted:
		return "", errors.New("its name and the path of fob have blanks, and cmd.exe takes the wrong quotes away")
	}
	return p + " process -p " + n, nil
}

// The characters that mean nothing to any of the readers. Those in quotable may
// stand in double quotes: there cmd.exe expands %, and ends what it takes for a
// command at a parenthesis.
const (
	bareChars       = "_./:@+,-"
	bareUnix        = bareChars + "=%"
	bareWindows     = bareChars + `\~`
	quotable        = bareChars + " '="
	quotableUnix    = quotable + "%~()"
	quotableWindows = quotable + `\~`
)

func configWord(s, goos string) (word string, inQuotes bool, err error) {
	bare, inside := bareUnix, quotableUnix
	if goos == "windows" {
		bare, inside = bareWindows, quotableWindows
	}
	other := func(set string, letter func(rune) bool) string {
		for _, r := range s {
			if !letter(r) && !strings.ContainsRune(set, r) {
				return string(r)
			}
		}
		return ""
	}
	if s == "" {
		return "", false, errors.New("is empty")
	}
	if other(bare, isASCIIAlnum) == "" {
		return s, false, nil
	}
	if odd := other(inside, isAlnum); odd != "" {
		return "", false, fmt.Errorf("has the character %q, which SDKs do not all pass on as it is", odd)
	}
	return `"` + s + `"`, true, nil
}

func isASCIIAlnum(r rune) bool { return r < unicode.MaxASCII && isAlnum(r) }

func isAlnum(r rune) bool {
	return r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

// lookPath is where a program of a config file is.
func lookPath(program string, getenv func(string) string) (string, error) {
	return command.LookPath(program, getenv)
}

// ownPath is the whole path by which others call the fob that runs: where PATH has
// it, which usually is a link that stays when fob is upgraded, else where it lies.
// It is whole because programs that no shell started, such as an IDE, have another PATH.
func (a *app) ownPath(self string) string {
	if found, err := lookPath("fob", a.sys.Getenv); err == nil && sameFile(found, self) {
		return found
	}
	return self
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
