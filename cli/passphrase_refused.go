package cli

import (
	"time"

	"fob/internal/atomicfile"
	"fob/resolve"
)

const (
	// refusalHolds is how long a no to the passphrase is a no to all programs that
	// wait for it: else each of them asked in its turn.
	refusalHolds = 10 * time.Second
	refusalFile  = "passphrase.refused"
	maxRefusal   = 64
)

// justRefused is the error of a call that does not ask, as a person just said no to
// another one. A command that a person gives for the sake of being asked does ask.
func (a *app) justRefused() error {
	if a.login || a.command != "" {
		return nil
	}
	dir, err := a.subdir("locks")
	if err != nil {
		return nil
	}
	raw, err := atomicfile.Read(dir, refusalFile, maxRefusal)
	if err != nil {
		return nil // there was none, or it cannot be told: ask
	}
	at, err := time.Parse(time.RFC3339Nano, string(raw))
	ago := a.sys.Now().Sub(at)
	if err != nil || ago < 0 || ago >= refusalHolds {
		return nil
	}
	return &resolve.CooldownError{Err: resolve.ErrCancelled, Ago: ago}
}

// noteRefusal is for justRefused of the calls that come next. Where it cannot be
// written they ask.
func (a *app) noteRefusal() {
	if dir, err := a.subdir("locks"); err == nil {
		_ = atomicfile.WriteFast(dir, refusalFile, []byte(a.sys.Now().Format(time.RFC3339Nano)))
	}
}
