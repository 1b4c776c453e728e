package cli

import (
	"context"
	"errors"

	"fob/internal/tty"
	"fob/resolve"
)

// ask opens the terminal for one dialogue with a person.
func (a *app) ask(dialogue func(*tty.Terminal) error) error {
	if a.noInput() {
		return &resolve.PersonError{Reason: a.whyNoInput()}
	}
	t, err := tty.Open(tty.Options{})
	if err != nil {
		return &resolve.PersonError{Reason: "no terminal is here to ask on"}
	}
	defer func() { _ = t.Close() }()
	err = dialogue(t)
	a.declined = a.serving && (errors.Is(err, tty.ErrCancelled) || errors.Is(err, tty.ErrTimeout))
	switch {
	case errors.Is(err, tty.ErrCancelled):
		return resolve.ErrCancelled
	case errors.Is(err, tty.ErrNoTerminal):
		return &resolve.PersonError{Reason: "fob runs in the terminal's background"}
	case errors.Is(err, tty.ErrTimeout):
		return &resolve.PersonError{Reason: "nobody answered in time"}
	}
	return err
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
