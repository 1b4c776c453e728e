package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"fob/internal/desktop"
	"fob/internal/display"
	"fob/internal/parents"
	"fob/internal/secret"
	"fob/internal/tty"
	"fob/resolve"
)

// windowTitle is the title of fob's windows and notifications.
const windowTitle = "fob"

// window is the dialogue in windows of the desktop.
type window struct {
	desktop *desktop.Desktop
	// signals ends a question when fob is to stop.
	signals func(context.Context) (context.Context, context.CancelFunc)
	// purpose is the first line: a window comes unasked, and has to say what for.
	purpose string
	// said is what the next window says above its question.
	said string
}

// desktop finds the desktop.
func (a *app) desktop() (*desktop.Desktop, error) {
	return desktop.Open(desktop.Options{GOOS: a.sys.GOOS, Getenv: a.env, Env: browserEnv(a.sys.Environ())})
}

func (a *app) openWindow(n wanted) (*window, error) {
	d, err := a.desktop()
	if err != nil {
		return nil, err
	}
	p, _ := parents.Waiting()
	return &window{desktop: d, signals: a.sys.Signals, purpose: a.purpose(p, n)}, nil
}

// purpose says which program waits for an answer, if that is known, and what it gets.
func (a *app) purpose(p parents.Process, n wanted) string {
	who, known := "A program", p != (parents.Process{})
	if known {
		who = fmt.Sprintf("%s (pid %d)", display.Text(p.Name), p.PID)
	}
	profile := cmp.Or(a.g.Profile, n.profile)
	switch {
	case a.command != "" && known:
		return who + " runs fob " + a.command + "."
	case a.command != "":
		return "fob " + a.command
	case profile != "":
		return fmt.Sprintf(`%s wants credentials of the profile "%s".`, who, display.Text(profile))
	}
	return who + " wants credentials."
}

// Print keeps a text for the next window.
func (w *window) Print(text string) error {
	w.said = text
	return nil
}

// Code asks as [tty.MFACode] does, with its errors.
func (w *window) Code(ctx context.Context, serial string) (string, error) {
	for range 5 {
		answer, err := w.ask(ctx, desktop.Line, "MFA code of "+serial+":")
		if err != nil {
			return "", err
		}
		switch code := strings.TrimSpace(answer.Reveal()); {
		case strings.EqualFold(code, "q"):
			return "", resolve.ErrCancelled
		case isCode(code):
			return code, nil
		}
		w.said = "An MFA code has exactly six digits."
	}
	return "", tty.ErrBadCode
}

func (w *window) Secret(ctx context.Context, prompt string) (secret.Text, error) {
	return w.ask(ctx, desktop.Secret, strings.TrimSpace(prompt))
}

func (w *window) Confirm(ctx context.Context, question string) (bool, error) {
	ctx, stop := w.signals(ctx)
	defer stop()
	return w.desktop.Confirm(ctx, windowTitle, w.text(question))
}

func (w *window) ask(ctx context.Context, kind desktop.Kind, prompt string) (secret.Text, error) {
	ctx, stop := w.signals(ctx)
	defer stop()
	return w.desktop.Ask(ctx, desktop.Question{Kind: kind, Title: windowTitle, Text: w.text(prompt)})
}

// text is all that one window says.
func (w *window) text(prompt string) string {
	parts := []string{w.purpose, w.said, prompt}
	w.said = ""
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
}
