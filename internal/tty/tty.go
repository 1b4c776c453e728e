// Package tty talks with the person at the terminal: on /dev/tty (CONIN$ and
// CONOUT$ on Windows), never on stdin, stdout or stderr, which belong to the
// program that started fob.
//
// A prompt ends by an answer, the end of its context, [Options].Limit, Ctrl-C,
// Ctrl-D, SIGINT, SIGTERM, SIGHUP, SIGQUIT, or the death of the process that
// started fob. However it ends, the terminal is as it was before, nothing keeps
// reading, and half an answer is thrown away rather than left to the shell.
//
// Texts are written as they are: whoever puts foreign text (a serial, a profile
// name) into a prompt makes it safe to display first.
package tty

import (
	"context"
	"errors"
	"os/signal"
	"time"

	"fob/internal/secret"
)

var (
	// ErrNoTerminal says that nobody can be asked: there is no terminal, or fob
	// runs in its background.
	ErrNoTerminal = errors.New("no terminal")
	// ErrCancelled says that the person, a signal or the death of the parent
	// process ended the prompt.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout says that no answer came in time.
	ErrTimeout = errors.New("no answer in time")
	// ErrBadAnswer says that five answers in a row made no sense.
	ErrBadAnswer = errors.New("no usable answer")
	// ErrPlain says that the terminal takes text and nothing that moves the cursor.
	ErrPlain = errors.New("a terminal for text only")
	// ErrTooLong says that a line was longer than the terminal's 4096 bytes.
	ErrTooLong = errors.New("the line is too long")
)

const (
	// tries is how many malformed answers are taken before giving up.
	tries = 5
	// maxLine is the most that a terminal hands over as one line, with its end.
	maxLine = 4096
	// tick is how often a waiting prompt looks whether it should end.
	tick = 50 * time.Millisecond
)

// Options for Open. The zero value is good.
type Options struct {
	// Limit is the longest wait for one answer; 0 means 5 minutes. The context
	// of a prompt can end it sooner.
	Limit time.Duration
}

// Terminal is the open terminal. It is for one goroutine at a time.
type Terminal struct {
	device *device
	limit  time.Duration
}

// Open opens the terminal. It fails at once with ErrNoTerminal if there is none
// or if fob is not in its foreground, where asking would stop the process.
func Open(opts Options) (*Terminal, error) {
	d, err := openDevice()
	if err != nil {
		return nil, err
	}
	limit := opts.Limit
	if limit == 0 {
		limit = 5 * time.Minute
	}
	return &Terminal{d, limit}, nil
}

// Close closes the terminal.
func (t *Terminal) Close() error { return t.device.close() }

// Print writes text and a line end to the terminal. It gives up after two
// seconds, as a terminal that was stopped by Ctrl-S takes no text.
func (t *Terminal) Print(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return t.device.write(ctx, text+"\n")
}

// Line shows prompt and returns the line that is typed, without its end.
// Errors: ErrNoTerminal, ErrCancelled, ErrTimeout, ErrTooLong.
func (t *Terminal) Line(ctx context.Context, prompt string) (string, error) {
	return t.ask(ctx, prompt, true)
}

// Secret is Line for what nobody must see: nothing typed is echoed.
func (t *Terminal) Secret(ctx context.Context, prompt string) (secret.Text, error) {
	line, err := t.ask(ctx, prompt, false)
	return secret.New(line), err
}

// ask catches the signals that would end the process, as they would leave the
// terminal without echo.
func (t *Terminal) ask(ctx context.Context, prompt string, echo bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, endSignals()...)
	defer stop()
	return t.device.ask(ctx, prompt, echo)
}

// ended translates the end of a prompt's context.
func ended(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return ErrTimeout
	default:
		return ErrCancelled
	}
}
