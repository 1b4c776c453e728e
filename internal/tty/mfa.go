package tty

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrBadCode says that five answers in a row were no MFA code.
var ErrBadCode = errors.New("no MFA code was given")

// MFACode asks for the current code of the MFA device serial, which must be
// safe to display. Blanks around the answer are ignored; an answer that is not
// six digits is explained and asked again. The explanation goes to say; nil
// means the terminal.
//
// Errors: ErrCancelled (also for the answer q), ErrTimeout, ErrNoTerminal, and
// ErrBadCode after five malformed answers.
func MFACode(ctx context.Context, t *Terminal, serial string, say func(string)) (string, error) {
	return askCode(ctx, t, fmt.Sprintf("Enter your MFA code for %s (or 'q' to abort): ", serial), "", say)
}

// NextMFACode asks for the code that follows previous, as AWS wants two codes
// in a row to enable a device. Answers and errors are those of MFACode; the
// previous code again is a malformed answer.
func NextMFACode(ctx context.Context, t *Terminal, previous string, say func(string)) (string, error) {
	return askCode(ctx, t, "Enter the next value: ", previous, say)
}

func askCode(ctx context.Context, t *Terminal, prompt, previous string, say func(string)) (string, error) {
	if say == nil {
		say = func(line string) { _ = t.Print(line) }
	}
	for range tries {
		line, err := t.Line(ctx, prompt)
		if err != nil && !errors.Is(err, ErrTooLong) {
			return "", err
		}
		code := strings.TrimSpace(line)
		switch {
		case strings.EqualFold(code, "q"):
			return "", ErrCancelled
		case !sixDigits(code):
			say("An MFA code has exactly six digits.")
		case code == previous:
			say("That is the same code: wait for the next one.")
		default:
			return code, nil
		}
	}
	return "", ErrBadCode
}

func sixDigits(s string) bool {
	return len(s) == 6 && strings.Trim(s, "0123456789") == ""
}
