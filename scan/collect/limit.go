package collect

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	usualRate   = 20  // calls a second, where AWS documents no limit
	slowestRate = 0.5 // a throttle never slows down further than this
)

// limiter paces the calls that share one limit of AWS: those of an account, a region,
// a service, and for slow operations the operation. It starts from what AWS documents,
// halves on a throttle, and grows by a tenth for every clean second. Calls in flight are
// throttled together: they are one throttle.
type limiter struct {
	bucket *rate.Limiter
	ceil   rate.Limit // 0 means none
	now    func() time.Time

	mu     sync.Mutex
	clean  time.Time // since when there was no throttle and no growth
	slowed time.Time // when it halved
}

func newLimiter(perSecond, ceil float64, now func() time.Time) *limiter {
	if perSecond == 0 {
		perSecond = usualRate
	}
	if ceil > 0 && perSecond > ceil {
		perSecond = ceil
	}
	burst := 2 * perSecond
	if ceil > 0 {
		burst = perSecond
	}
	return &limiter{bucket: rate.NewLimiter(rate.Limit(perSecond), max(1, int(burst))), ceil: rate.Limit(ceil), now: now, clean: now()}
}

// wait waits for the call's turn.
func (l *limiter) wait(ctx context.Context) error { return l.bucket.Wait(ctx) }

// pace is how many calls a second it lets through.
func (l *limiter) pace() float64 { return float64(l.bucket.Limit()) }

// answered learns from how a call ended.
func (l *limiter) answered(throttled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, limit := l.now(), l.bucket.Limit()
	switch {
	case throttled && now.Sub(l.slowed) < time.Second:
	case throttled:
		limit = max(limit/2, slowestRate)
		l.bucket.SetLimit(limit)
		l.bucket.SetBurst(max(1, int(limit)))
		l.slowed = now
	case now.Sub(l.clean) < time.Second:
		return
	default:
		limit *= 1.1
		if l.ceil > 0 {
			limit = min(limit, l.ceil)
		}
		l.bucket.SetLimit(limit)
	}
	l.clean = now
}
