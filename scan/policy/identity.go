package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Source is a policy that applies to a user or a role.
type Source struct {
	Name     string // its ARN, or its name if it is inline
	Path     string // where the principal's record names it: "AttachedManagedPolicies[0]"
	Document *Document
}

// Ref points at a statement.
type Ref struct {
	Policy    string // the name of the source
	Path      string // that of the source
	Statement int
	Sid       string
}

// String is how messages name the statement.
func (r Ref) String() string {
	if r.Sid != "" {
		return fmt.Sprintf("statement %s of %s", r.Sid, r.Policy)
	}
	return fmt.Sprintf("statement %d of %s", r.Statement, r.Policy)
}

// Identity is a user or a role together with the policies that say what it may do. The
// policies of resources, of the organization and of sessions are not among them.
type Identity struct {
	Partition, Account string
	ARN                string
	// User is a user's name, which stands for ${aws:username}; "" for a role.
	User string
	// Policies are inline, attached, and those of the groups.
	Policies []Source
	// Boundary caps them; nil means none.
	Boundary *Source
	// Now is the time up to which dates in conditions are past; zero means that none is.
	Now time.Time
}

// Can returns the statements through which the identity may call an action on some of
// the resources that a pattern matches; nil means that it may not. The action has no
// wildcard and is in lower case.
//
// Statements count that hold under no condition, or under none but those which known
// meets, the keys of the request, in lower case, or which ask for nothing.
func (i *Identity) Can(action, resource string, known map[string]string) []Ref {
	return i.may(action, resource, known, (*Statement).reaches)
}

// CanAll is Can for every one of the resources, up to those that denies spare.
func (i *Identity) CanAll(action, resource string, known map[string]string) []Ref {
	return i.may(action, resource, known, (*Statement).spans)
}

// spans says whether an allow is about all that a pattern matches, but for a few that
// NotResource may name.
func (s *Statement) spans(resource string) bool {
	if s.NotResources {
		return !anyWithin(resource, s.Resources)
	}
	return anyWithin(resource, s.Resources)
}

func (i *Identity) may(action, resource string, known map[string]string, fits func(*Statement, string) bool) (out []Ref) {
	for _, p := range i.Policies {
		for n := range p.Document.Statements {
			s := i.own(&p.Document.Statements[n])
			if !s.Allow || !i.given(s, known) || len(s.allows(action)) == 0 || !fits(s, resource) {
				continue
			}
			for _, r := range s.meeting(resource) {
				if !i.denied(action, r, resource) && i.capped(action, r, resource, known) {
					out = append(out, p.ref(s))
					break
				}
			}
		}
	}
	return out
}

// meeting are the patterns of an allow that have something in common with another one.
func (s *Statement) meeting(resource string) (out []string) {
	for _, r := range s.scopes() {
		if Overlap(r, resource) {
			out = append(out, r)
		}
	}
	return out
}

// denied says whether a deny without conditions takes away what two patterns of
// resources have in common.
func (i *Identity) denied(action, a, b string) bool {
	sources := i.Policies
	if i.Boundary != nil {
		sources = append(sources[:len(sources):len(sources)], *i.Boundary)
	}
	return slices.ContainsFunc(sources, func(p Source) bool {
		return slices.ContainsFunc(p.Document.Statements, func(s Statement) bool {
			s = *i.own(&s)
			return !s.Allow && len(s.Conditions) == 0 && s.coversAction(action) && (s.coversResource(a) || s.coversResource(b))
		})
	})
}

// capped says whether the boundary lets through what two patterns have in common.
func (i *Identity) capped(action, a, b string, known map[string]string) bool {
	if i.Boundary == nil {
		return true
	}
	return slices.ContainsFunc(i.Boundary.Document.Statements, func(s Statement) bool {
		s = *i.own(&s)
		return s.Allow && i.given(&s, known) && len(s.allows(action)) > 0 && s.reaches(a) && s.reaches(b)
	})
}

// own is the statement with what is known of the identity in place of its variables.
func (i *Identity) own(s *Statement) *Statement {
	if !slices.ContainsFunc(s.Resources, func(r string) bool { return strings.Contains(r, "${") }) {
		return s
	}
	v := callers(i.Account)
	v["${aws:username}"] = i.User
	return s.with(v)
}

func (p *Source) ref(s *Statement) Ref {
	return Ref{Policy: p.Name, Path: p.Path, Statement: s.Index, Sid: s.Sid}
}
