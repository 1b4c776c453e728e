// Package desktop asks a person in a window where no terminal is, and shows
// notifications: with zenity or kdialog on Linux, osascript on macOS, PowerShell
// on Windows.
//
// What is shown is data for those programs: an argument or a variable, never a
// part of a script, and never markup. What is typed comes back on their stdout.
//
// A window goes with its context, its limit, with the death of the program that
// started fob, and on Linux with fob itself, however that ends.
//
// Texts are shown as they are: whoever puts foreign text (a serial, a profile
// name) into one makes it safe to display first.
package desktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fob/internal/command"
	"fob/internal/secret"
)

var (
	// ErrNoDisplay says that there is no desktop here.
	ErrNoDisplay = errors.New("no display")
	// ErrCancelled says that the person closed the window, or that the death of
	// the parent process or the end of the context did.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout says that no answer came in time.
	ErrTimeout = errors.New("no answer in time")
)

// UnableError says that no window or notification could be shown, and why.
type UnableError struct{ Reason string }

// Error implements error.
func (e *UnableError) Error() string { return e.Reason }

// Kind is what a window asks for.
type Kind string

// The kinds.
const (
	Line    Kind = "line"    // a line that may be seen
	Secret  Kind = "secret"  // a line that nobody must see
	Confirm Kind = "confirm" // yes or no; Enter means no
)

// Question is what a window shows.
type Question struct {
	Kind  Kind
	Title string
	Text  string // lines; long ones are broken
}

// yes is the answer to Confirm that is not no.
const yes = "yes"

// limit is the longest wait for one answer.
const limit = 5 * time.Minute

// Options for Open.
type Options struct {
	GOOS string
	// Getenv reads the variables that tell where the display is.
	Getenv func(string) string
	// Env is the whole environment of the programs, which need the display's
	// variables and PATH.
	Env []string
}

// Desktop is where windows are shown. It is for one goroutine at a time.
type Desktop struct {
	asking   []asker
	notifier notifier
	env      []string
}

// asker is a program that shows windows.
type asker interface {
	// ask is how the program is called, name first, and what its environment has
	// beside. After left nobody waits for the answer any more.
	ask(q Question, left time.Duration) (argv, env []string)
	// answer reads how the program ended. ok is false for an end that is neither an
	// answer nor a person's refusal, which is ErrCancelled, nor ErrTimeout.
	answer(k Kind, r command.Result) (text string, err error, ok bool)
}

// notifier is how a program that shows notifications is called.
type notifier func(title, text string) (argv, env []string)

// Open finds out whether there is a desktop; it runs nothing.
// Error: ErrNoDisplay.
func Open(o Options) (*Desktop, error) {
	switch {
	case o.GOOS == "darwin" && !remote(o.Getenv):
		return &Desktop{[]asker{osascript{}}, osascriptNotification, o.Env}, nil
	case o.GOOS == "windows" && !remote(o.Getenv):
		p := newPowerShell(o.Getenv)
		return &Desktop{[]asker{p}, p.notification, o.Env}, nil
	case o.GOOS == "linux" && (o.Getenv("DISPLAY") != "" || o.Getenv("WAYLAND_DISPLAY") != ""):
		list := []asker{zenity{}, kdialog{}}
		if strings.Contains(strings.ToUpper(o.Getenv("XDG_CURRENT_DESKTOP")), "KDE") {
			list[0], list[1] = list[1], list[0]
		}
		return &Desktop{list, notifySend, inUTF8(o.Env)}, nil
	}
	return nil, ErrNoDisplay
}

// remote says whether the person sits elsewhere: sshd gives no way to the desktop
// of macOS and Windows, and a window there would be seen by nobody, or by another.
func remote(getenv func(string) string) bool {
	return getenv("SSH_CONNECTION") != "" || getenv("SSH_CLIENT") != "" || getenv("SSH_TTY") != ""
}

// Ask shows a window and returns what was typed; for Confirm see [Desktop.Confirm].
// It waits at most five minutes. Errors: ErrCancelled, ErrTimeout, *UnableError.
func (d *Desktop) Ask(ctx context.Context, q Question) (secret.Text, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ctx, stop := withParent(ctx)
	defer stop()
	var reasons []string
	for _, a := range d.asking {
		text, err := d.run(ctx, a, q)
		var unable *UnableError
		if !errors.As(err, &unable) {
			return secret.New(text), err
		}
		reasons = append(reasons, unable.Reason)
	}
	return secret.Text{}, &UnableError{strings.Join(reasons, ", ")}
}

// Confirm shows a question with the buttons yes and no, and says whether yes was
// chosen. Its errors are those of Ask.
func (d *Desktop) Confirm(ctx context.Context, title, question string) (bool, error) {
	answer, err := d.Ask(ctx, Question{Confirm, title, question})
	return answer.Reveal() == yes, err
}

// run asks with one program.
func (d *Desktop) run(ctx context.Context, a asker, q Question) (string, error) {
	q.Text = wrap(q.Text)
	deadline, _ := ctx.Deadline()
	argv, env := a.ask(q, time.Until(deadline))
	r, err := d.command(ctx, argv, env)
	switch {
	case errors.Is(err, command.ErrTimeout):
		return "", ErrTimeout
	case errors.Is(err, command.ErrCancelled):
		return "", ErrCancelled
	case err != nil && !errors.Is(err, command.ErrExit):
		return "", unable(argv[0], err)
	}
	text, err, ok := a.answer(q.Kind, r)
	if !ok {
		return "", &UnableError{fmt.Sprintf("%s could not show a window (exit status %d)", program(argv[0]), r.ExitCode)}
	}
	return text, err
}

// Notify shows a notification. It waits until the program that shows it has ended.
// Errors: *UnableError, and that of the context.
func (d *Desktop) Notify(ctx context.Context, title, text string) error {
	argv, env := d.notifier(title, text)
	_, err := d.command(ctx, argv, env)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return unable(argv[0], err)
	}
	return nil
}

func (d *Desktop) command(ctx context.Context, argv, env []string) (command.Result, error) {
	return command.Run(ctx, command.Spec{
		Argv: argv, Env: slices.Concat(d.env, env), StdoutLimit: 8 << 10, Attached: true,
	})
}

func unable(name string, err error) error {
	if errors.Is(err, command.ErrNotFound) {
		return &UnableError{program(name) + " is not installed"}
	}
	return &UnableError{program(name) + " cannot be run"}
}

// program is a program's name without the folder.
func program(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// firstLine is what a program printed, without the line end that it adds.
func firstLine(r command.Result) string {
	line, _, _ := strings.Cut(string(r.Stdout), "\n")
	return strings.TrimSuffix(line, "\r")
}
