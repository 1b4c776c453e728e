package cli

import (
	"context"
	"fmt"
	"time"

	"fob/internal/display"
	"fob/internal/parents"
	"fob/internal/tty"
)

const (
	// notifyAfter is how long a prompt on the terminal may wait before a notification
	// tells of it. Whoever looks at the terminal has a code from the telephone by
	// then; under `fob process` forty seconds are left to the others.
	notifyAfter = 10 * time.Second
	// notifyLimit ends a notification that cannot be shown.
	notifyLimit = 15 * time.Second
)

// tellWhoWaits says on the terminal which program waits for the answer, and in a
// notification when no answer comes, once in a run. It says nothing where a person
// typed fob's own name. The caller calls stop after the answer.
func (a *app) tellWhoWaits(ctx context.Context, t *tty.Terminal, n wanted) (stop func()) {
	p, ok := parents.Waiting()
	if !ok || a.told || n.what == "" || parents.OwnJob() {
		return func() {}
	}
	a.told = true
	purpose := a.purpose(p, n)
	_ = t.Print(purpose)
	return a.notifyLater(ctx, purpose+"\nIt waits on its terminal for "+display.Text(n.what)+".")
}

// notifyLater shows a notification unless stop is called before its time. Whatever
// goes wrong with it is no matter of the prompt's.
func (a *app) notifyLater(ctx context.Context, text string) (stop func()) {
	after, on := a.notifyTime()
	d, err := a.desktop()
	if !on || err != nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		ctx, cancel := context.WithTimeout(ctx, notifyLimit)
		defer cancel()
		_ = d.Notify(ctx, windowTitle, text)
	}()
	return func() {
		cancel()
		<-done
	}
}

// notifyTime reads FOB_NOTIFY: off, or a duration. What cannot be read counts as
// unset, with a warning: a notification is not worth a failure.
func (a *app) notifyTime() (after time.Duration, on bool) {
	switch set := a.env("FOB_NOTIFY"); set {
	case "":
		return notifyAfter, true
	case "off":
		return 0, false
	default:
		d, err := time.ParseDuration(set)
		if err != nil || d < 0 {
			a.p.warn(fmt.Sprintf("FOB_NOTIFY is %q; it is off, or a time such as 5s", display.Text(set)))
			return notifyAfter, true
		}
		return d, true
	}
}
