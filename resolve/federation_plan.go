package resolve

import (
	"context"
	"time"
)

// ConsoleWay is how credentials get their owner into the console.
type ConsoleWay int

// The ways.
const (
	// ByRole: the credentials are a role's and go in as they are.
	ByRole ConsoleWay = iota + 1
	// ByFederation: they are a user's key, which needs [Resolver.Federate].
	ByFederation
	// ByIdentity: only the credentials themselves tell, see [Resolver.ConsoleWay].
	ByIdentity
)

// ForConsole is the plan whose credentials lead into the console, and by which way.
// An MFA session does not, so that the key below it is what is left: then
// the device is not asked for. length is how long the console session is to last,
// zero when that was not said; takes is false where AWS is known to take none.
func (p *Plan) ForConsole(length time.Duration) (plan *Plan, way ConsoleWay, takes bool) {
	n := len(p.Steps)
	switch s := p.Steps[n-1].(type) {
	case MFAStep:
		cut := *p
		cut.Steps = p.Steps[:n-1]
		return &cut, ByFederation, true
	case KeyStep:
		return p, ByFederation, true
	case StaticStep:
		if s.Token.Empty() {
			return p, ByFederation, true
		}
		return p, ByIdentity, true
	case ProcessStep, LoginStep:
		return p, ByIdentity, true
	case RoleStep:
		if d := p.direct(); d != nil && length > 0 && longLived(d.Steps[:len(d.Steps)-1]) {
			return d, ByRole, true // from an MFA session AWS would take no length
		}
		return p, ByRole, longLived(p.Steps[:n-1])
	}
	return p, ByRole, true // a web identity, IAM Identity Center, an instance or a container
}

// staleRole is how old a kept role may be when it goes into the console, whose
// session ends with it.
const staleRole = 15 * time.Minute

// anew is a step whose kept result is passed over, and whose new one is not kept.
type anew struct{ Step }

func (anew) keeps() bool { return false }

// Renewed is a role's credentials once more when they were kept for a while, so that
// a console session does not end after minutes. Where that would ask a person, or
// fails, they are what was there.
func (r *Resolver) Renewed(ctx context.Context, p *Plan, c Credentials) Credentials {
	n := len(p.Steps)
	if c.Issued.IsZero() || r.now().Sub(c.Issued) < staleRole || sendCode(p.Steps[n-1:]) {
		return c
	}
	again := *p
	again.Steps = append(append([]Step{}, p.Steps[:n-1]...), anew{p.Steps[n-1]})
	if _, person := r.Next(&again); person {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, renewalLimit)
	defer cancel()
	if better, err := r.Resolve(ctx, &again); err == nil && better.Left(r.now()) > c.Left(r.now()) {
		return better
	}
	return c
}
