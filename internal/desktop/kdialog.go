package desktop

import (
	"strings"
	"time"

	"fob/internal/command"
)

// kdialog is KDE's.
type kdialog struct{}

// The labels of the two items that are chosen from.
const (
	kdialogNo  = "No"
	kdialogYes = "Yes"
)

// ask has every text read as rich text, so that no text can choose to be. To
// confirm it is a list: the button that Enter presses is yes in --yesno and in all
// its kin.
func (kdialog) ask(q Question, _ time.Duration) (argv, env []string) {
	text := entities(q.Text)
	if q.Kind == Line {
		text = strings.ReplaceAll(text, "&#38;", "&#38;&#38;") // one underlines, in this window only
	}
	text = "<qt>" + strings.ReplaceAll(text, "\n", "<br>") + "</qt>"
	argv = []string{"kdialog", "--title=" + q.Title}
	switch q.Kind {
	case Confirm:
		return append(argv, "--default="+kdialogNo, "--combobox="+text, kdialogNo, kdialogYes), nil
	case Secret:
		return append(argv, "--password="+text), nil
	}
	return append(argv, "--inputbox="+text), nil
}

// answer: kdialog ends with 1 when a person refuses and with SIGABRT when it has no
// display.
func (kdialog) answer(k Kind, r command.Result) (string, error, bool) {
	switch {
	case r.ExitCode == 1:
		return "", ErrCancelled, true
	case r.ExitCode != 0:
		return "", nil, false
	case k == Confirm && firstLine(r) == kdialogYes:
		return yes, nil, true
	case k == Confirm:
		return "", nil, true
	}
	return firstLine(r), nil, true
}
