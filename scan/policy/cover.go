package policy

import "slices"

// allows are the patterns through which a statement allows some of what want matches.
func (s *Statement) allows(want string) (out []string) {
	if s.NotActions {
		if !anyWithin(want, s.Actions) {
			return []string{want}
		}
		return nil
	}
	for _, a := range s.Actions {
		if Overlap(a, want) {
			out = append(out, a)
		}
	}
	return out
}

// reaches says whether the statement is about some resource that the pattern matches.
func (s *Statement) reaches(resource string) bool {
	if s.NotResources {
		return !anyWithin(resource, s.Resources)
	}
	return anyOverlap(resource, s.Resources)
}

// coversAction says whether a statement is about every action that the pattern matches.
func (s *Statement) coversAction(pattern string) bool {
	if s.NotActions {
		return !anyOverlap(pattern, s.Actions)
	}
	return anyWithin(pattern, s.Actions)
}

// coversResource says whether a statement is about every resource that the pattern
// matches.
func (s *Statement) coversResource(pattern string) bool {
	if s.NotResources {
		return !anyOverlap(pattern, s.Resources)
	}
	return anyWithin(pattern, s.Resources)
}

func anyWithin(pattern string, outer []string) bool {
	return slices.ContainsFunc(outer, func(o string) bool { return Within(pattern, o) })
}

func anyOverlap(pattern string, others []string) bool {
	return slices.ContainsFunc(others, func(o string) bool { return Overlap(pattern, o) })
}

// scopes are the patterns of resources that a statement is about. One with no
// resources, as in trust policies, is about the only one that there is, "".
func (s *Statement) scopes() []string {
	switch {
	case s.NotResources:
		return []string{"*"}
	case s.Resources == nil:
		return []string{""}
	}
	return s.Resources
}

// takes says whether a deny is about all that is done to a resource by whom the allow
// is about, its conditions aside.
func (s *Statement) takes(allow *Statement, resource string) bool {
	return !s.Allow && s.concerns(allow) && (s.Resources == nil && resource == "" || s.coversResource(resource))
}

// concerns says whether a deny is about everybody whom the allow is about. One with
// NotPrincipal is taken to be about everyone, but not about whom it names.
func (s *Statement) concerns(allow *Statement) bool {
	if allow.NotPrincipals {
		return s.Everyone()
	}
	return !slices.ContainsFunc(allow.Principals, func(p Principal) bool { return !s.denies(p) })
}

func (s *Statement) denies(p Principal) bool {
	switch {
	case !s.NotPrincipals:
		return slices.ContainsFunc(s.Principals, func(q Principal) bool { return q.star() || p == q })
	case p.Everyone():
		return s.Everyone()
	}
	return !slices.ContainsFunc(s.Principals, func(q Principal) bool { return q.shares(p) })
}

// shares says whether two names may be about the same caller: an account's root stands
// for all of the account.
func (p Principal) shares(q Principal) bool {
	return p == q || p.Everyone() || p.Account() != "" && p.Account() == q.Account()
}

// naming is the statement for some of its principals alone.
func (s *Statement) naming(principals ...Principal) *Statement {
	some := *s
	some.Principals, some.NotPrincipals = principals, false
	return &some
}
