package resolve

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// refreshMargin keeps an answer out of every SDK's refresh window: botocore
	// starts one credential process per request below 15 minutes.
	refreshMargin = 16 * time.Minute
	// lastMinute is how long an answer is served whose renewal needs a person,
	// and what a session must have left to make another from it.
	lastMinute = time.Minute
	// renewalLimit ends the renewal of an answer that is still good.
	renewalLimit = 10 * time.Second
	// codeTries is how often a person may mistype a code.
	codeTries = 3
)

// walk is one run through a plan.
type walk struct {
	*Resolver
	plan *Plan
	// spare is a code that AWS did not get to check, by serial.
	spare map[string]string
	// sent are the codes that AWS has seen, by serial. Each works once.
	sent map[string][]string
	// noWait: an answer is at hand, so a lock that is held means that somebody
	// else is renewing it already.
	noWait bool
	// unlocked: no lock is to be had, so nothing is kept.
	unlocked bool
	// anew: this is the second try, after a kept session turned out dead.
	anew bool
	// expired is when the session that is being replaced ended.
	expired time.Time
}

// along is the same walk on another plan.
func (w *walk) along(p *Plan) *walk {
	other := *w
	other.plan = p
	return &other
}

// Resolve returns the credentials that a plan ends in: from the cache while
// they are fresh, else by running the steps whose results are missing. When
// renewing fails, a session that still lives is served with a warning.
//
// Errors: *ConfigError, *PersonError, *AWSError, *WaitError, *CooldownError,
// ErrCancelled, and what StoredKey, Code and Cache return.
func (r *Resolver) Resolve(ctx context.Context, p *Plan) (Credentials, error) {
	w, kept, have, err := r.look(ctx, p)
	switch {
	case err != nil:
		return Credentials{}, err
	case !have:
		return w.run(ctx)
	case w.fresh(len(w.plan.Steps), kept.Issued, kept.Expires):
		return kept, nil
	}
	return w.renew(ctx, kept)
}

// Kept is the warm half of Resolve: the answer if it is kept and fresh. Nothing
// is run and nobody is asked, save for unlocking the store.
func (r *Resolver) Kept(ctx context.Context, p *Plan) (c Credentials, ok bool, err error) {
	w, kept, have, err := r.look(ctx, p)
	if err != nil || !have || !w.fresh(len(w.plan.Steps), kept.Issued, kept.Expires) {
		return Credentials{}, false, err
	}
	return kept, true, nil
}

// look finds a plan's kept answer, also that of the way that is taken when AWS
// refuses an MFA session.
func (r *Resolver) look(ctx context.Context, p *Plan) (w *walk, kept Credentials, have bool, err error) {
	w = &walk{Resolver: r, plan: p, spare: map[string]string{}, sent: map[string][]string{}}
	kept, have, err = w.kept(ctx, len(p.Steps))
	if d := p.direct(); d != nil && !have && err == nil {
		other := w.along(d)
		if kept, have, err = other.kept(ctx, len(d.Steps)); have {
			w = other
		}
	}
	return w, kept, have, err
}

// renew tries for new credentials while the kept ones still live. A person is
// given the time that the caller has; AWS is not.
func (w *walk) renew(ctx context.Context, kept Credentials) (Credentials, error) {
	limited := ctx
	if !w.renewalNeedsPerson(len(w.plan.Steps)) {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, renewalLimit)
		defer cancel()
	}
	w.noWait = true
	c, err := w.run(limited)
	if err == nil {
		return c, nil
	}
	if errors.Is(err, errBusy) {
		return kept, nil
	}
	if ctx.Err() != nil || kept.Left(w.now()) <= 0 {
		return Credentials{}, err
	}
	w.warn("cannot renew: %v; using the session that ends at %s", err, kept.Expires.UTC().Format("15:04 MST"))
	return kept, nil
}

