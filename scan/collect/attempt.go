package collect

import (
	"context"
	"errors"
	"sync"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// A throttle passes, and is worth waiting for. A fault that is there at the third try
// mostly stays, and one such call must not hold up the whole scan.
const (
	maxTries   = 8
	faultTries = 3
	maxBackoff = 20 * time.Second
)

// mostRenewals bounds how often one call is repeated because its session expired.
const mostRenewals = 5

type (
	operationKey struct{}
	callKey      struct{}
)

// callState is what is known of a call while it is tried.
type callState struct {
	tries      int
	signedWith aws.Credentials
}

// withOperation names the operation to the middleware.
func withOperation(ctx context.Context, o *operation) context.Context {
	return context.WithValue(ctx, operationKey{}, o)
}

// config is what the clients of a region are made with: every try, a repeated one too,
// waits for its turn and is counted.
func (r *run) config(region string) aws.Config {
	cfg := aws.Config{
		Region: region, Credentials: r.session, HTTPClient: r.http, ConfigSources: []any{settings{&r.account.Network}},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff, o.RateLimiter = maxTries, maxBackoff, ratelimit.None
			})
		},
		APIOptions: []func(*middleware.Stack) error{func(s *middleware.Stack) error {
			if err := s.Initialize.Add(middleware.InitializeMiddlewareFunc("fobCall", r.call), middleware.Before); err != nil {
				return err
			}
			return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("fobAttempt", r.attempt(region)), "Retry", middleware.After)
		}},
	}
	if r.Endpoint != "" {
		cfg.BaseEndpoint = &r.Endpoint
	}
	return cfg
}

// call makes a call, and repeats it with other credentials when AWS calls its own expired.
func (r *run) call(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
	for range mostRenewals {
		c := new(callState)
		out, meta, err = next.HandleInitialize(context.WithValue(ctx, callKey{}, c), in)
		if !isExpired(apiCode(err)) || c.signedWith.SessionToken == "" {
			return out, meta, err
		}
		if failed := r.session.renew(ctx, c.signedWith); failed != nil {
			return out, meta, failed
		}
	}
	r.session.end(&CredentialsError{errStillExpired})
	return out, meta, err
}

// attempt is one try of a call.
func (r *run) attempt(region string) func(context.Context, middleware.FinalizeInput, middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	return func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		o := ctx.Value(operationKey{}).(*operation)
		fail := func(err error) (middleware.FinalizeOutput, middleware.Metadata, error) {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, final{err}
		}
		breaker := r.breaker(region)
		if breaker.open() {
			return fail(errBlocked)
		}
		limit := r.limit(o, region)
		if err := limit.wait(ctx); err != nil {
			return fail(errors.Join(ctx.Err(), err))
		}
		if _, err := r.session.get(ctx); err != nil { // before a slot is taken, which others need
			return fail(err)
		}
		free, err := r.slots.take(ctx, o)
		if err != nil {
			return fail(err)
		}
		defer free()
		if n := r.Collector.calls.Add(1); r.MaxCalls > 0 && n > int64(r.MaxCalls) {
			r.Collector.calls.Add(-1)
			return fail(errBudget)
		}
		r.made.Add(1)
		out, meta, err := quiet(ctx, in, next)
		err = r.account.Network.blame(ctx, err)
		throttled := isThrottle(apiCode(err))
		limit.answered(throttled)
		if e, _ := o.classify(ctx, err, "", region); breaker.learn(o.service(), e) {
			r.journal.put(&scan.Line{K: "scope", R: region, S: "blocked"})
		}
		r.progress.called(o.service(), throttled)
		c := ctx.Value(callKey{}).(*callState)
		c.tries++
		if err != nil && (isExpired(apiCode(err)) || !throttled && c.tries >= faultTries) {
			err = final{err}
		}
		return out, meta, err
	}
}

// final is an error of our own that no retry mends.
type final struct{ error }

func (e final) Unwrap() error      { return e.error }
func (final) RetryableError() bool { return false }

func apiCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// limit is the pace of an operation in a region: a service's operations share one,
// those with a rate of their own have one each.
func (r *run) limit(o *operation, region string) *limiter {
	key := region + " " + o.service()
	if o.perSecond > 0 {
		key = region + " " + o.name
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limits[key] == nil {
		r.limits[key] = newLimiter(o.perSecond, r.MaxRate, r.now)
	}
	return r.limits[key]
}

// limitOf is the pace of an operation that is called about a resource.
func (r *run) limitOf(o *operation, i *item) *limiter {
	if i.Region == "" || i.Region == scan.Global {
		return r.limit(o, r.account.Region)
	}
	return r.limit(o, i.Region)
}

// clients returns the SDK's clients for a region, Global for what has none.
func (r *run) clients(region string) *clients {
	if region == scan.Global || region == "" {
		region = r.account.Region
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.regional[region]
	if c == nil {
		c = &clients{cfg: r.config(region), endpoints: r.account.Network.Endpoints, accountID: r.account.ID, partition: r.account.Partition, region: region, in: r.clients, wait: r.wait}
		r.regional[region] = c
	}
	return c
}

// breaker stops asking a region that does not answer: connections that fail for three
// services with no answer between, or an organization's policy that refuses five services
// while nothing else was ever answered. Once open it stays so.
type breaker struct {
	mu       sync.Mutex
	isOpen   bool
	lost     map[string]bool // services
	refused  map[string]bool
	answered bool // something was answered
}

const (
	mostLost    = 3
	mostRefused = 5
)

func (r *run) breaker(region string) *breaker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.breakers[region] == nil {
		r.breakers[region] = &breaker{lost: map[string]bool{}, refused: map[string]bool{}}
	}
	return r.breakers[region]
}

// giveUp opens the breaker.
func (b *breaker) giveUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.isOpen = true
}

func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.isOpen
}

// learn takes how a try of a service ended, and says whether that opens the breaker. A
// host that has no address is a service that the region lacks, and says nothing of the
// region.
func (b *breaker) learn(service string, e *scan.ReadError) (opens bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case e != nil && (e.Why == scan.Cancelled || isNowhere(e.Code)):
	case e != nil && (e.Code == "timeout" || e.Code == "no-connection"):
		b.lost[service] = true
	case e != nil && e.By == "scp" && e.Why == scan.Denied:
		b.refused[service] = true
		clear(b.lost)
	default:
		b.answered = true
		clear(b.lost)
	}
	opens = !b.isOpen && (len(b.lost) >= mostLost || !b.answered && len(b.refused) >= mostRefused)
	b.isOpen = b.isOpen || opens
	return opens
}
