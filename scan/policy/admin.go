package policy

import "slices"

// Admin returns the statements that make the identity an administrator; nil means that
// it is none. It is one if every action is allowed on every resource without a
// condition, by its policies and by its boundary. What a deny or an exception takes
// away of that counts only if it leaves no way to get it back: who may write policies
// may do anything. A deny with a condition takes nothing away.
func (i *Identity) Admin() []Ref {
	refs, whole := i.full(i.Policies)
	if i.Boundary != nil && refs != nil {
		more, boundaryWhole := i.full([]Source{*i.Boundary})
		if more == nil {
			return nil
		}
		refs, whole = append(refs, more...), whole && boundaryWhole
	}
	if refs == nil || whole && !i.deniesAnything() || len(i.Escalations(nil)) > 0 {
		return refs
	}
	return nil
}

func (i *Identity) deniesAnything() bool {
	sources := i.Policies
	if i.Boundary != nil {
		sources = append(sources[:len(sources):len(sources)], *i.Boundary)
	}
	return slices.ContainsFunc(sources, func(p Source) bool {
		return slices.ContainsFunc(p.Document.Statements, func(s Statement) bool { return !s.Allow && len(s.Conditions) == 0 })
	})
}

// full returns the statements of policies that allow everything, or everything but
// some; whole says that one of them has no exception.
func (i *Identity) full(sources []Source) (refs []Ref, whole bool) {
	for _, p := range sources {
		for n := range p.Document.Statements {
			s := &p.Document.Statements[n]
			if !s.Allow || !s.NotActions && !slices.Contains(s.Actions, "*") || !s.EveryResource() || !i.given(s, nil) {
				continue
			}
			refs = append(refs, p.ref(s))
			whole = whole || len(s.exceptions()) == 0
		}
	}
	return refs, whole
}

// exceptions are what NotAction and NotResource leave out.
func (s *Statement) exceptions() (out []string) {
	if s.NotActions {
		out = append(out, s.Actions...)
	}
	if s.NotResources {
		out = append(out, s.Resources...)
	}
	return out
}

// Full says whether the statement allows an identity, of whom no more than the account
// need be known, every action on every resource, without an exception and without a
// condition that asks for something.
func (s *Statement) Full(to *Identity) bool {
	return s.Allow && !s.NotActions && !s.NotResources && slices.Contains(s.Actions, "*") && s.EveryResource() && to.given(s, nil)
}

// EveryResource says whether the statement is about every resource, or, by
// NotResource, about all but some.
func (s *Statement) EveryResource() bool {
	if s.NotResources {
		return !slices.ContainsFunc(s.Resources, everyResource)
	}
	return slices.ContainsFunc(s.Resources, everyResource)
}

// everyResource: an ARN may say so part by part, and name its partition.
func everyResource(pattern string) bool {
	return slices.ContainsFunc([]string{"arn:*:*:*:*:*", "arn:aws:*:*:*:*", "arn:aws-cn:*:*:*:*", "arn:aws-us-gov:*:*:*:*"},
		func(every string) bool { return Within(every, pattern) })
}

// AllowsOn says whether the document, taken by itself, lets its owner, who is of an
// account, call an action on every one of the resources that a pattern matches, whatever
// the conditions; and through which statements. A condition that passes the test makes a
// statement not count.
func (d *Document) AllowsOn(account, action, resource string, harmless func(*Condition) bool) (out []*Statement) {
	known := callers(account)
	for n := range d.Statements {
		s := d.Statements[n].with(known)
		if !s.Allow || len(s.allows(action)) == 0 || !s.spans(resource) || s.demands().Every(harmless) {
			continue
		}
		denied := slices.ContainsFunc(d.Statements, func(deny Statement) bool {
			return !deny.Allow && len(deny.Conditions) == 0 && deny.coversAction(action) && deny.with(known).coversResource(resource)
		})
		if !denied {
			out = append(out, s)
		}
	}
	return out
}