// run starts from the longest prefix whose result is kept and runs the rest.
func (w *walk) run(ctx context.Context) (Credentials, error) {
	var prev Credentials
	start := 0
	for n := len(w.plan.Steps) - 1; n > 0; n-- {
		c, ok, err := w.kept(ctx, n)
		if err != nil {
			return Credentials{}, err
		}
		if ok && w.usable(n, c.Issued, c.Expires) {
			prev, start = c, n
			break
		}
	}
	for i := start; i < len(w.plan.Steps); i++ {
		c, err := w.step(ctx, i, prev)
		if d := w.plan.direct(); d != nil && refusedSession(w.plan.Steps[i], err) {
			w.warn("AWS refused an MFA session; the code goes with AssumeRole instead")
			return w.along(d).run(ctx)
		}
		if i == start && start > 0 && !w.anew && deadSession(err) {
			w.warn("AWS no longer takes the kept session; getting a new one")
			return w.afresh().run(ctx)
		}
		if err != nil {
			return Credentials{}, err
		}
		prev = c
	}
	return prev, nil
}

// deadSession: the session that signed the call was ended at AWS before its
// time, by deleting or deactivating its key for instance.
func deadSession(err error) bool {
	cause := causeIn(err)
	return cause == Expired || cause == BadKey
}

// afresh is the same walk once more, with nothing that was kept before now.
func (w *walk) afresh() *walk {
	r := *w.Resolver
	r.NotBefore, r.IgnoreCooldown = w.now(), true
	other := *w
	other.Resolver, other.anew = &r, true
	return &other
}

// refusedSession: GetSessionToken itself is denied, not the code.
func refusedSession(s Step, err error) bool {
	_, isMFA := s.(MFAStep)
	return isMFA && causeIn(err) == Denied
}

// step runs step i, alone among all processes when its result is kept.
func (w *walk) step(ctx context.Context, i int, prev Credentials) (Credentials, error) {
	s := w.plan.Steps[i]
	if !w.plan.keeps(i) || w.Cache == nil {
		return s.run(ctx, w, prev)
	}
	key := w.plan.Key(i + 1)
	filled := func() bool {
		issued, expires, ok := w.Cache.Peek(key)
		return ok && w.usable(i+1, issued, expires)
	}
	for _, done := range []func() bool{filled, nil} {
		release, held, err := w.acquire(ctx, key, s, done)
		if err != nil {
			return Credentials{}, err
		}
		defer release()
		c, ok, err := w.kept(ctx, i+1)
		if err != nil || ok && w.usable(i+1, c.Issued, c.Expires) {
			return c, err
		}
		if held {
			break
		}
		// It looked filled and does not open: wait for the lock after all.
	}
	if err := w.cooldown(key); err != nil {
		return Credentials{}, err
	}
	if err := w.Cache.Ready(ctx); err != nil {
		return Credentials{}, err
	}
	if _, expires, ok := w.Cache.Peek(key); ok && !expires.After(w.now()) {
		w.expired = expires
	}
	c, err := s.run(ctx, w, prev)
	w.record(key, err)
	if err != nil {
		return Credentials{}, err
	}
	w.save(ctx, key, c)
	return c, nil
}

// save keeps a result. A result that cannot be kept is still an answer.
func (w *walk) save(ctx context.Context, key Key, c Credentials) {
	if w.unlocked {
		return
	}
	if err := w.Cache.Save(ctx, key, c.Marshal(), c.Issued, c.Expires); err != nil {
		w.warn("the session could not be kept: %v", err)
	}
}

// kept loads the result of the first n steps, when it is kept and alive.
func (w *walk) kept(ctx context.Context, n int) (Credentials, bool, error) {
	if w.Cache == nil || n == 0 || !w.plan.keeps(n-1) {
		return Credentials{}, false, nil
	}
	key := w.plan.Key(n)
	issued, expires, ok := w.Cache.Peek(key)
	if !ok || w.tooOld(n, issued) || !expires.After(w.now()) {
		return Credentials{}, false, nil
	}
	plain, ok, err := w.Cache.Load(ctx, key)
	if err != nil || !ok {
		return Credentials{}, false, err
	}
	var c Credentials
	if err := c.Unmarshal(plain); err != nil {
		w.warn("a kept session is damaged and is not used: %v", err)
		return Credentials{}, false, nil
	}
	return c, true, nil
}

