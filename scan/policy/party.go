package policy

import "slices"

// Party is somebody whom a policy lets act.
type Party struct {
	Grant
	// Principal is the name that the statement has. It is everyone where the policy
	// names nobody: then the demands may say who.
	Principal Principal
	// Account lies behind the name, or is one of those that the demands leave of
	// everyone. It is "" for names that lie in none, and for everyone else.
	Account string
	// Demands are what the party has to meet beside its name.
	Demands Demands
}

// Parties returns whom a policy lets act, statement by statement, each name once, and
// of everyone, each account that the conditions leave. Deleted users and roles match
// nobody, but are among them. So is everyone, bound or not: see [Document.Public].
func (d *Document) Parties(q Query) (out []Party) {
	for i := range d.Statements {
		s := &d.Statements[i]
		if !s.Allow {
			continue
		}
		for _, p := range d.parties(s) {
			one := s.naming(p)
			actions := d.remaining(one, q.actions(), func(Demands) bool { return false })
			if len(actions) > 0 {
				out = append(out, p.among(one.grant(actions), d.Demands(one))...)
			}
		}
	}
	return out
}

// parties are the names of an allow. With NotPrincipal they are everyone; of everyone, a
// deny with NotPrincipal leaves those whom it names.
func (d *Document) parties(s *Statement) []Principal {
	names := s.Principals
	if s.NotPrincipals {
		names = []Principal{{"AWS", "*"}}
	}
	var out []Principal
	for _, p := range names {
		left := []Principal{p}
		if p.Everyone() {
			left = append(left, d.spared(s.naming(p))...)
		}
		for _, p := range left {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// spared are the accounts and what lies in them that the denies about all of an allow
// name with NotPrincipal.
func (d *Document) spared(s *Statement) (out []Principal) {
	for i := range d.Statements {
		deny := &d.Statements[i]
		if !deny.NotPrincipals || len(deny.Conditions) > 0 || !d.coversAll(deny, s) {
			continue
		}
		for _, p := range deny.Principals {
			if p.Kind == "AWS" && p.Account() != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// among is the party that a name is, as far as the demands leave it.
func (p Principal) among(g Grant, demands Demands) (out []Party) {
	left, named := demands.Accounts()
	party := Party{Grant: g, Principal: p, Account: p.Account(), Demands: demands}
	switch {
	case p.Everyone() && named:
		for _, account := range left {
			party.Account = account
			out = append(out, party)
		}
		return out
	case named && party.Account != "" && p.Kind == "AWS" && !slices.Contains(left, party.Account):
		return nil
	}
	return []Party{party}
}
