package lock

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"time"
)

// The pause between two tries doubles from the first to the last of these.
const (
	firstPause = time.Millisecond
	lastPause  = 50 * time.Millisecond
)

// Options says how Acquire waits. The zero value waits silently.
type Options struct {
	// Message is what the lock says of its holder from the start, see Lock.Say.
	Message string
	// Waiting is called once, when the wait has lasted for Patience.
	Waiting func(Holder)
	// Patience is how long to wait before saying so; 0 means 200 ms.
	Patience time.Duration
	// NoWait gives up after one try, with a HeldError as if the deadline was over.
	NoWait bool
	// Poll is called between tries; true ends the wait with ErrNotNeeded, for
	// instance because the holder has filled the cache meanwhile.
	Poll func() bool
	// After is the clock; nil means time.After.
	After func(time.Duration) <-chan time.Time
	// Random gives numbers in [0, 1) to spread the tries; nil means math/rand.
	Random func() float64
}

// HeldError says that the wait for a lock ended before the lock was free.
type HeldError struct {
	// Holder is who had the lock at the last try.
	Holder Holder
	// Err is the context's: context.DeadlineExceeded or context.Canceled.
	Err error
}

// Error implements error.
func (e *HeldError) Error() string {
	return fmt.Sprintf("wait for %v: %v", e.Holder, e.Err)
}

// Unwrap returns Err.
func (e *HeldError) Unwrap() error { return e.Err }

// Acquire takes the lock name, the file name.lock in dir, and waits for it
// until ctx ends. A name is a plain file name; let it be a hash, never text
// from outside. dir is a folder that only its owner can write to.
//
// Errors: *HeldError when ctx ended, ErrNotNeeded, ErrNoLock, ErrNotRegular.
func Acquire(ctx context.Context, dir *os.Root, name string, opts Options) (*Lock, error) {
	file, err := fileName(name)
	if err != nil {
		return nil, err
	}
	patience := opts.after(opts.patience())
	var holder Holder
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		if err := ctx.Err(); err != nil {
			return nil, &HeldError{holder, err}
		}
		lock, who, err := attempt(dir, file)
		if err != nil {
			return nil, err
		}
		if lock != nil {
			lock.Say(opts.Message)
			return lock, nil
		}
		if who.PID != 0 {
			holder = who // a holder that has just come or gone is not readable
		}
		if opts.NoWait {
			return nil, &HeldError{holder, context.DeadlineExceeded}
		}
		if opts.Poll != nil && opts.Poll() {
			return nil, ErrNotNeeded
		}
		select {
		case <-patience:
			patience = nil
			if opts.Waiting != nil {
				opts.Waiting(holder)
			}
		default:
		}
		select {
		case <-ctx.Done():
		case <-opts.after(opts.jitter(pause)):
		}
	}
}

func (o Options) patience() time.Duration {
	if o.Patience == 0 {
		return 200 * time.Millisecond
	}
	return o.Patience
}

func (o Options) after(d time.Duration) <-chan time.Time {
	if o.After == nil {
		return time.After(d)
	}
	return o.After(d)
}

// jitter returns between half of d and d.
func (o Options) jitter(d time.Duration) time.Duration {
	random := o.Random
	if random == nil {
		random = rand.Float64
	}
	return d/2 + time.Duration(random()*float64(d/2))
}
