package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/lock"
)

// errBusy: another process is renewing, and nobody needs to wait for it.
var errBusy = errors.New("another process is renewing it")

// flight is the folder of the locks, nil for none.
func (r *Resolver) flight() *os.Root {
	if r.Flight == nil {
		return nil
	}
	return r.Flight()
}

// acquire takes the lock of a result, so that one process of many makes it.
// Its release is never nil. filled ends the wait when the result is there; held
// is false then.
func (w *walk) acquire(ctx context.Context, key Key, s Step, filled func() bool) (release func(), held bool, err error) {
	doing := "AWS"
	if c, ok := s.(coder); ok {
		if req, ok := c.codeRequest(); ok && w.needsPerson(req) {
			doing = "MFA code"
		}
	}
	return w.acquireFor(ctx, key, doing, filled)
}

// acquireFor is acquire with what those who wait are told.
func (w *walk) acquireFor(ctx context.Context, key Key, doing string, filled func() bool) (release func(), held bool, err error) {
	none := func() {}
	dir := w.flight()
	if dir == nil {
		return none, true, nil
	}
	start := w.now()
	l, err := lock.Acquire(ctx, dir, key.String(), lock.Options{
		Message: doing,
		NoWait:  w.noWait,
		Poll:    filled,
		Waiting: func(h lock.Holder) {
			if w.Waiting != nil {
				w.Waiting(h.PID, h.Message)
			}
		},
	})
	var other *lock.HeldError
	switch {
	case err == nil:
		return l.Release, true, nil
	case errors.Is(err, lock.ErrNotNeeded):
		return none, false, nil
	case errors.As(err, &other) && errors.Is(err, context.Canceled):
		return none, false, ErrCancelled
	case errors.As(err, &other) && w.noWait:
		return none, false, errBusy
	case errors.As(err, &other):
		return none, false, &WaitError{PID: other.Holder.PID, Doing: other.Holder.Message, Waited: w.now().Sub(start)}
	case errors.Is(err, lock.ErrNoLock):
		if !w.unlocked {
			w.warn("going on without a lock, and keeping nothing: %v", err)
		}
		w.unlocked = true
		return none, true, nil
	}
	return none, false, err
}

// outcome is what a failed attempt leaves for those who waited for it, so that
// they fail at once and do not ask the same person again.
type outcome struct {
	Ended time.Time `json:"ended"`
	Until time.Time `json:"until"`
	Kind  string    `json:"kind"` // "cancelled" or a Cause
	Call  string    `json:"call,omitempty"`
	Code  string    `json:"code,omitempty"`
	Text  string    `json:"text,omitempty"`
}

const (
	cancelCooldown  = 10 * time.Second
	deniedCooldown  = 10 * time.Second
	networkCooldown = 2 * time.Second
	codeStep        = 30 * time.Second // of RFC 6238: a refused code stays refused that long
	maxOutcome      = 16 << 10
)

// record leaves an outcome after a failure that the next caller would meet too,
// and clears the last one otherwise. It is best effort.
func (w *walk) record(key Key, err error) {
	dir := w.flight()
	if dir == nil {
		return
	}
	name := key.String() + ".outcome"
	o, ok := w.outcomeOf(err)
	if !ok {
		_ = dir.Remove(name)
		return
	}
	if b, err := json.Marshal(o); err == nil {
		_ = atomicfile.WriteFast(dir, name, b)
	}
}

func (w *walk) outcomeOf(err error) (outcome, bool) {
	o := outcome{Ended: w.now().UTC()}
	var aws *AWSError
	switch {
	case errors.Is(err, ErrCancelled):
		o.Kind, o.Until = "cancelled", o.Ended.Add(cancelCooldown)
	case errors.As(err, &aws):
		o.Kind, o.Call, o.Code, o.Text = string(aws.Cause), aws.Call, aws.Code, aws.Text
		switch aws.Cause {
		case WrongCode:
			o.Until = o.Ended.Truncate(codeStep).Add(codeStep)
		case Unreachable, Throttled, BadAnswer:
			o.Until = o.Ended.Add(networkCooldown)
		default:
			o.Until = o.Ended.Add(deniedCooldown)
		}
	default:
		return o, false
	}
	return o, true
}

// cooldown returns the failure of an attempt that has only just ended.
func (w *walk) cooldown(key Key) error {
	dir := w.flight()
	if dir == nil || w.IgnoreCooldown {
		return nil
	}
	b, err := atomicfile.Read(dir, key.String()+".outcome", maxOutcome)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.warn("the outcome of the last attempt is unreadable: %v", err)
		}
		return nil
	}
	var o outcome
	now := w.now()
	if json.Unmarshal(b, &o) != nil || now.Before(o.Ended) || !now.Before(o.Until) {
		return nil
	}
	failure := error(&AWSError{Call: o.Call, Cause: Cause(o.Kind), Code: o.Code, Text: o.Text})
	if o.Kind == "cancelled" {
		failure = ErrCancelled
	}
	return &CooldownError{Err: failure, Ago: now.Sub(o.Ended)}
}
