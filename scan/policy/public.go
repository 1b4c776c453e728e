package policy

import "slices"

// Query narrows a question to a policy.
type Query struct {
	// Actions are the patterns asked about, in lower case; nil means any action.
	Actions []string
	// Binding are condition keys of the service that bind beside the usual, in lower case.
	Binding []string
	// Signed says that what is asked about takes no request that nobody signed.
	Signed bool
}

func (q Query) actions() []string {
	if q.Actions == nil {
		return []string{"*"}
	}
	return q.Actions
}

// Grant is what a statement lets somebody do.
type Grant struct {
	Statement int
	Sid       string
	Actions   []string // the patterns of the statement that answer the question
	Written   []string // the same as the document writes them
}

// grant is what is left of a statement.
func (s *Statement) grant(actions []string) Grant {
	g := Grant{Statement: s.Index, Sid: s.Sid, Actions: actions}
	for _, a := range actions {
		if i := slices.Index(s.Actions, a); i >= 0 && !s.NotActions && i < len(s.written) {
			a = s.written[i]
		}
		g.Written = append(g.Written, a)
	}
	return g
}

// Public returns the statements that let everyone act: an Allow for everyone whose
// conditions bind nobody, as far as no Deny takes it away again.
func (d *Document) Public(q Query) (out []Grant) {
	for i := range d.Statements {
		s := &d.Statements[i]
		if !s.Allow || !s.Everyone() || s.demands().Bind(q.Binding...) {
			continue
		}
		if !s.NotPrincipals { // whom it names beside everyone, a deny may spare
			s = s.naming(slices.DeleteFunc(slices.Clone(s.Principals), func(p Principal) bool { return !p.Everyone() })...)
		}
		bound := func(ds Demands) bool { return ds.Bind(q.Binding...) && (q.Signed || !ds.spareUnsigned()) }
		if actions := d.remaining(s, q.actions(), bound); len(actions) > 0 {
			out = append(out, s.grant(actions))
		}
	}
	return out
}

// remaining are the patterns of an Allow that cover some of what is asked about, and
// that no Deny takes away. A Deny that spares some takes away, too, where enough says
// that what it demands of them is enough.
func (d *Document) remaining(s *Statement, asked []string, enough func(Demands) bool) (out []string) {
	for _, want := range asked {
		for _, a := range s.allows(want) {
			open := slices.ContainsFunc(s.scopes(), func(r string) bool {
				return !slices.ContainsFunc(d.Statements, func(deny Statement) bool {
					// What is granted lies in both patterns, so it is enough to cover one.
					if !deny.takes(s, r) || !deny.coversAction(a) && !deny.coversAction(want) {
						return false
					}
					if len(deny.Conditions) == 0 {
						return true
					}
					demand, ok := deny.spares()
					return ok && enough(Demands{demand})
				})
			})
			if open && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// Demands are what callers have to meet to be allowed by a statement: its own
// conditions, and those of the denies that are about all of it.
func (d *Document) Demands(s *Statement) Demands {
	out := s.demands()
	for i := range d.Statements {
		deny := &d.Statements[i]
		if len(deny.Conditions) == 0 || !d.coversAll(deny, s) {
			continue
		}
		if demand, ok := deny.spares(); ok {
			out = append(out, demand)
		}
	}
	return out
}

// coversAll says whether a deny is about all that an allow is about.
func (d *Document) coversAll(deny, s *Statement) bool {
	for _, r := range s.scopes() {
		if !deny.takes(s, r) {
			return false
		}
	}
	actions := s.Actions
	if s.NotActions {
		actions = []string{"*"}
	}
	return all(actions, deny.coversAction)
}
