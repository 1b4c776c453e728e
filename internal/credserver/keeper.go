package credserver

import (
	"context"
	"errors"
	"sync"
	"time"

	"fob/internal/secret"
)

// Credentials are what the endpoint serves. Printing them shows no secret.
type Credentials struct {
	AccessKeyID string
	Secret      secret.Text
	Token       secret.Text // empty for long-lived keys
	Expires     time.Time   // zero: no end
	RenewAt     time.Time   // when to look for newer ones
	AccountID   string      // twelve digits, or empty
}

// left is the remaining life at now; a very long time for credentials without an end.
func (c Credentials) left(now time.Time) time.Duration {
	if c.Expires.IsZero() {
		return 1<<63 - 1
	}
	return c.Expires.Sub(now)
}

// ErrExpired: the credentials ended, and fetching brought no others.
var ErrExpired = errors.New("the credentials have expired")

const (
	// The pause between two attempts to renew: half of what is left, within these.
	minPause, maxPause = time.Second, time.Minute
	lastMinute         = time.Minute
	// closing is how long Close waits for a renewal that ends.
	closing = 2 * time.Second
)

// Keeper has credentials at hand. It renews them from RenewAt on, one renewal at
// a time, and serves the ones that live meanwhile: nobody waits for a renewal
// unless there is nothing to serve. Credentials that nobody asks for any more are
// left to expire. A Keeper is safe for concurrent use.
type Keeper struct {
	fetch func(context.Context) (Credentials, error)
	now   func() time.Time
	ctx   context.Context
	stop  context.CancelFunc

	mu      sync.Mutex
	current Credentials
	next    time.Time     // when to renew
	running chan struct{} // closed when the renewal that runs has ended; nil: none runs
	failure error         // of the last renewal
	timer   *time.Timer   // renews current, which was asked for; nil: it was not
	closed  bool
}

// NewKeeper keeps first and what fetch returns, which runs under a context that
// [Keeper.Close] ends. Nothing is fetched before it is due. now is the clock; nil
// means time.Now.
func NewKeeper(first Credentials, fetch func(context.Context) (Credentials, error), now func() time.Time) *Keeper {
	if now == nil {
		now = time.Now
	}
	k := &Keeper{fetch: fetch, now: now, current: first, next: first.RenewAt}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

// Get returns credentials that live. When there are none it waits for the renewal
// until ctx ends. Errors: ctx's own, [ErrExpired], and those of fetch.
func (k *Keeper) Get(ctx context.Context) (Credentials, error) {
	c, running, err := k.look()
	if err == nil || running == nil {
		return c, err
	}
	select {
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	case <-running:
	}
	c, _, err = k.look()
	return c, err
}

// look is what can be said at once. It starts the renewal that is due.
func (k *Keeper) look() (c Credentials, running <-chan struct{}, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.renewIfDue()
	if k.running == nil {
		k.arm()
	}
	switch {
	case k.current.left(k.now()) > 0:
		return k.current, k.running, nil
	case k.failure != nil:
		err = k.failure
	default:
		err = ErrExpired
	}
	return Credentials{}, k.running, err
}

// arm has the credentials renewed in time although nobody asks again until they
// have expired. The caller holds mu.
func (k *Keeper) arm() {
	if k.timer != nil || k.closed {
		return
	}
	k.timer = time.AfterFunc(max(0, k.next.Sub(k.now())), func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.timer = nil
		if k.running == nil && !k.renewIfDue() {
			k.arm() // the clock was set back, or a renewal has just put it off
		}
	})
}

// renewIfDue starts a renewal and says whether it did. The caller holds mu.
func (k *Keeper) renewIfDue() bool {
	if k.running != nil || k.closed || k.now().Before(k.next) {
		return false
	}
	k.running = make(chan struct{})
	go k.renew(k.running)
	return true
}

func (k *Keeper) renew(ended chan struct{}) {
	c, err := k.fetch(k.ctx)
	if err == nil && c.left(k.now()) <= 0 { // brought back while it lived, and has ended on the way
		c, err = k.fetch(k.ctx)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if err == nil {
		k.current = c
	}
	k.failure, k.next = err, k.current.RenewAt
	k.running = nil
	close(ended)
	if err == nil && k.next.After(now) {
		return
	}
	left := k.current.left(now)
	k.next = now.Add(pause(left))
	if left > 0 {
		k.arm() // as they were asked for; once they have expired, by a request only
	}
}

// pause is how long to wait with the next attempt when left remains. Neither the
// last minute is slept through, as then at the latest a person is asked, nor the end,
// after which fetch says what it did not say while there was something to serve.
func pause(left time.Duration) time.Duration {
	p := min(max(left/2, minPause), maxPause)
	switch before := left - lastMinute; {
	case before > 0:
		return min(p, before+time.Millisecond)
	case left > 0:
		return min(p, left)
	}
	return p
}

// Close ends the renewing, and waits a moment for a renewal that runs.
func (k *Keeper) Close() {
	k.mu.Lock()
	k.closed = true
	if k.timer != nil {
		k.timer.Stop()
	}
	running := k.running
	k.mu.Unlock()
	k.stop()
	if running == nil {
		return
	}
	select {
	case <-running:
	case <-time.After(closing):
	}
}
