package resolve

import "time"

// StepStatus is what is kept of a step's result.
type StepStatus struct {
	Step    Step
	Key     Key
	Keeps   bool // the result is kept between runs
	Kept    bool // and is there now, not yet ended
	Issued  time.Time
	Expires time.Time
}

// Status says what is kept for a plan's steps. It unlocks nothing: a file that
// does not open still counts as kept.
func (r *Resolver) Status(p *Plan) []StepStatus {
	all := make([]StepStatus, len(p.Steps))
	for i, s := range p.Steps {
		all[i] = StepStatus{Step: s, Keeps: p.keeps(i)}
		if r.Cache == nil || !all[i].Keeps {
			continue
		}
		all[i].Key = p.Key(i + 1)
		issued, expires, ok := r.Cache.Peek(all[i].Key)
		all[i].Issued, all[i].Expires, all[i].Kept = issued, expires, ok && expires.After(r.now())
	}
	return all
}

// Next says what Resolve would do now, as far as that can be told offline: the
// index of the first step that it would run, len(p.Steps) when the answer is
// kept and fresh, and whether that needs a person.
func (r *Resolver) Next(p *Plan) (first int, needsPerson bool) {
	if d := p.direct(); d != nil {
		if last := r.Status(d)[len(d.Steps)-1]; last.Kept && (&walk{Resolver: r, plan: d}).fresh(len(d.Steps), last.Issued, last.Expires) {
			return len(p.Steps), false
		}
	}
	w := &walk{Resolver: r, plan: p}
	status := r.Status(p)
	n := len(status)
	if last := status[n-1]; last.Kept && w.fresh(n, last.Issued, last.Expires) {
		return n, false
	}
	for first = n - 1; first > 0; first-- {
		if before := status[first-1]; before.Kept && before.Expires.Sub(r.now()) > lastMinute {
			break
		}
	}
	for _, s := range p.Steps[first:] {
		if c, ok := s.(coder); ok {
			if req, ok := c.codeRequest(); ok && r.needsPerson(req) {
				return first, true
			}
		}
		if s, ok := s.(SSOStep); ok && !r.SignInState(s).Signed(r.now()) {
			return first, true
		}
	}
	return first, false
}

// Keys are the cache keys of everything that is kept for a plan, also of the
// way that is taken when AWS refuses an MFA session.
func (p *Plan) Keys() []Key {
	var keys []Key
	for i := range p.Steps {
		if p.keeps(i) {
			keys = append(keys, p.Key(i+1))
		}
	}
	if d := p.direct(); d != nil {
		keys = append(keys, d.Keys()...)
	}
	return keys
}
