package cli

import (
	"context"
	"errors"
	"fmt"

	"fob/internal/desktop"
	"fob/internal/secret"
	"fob/internal/tty"
	"fob/resolve"
)

// dialogue is how a person is asked short questions: on the terminal, or in windows
// of the desktop.
type dialogue interface {
	// Print says something before the next question.
	Print(text string) error
	// Code asks for the MFA code of a serial, which is safe to display.
	Code(ctx context.Context, serial string) (string, error)
	Secret(ctx context.Context, prompt string) (secret.Text, error)
	// Confirm asks a question that only yes answers.
	Confirm(ctx context.Context, question string) (bool, error)
}

// onTerminal is the dialogue on the terminal.
type onTerminal struct{ *tty.Terminal }

func (t onTerminal) Code(ctx context.Context, serial string) (string, error) {
	return tty.MFACode(ctx, t.Terminal, serial, nil)
}

func (t onTerminal) Confirm(ctx context.Context, question string) (bool, error) {
	return t.Terminal.Confirm(ctx, question, false)
}

// wanted is what a person is asked for.
type wanted struct {
	what    string // "an MFA code of arn:…", "" for a yes
	profile string // whose credentials it is for, "" when that is not known
}

// converse asks on the terminal, and in windows where that is not to be had and a
// display is.
func (a *app) converse(ctx context.Context, n wanted, hold func(dialogue) error) error {
	if a.noInput() {
		return &resolve.PersonError{Need: n.what, Reason: a.whyNoInput()}
	}
	place, err := a.promptPlace()
	if err != nil {
		return err
	}
	err = errNoDisplay
	if place != placeDesktop {
		err = a.withTerminal(func(t *tty.Terminal) error {
			defer a.tellWhoWaits(ctx, t, n)()
			return hold(onTerminal{t})
		})
	}
	if place == placeDesktop || place == "" && errors.Is(err, tty.ErrNoTerminal) {
		if w, no := a.openWindow(n); no == nil {
			err = hold(w)
		}
	}
	return needing(a.spoken(err), n.what)
}

// ask opens the terminal for one dialogue that no window can hold.
func (a *app) ask(hold func(*tty.Terminal) error) error {
	if a.noInput() {
		return &resolve.PersonError{Reason: a.whyNoInput()}
	}
	return a.spoken(a.withTerminal(hold))
}

var (
	// errNoTerminal: there is no terminal at all, or fob is in its background.
	errNoTerminal = errors.New("no terminal is here to ask on")
	// errNoDisplay: FOB_ASK wants a window.
	errNoDisplay = errors.New("no display is here for the window that FOB_ASK wants")
)

func (a *app) withTerminal(hold func(*tty.Terminal) error) error {
	t, err := tty.Open(tty.Options{})
	if err != nil {
		return fmt.Errorf("%w: %w", errNoTerminal, err)
	}
	defer func() { _ = t.Close() }()
	return hold(t)
}

// spoken says how a dialogue ended. Whoever declines a question while a command runs
// is left alone.
func (a *app) spoken(err error) error {
	var unable *desktop.UnableError
	cancelled := errors.Is(err, tty.ErrCancelled) || errors.Is(err, desktop.ErrCancelled)
	late := errors.Is(err, tty.ErrTimeout) || errors.Is(err, desktop.ErrTimeout)
	a.declined = a.serving && (cancelled || late)
	switch {
	case cancelled:
		return resolve.ErrCancelled
	case late:
		return &resolve.PersonError{Reason: "nobody answered in time"}
	case errors.As(err, &unable):
		return &resolve.PersonError{Reason: "no window can be shown: " + unable.Reason}
	case errors.Is(err, errNoTerminal):
		return &resolve.PersonError{Reason: errNoTerminal.Error()}
	case errors.Is(err, errNoDisplay):
		return &resolve.PersonError{Reason: errNoDisplay.Error()}
	case errors.Is(err, tty.ErrNoTerminal):
		return &resolve.PersonError{Reason: "fob runs in the terminal's background"}
	}
	return err
}

// The places that FOB_ASK can name.
const (
	placeTerminal = "terminal"
	placeDesktop  = "desktop"
)

// promptPlace is the only place where a person may be asked; "" without FOB_ASK:
// the terminal, and the desktop where none is.
func (a *app) promptPlace() (string, error) {
	switch set := a.env("FOB_ASK"); set {
	case "", placeTerminal, placeDesktop:
		return set, nil
	default:
		return "", &failure{code: exitConfig, what: fmt.Sprintf("FOB_ASK is %q", set), why: "it is terminal or desktop", next: "unset FOB_ASK"}
	}
}

func (a *app) whyNoInput() string {
	switch {
	case a.g.NoInput:
		return "--no-input forbids asking"
	case a.declined:
		return "the last question was declined, so the command is not disturbed again"
	case a.env("FOB_NO_INPUT") != "":
		return "FOB_NO_INPUT forbids asking"
	}
	return "CI is set, so nobody is asked"
}

// confirm asks a question that only yes answers.
func (a *app) confirm(ctx context.Context, question string) (bool, error) {
	var yes bool
	err := a.converse(ctx, wanted{}, func(d dialogue) (err error) {
		yes, err = d.Confirm(ctx, question)
		return err
	})
	return yes, err
}

// offer is confirm for what a command can do without: it asks on the terminal alone,
// as a window would hold up what has done its work.
func (a *app) offer(ctx context.Context, question string) (bool, error) {
	var yes bool
	err := a.ask(func(t *tty.Terminal) (err error) {
		yes, err = t.Confirm(ctx, question, false)
		return err
	})
	return yes, err
}

// nobody says whether a question failed because nobody is there to answer it.
func nobody(err error) bool {
	var p *resolve.PersonError
	return errors.As(err, &p)
}

// needing names what a person is needed for.
func needing(err error, need string) error {
	var p *resolve.PersonError
	if errors.As(err, &p) && p.Need == "" {
		return &resolve.PersonError{Need: need, Reason: p.Reason}
	}
	return err
}