// usable says whether the result of the first n steps need not be made anew:
// the plan's answer must be fresh, a session on the way only alive.
func (w *walk) usable(n int, issued, expires time.Time) bool {
	if w.tooOld(n, issued) {
		return false
	}
	if n == len(w.plan.Steps) {
		return w.fresh(n, issued, expires)
	}
	return expires.Sub(w.now()) > lastMinute
}

// tooOld says whether the result of the first n steps is from before what is wanted.
func (w *walk) tooOld(n int, issued time.Time) bool {
	return issued.Before(w.NotBefore) || n == len(w.plan.Steps) && issued.Before(w.AnswerNotBefore)
}

// fresh says whether an answer may be handed out as it is: with 16 minutes left,
// or a quarter of a short session's life; down to one minute when renewing it
// needs a person.
func (w *walk) fresh(n int, issued, expires time.Time) bool {
	left := expires.Sub(w.now())
	if left >= min(refreshMargin, expires.Sub(issued)/4) {
		return true
	}
	return left > lastMinute && w.renewalNeedsPerson(n)
}

// renewalNeedsPerson says whether making the result of the first n steps again
// would ask somebody for a code or a sign-in.
func (w *walk) renewalNeedsPerson(n int) bool {
	for i := n - 1; i >= 0; i-- {
		if c, ok := w.plan.Steps[i].(coder); ok {
			if req, ok := c.codeRequest(); ok && w.needsPerson(req) {
				return true
			}
		}
		if s, ok := w.plan.Steps[i].(SSOStep); ok && !w.SignInState(s).Signed(w.now()) {
			return true
		}
		if i > 0 && w.plan.keeps(i-1) {
			_, expires, ok := w.Cache.Peek(w.plan.Key(i))
			if ok && expires.Sub(w.now()) > lastMinute {
				return false
			}
		}
	}
	return false
}

// withCode runs call with an MFA code. A person may mistype twice. A code works
// once only, so one that AWS has seen is never sent again in this walk; again
// says that the call failed for another reason and goes on with the next code.
func (w *walk) withCode(ctx context.Context, req CodeRequest, call func(context.Context, string) (c Credentials, again bool, err error)) (Credentials, error) {
	if w.Code == nil {
		return Credentials{}, &PersonError{Need: "an MFA code of " + req.Serial}
	}
	req.Expired = w.expired
	failure := error(&AWSError{Call: "MFA code of " + req.Serial, Cause: WrongCode, Text: "it was sent already and works once: wait for the next one"})
	for {
		req.Used = slices.Clone(w.sent[req.Serial])
		code, err := w.nextCode(ctx, req)
		if err != nil {
			return Credentials{}, err
		}
		used, again := slices.Contains(req.Used, code), false
		if !used {
			var c Credentials
			c, again, failure = call(ctx, code)
			w.note(req.Serial, code, failure)
			if failure == nil {
				return c, nil
			}
		}
		switch {
		case again:
			continue
		case !used && causeIn(failure) != WrongCode, req.Attempt == codeTries-1, !w.needsPerson(req):
			return Credentials{}, failure
		}
		req.Attempt++
	}
}

// note keeps a code: as spare when AWS refused the caller before it looked at
// the code, else as sent.
func (w *walk) note(serial, code string, failure error) {
	if causeIn(failure) == Denied {
		w.spare[serial] = code
		return
	}
	w.sent[serial] = append(w.sent[serial], code)
}

func (w *walk) nextCode(ctx context.Context, req CodeRequest) (string, error) {
	if code, ok := w.spare[req.Serial]; ok {
		delete(w.spare, req.Serial)
		return code, nil
	}
	code, err := w.Code(ctx, req)
	if errors.Is(err, context.Canceled) {
		return "", ErrCancelled
	}
	return code, err
}
