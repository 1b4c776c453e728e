package desktop

import (
	"strconv"
	"strings"
	"time"

	"fob/internal/command"
)

// zenity is GNOME's, of version 3 and 4.
type zenity struct{}

// What zenity ends with when a person refuses: its own 1 also means that it has no
// display, so that it is told to use others (man zenity, ENVIRONMENT).
const (
	zenityCancel = 77 // the button Cancel or No
	zenityClosed = 78 // Escape, or the window was closed
)

func (zenity) ask(q Question, _ time.Duration) (argv, env []string) {
	argv = []string{"zenity", "--title=" + q.Title}
	switch q.Kind {
	case Confirm:
		argv = append(argv, "--question", "--no-markup", "--default-cancel", "--text="+q.Text)
	case Secret:
		argv = append(argv, "--entry", "--hide-text", "--text="+zenityLabel(q.Text))
	default:
		argv = append(argv, "--entry", "--text="+zenityLabel(q.Text))
	}
	return argv, []string{
		"ZENITY_CANCEL=" + strconv.Itoa(zenityCancel),
		"ZENITY_ESC=" + strconv.Itoa(zenityClosed),
	}
}

// zenityLabel is a text for --entry, where a backslash begins an escape of C and an
// underscore underlines; there is no markup (src/entry.c).
func zenityLabel(text string) string {
	return strings.NewReplacer(`\`, `\\`, "_", "__").Replace(text)
}

func (zenity) answer(k Kind, r command.Result) (string, error, bool) {
	switch {
	case r.ExitCode == 0 && k == Confirm:
		return yes, nil, true
	case r.ExitCode == 0:
		return firstLine(r), nil, true
	case r.ExitCode == zenityCancel && k == Confirm:
		return "", nil, true
	case r.ExitCode == zenityCancel, r.ExitCode == zenityClosed:
		return "", ErrCancelled, true
	}
	return "", nil, false
}

// notifySend is libnotify's. It reads a backslash of the text as the beginning of an
// escape of C, and the desktop may read the rest as markup; what follows -- is no
// option.
func notifySend(title, text string) (argv, env []string) {
	text = strings.NewReplacer(`\`, `\\`, "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return []string{"notify-send", "--app-name=fob", "--icon=dialog-password", "--", title, text}, nil
}
