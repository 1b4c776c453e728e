package policy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Principal is one name in a Principal element.
type Principal struct {
	Kind string // AWS, Service, Federated, CanonicalUser
	// Name is "*", an ARN, a service such as "sns.amazonaws.com", a canonical user's
	// id, or the id of a user or role that was deleted. An account's bare id is written
	// as the ARN of its root.
	Name string
}

// String is the name as policies spell it: "AWS:*".
func (p Principal) String() string { return p.Kind + ":" + p.Name }

// Everyone says whether the name stands for any caller. AWS takes a star in place of a
// name and nowhere else; should one stand in place of an account, it is everyone too.
func (p Principal) Everyone() bool {
	return p.Name == "*" || p.Kind == "*" || strings.ContainsAny(arnAccount(p.Name), "*?")
}

// Account is the twelve digits of the account that the name lies in: those of a user,
// a role, a session, a root, or an identity provider. It is "" for names that lie in
// none: services, canonical users, CloudFront's identities, deleted users and roles.
func (p Principal) Account() string {
	if account := arnAccount(p.Name); isAccountID(account) {
		return account
	}
	return ""
}

// Deleted says whether the name is the id of a user or role that is no more, which is
// what AWS leaves in a policy in place of the ARN. It matches nobody.
func (p Principal) Deleted() bool {
	return p.Kind == "AWS" && (strings.HasPrefix(p.Name, "AIDA") || strings.HasPrefix(p.Name, "AROA"))
}

// principals is a Principal element: "*", or names by kind.
type principals []Principal

func (p *principals) UnmarshalJSON(raw []byte) error {
	var star string
	if json.Unmarshal(raw, &star) == nil && star == "*" {
		*p = principals{{"AWS", "*"}}
		return nil
	}
	var kinds object
	if err := json.Unmarshal(raw, &kinds); err != nil {
		return err
	}
	*p = principals{}
	for lower, raw := range kinds {
		kind, ok := principalKind(lower)
		if !ok {
			return fmt.Errorf("%.40q is no kind of principal", lower)
		}
		var names many[text]
		if err := json.Unmarshal(raw, &names); err != nil {
			return err
		}
		for _, name := range names {
			*p = append(*p, Principal{kind, principalName(kind, string(name))})
		}
	}
	slices.SortFunc(*p, func(a, b Principal) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	*p = slices.Compact(*p)
	return nil
}

func principalKind(lower string) (kind string, ok bool) {
	for _, k := range [...]string{"AWS", "Service", "Federated", "CanonicalUser", "*"} {
		if strings.ToLower(k) == lower {
			return k, true
		}
	}
	return "", false
}

func principalName(kind, name string) string {
	if kind == "AWS" && isAccountID(name) {
		return "arn:aws:iam::" + name + ":root"
	}
	return name
}

func isAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// arnAccount is the account in an ARN, "" in what is none.
func arnAccount(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// star says whether it is the star itself: what a deny has to name to be about all.
func (p Principal) star() bool { return p.Kind == "AWS" && p.Name == "*" || p.Kind == "*" }

// Everyone says whether the statement is about any caller at all. One with
// NotPrincipal is, too: it is about all but a few. In doubt an allow is, and a deny is
// not.
func (s *Statement) Everyone() bool {
	test := Principal.star
	if s.Allow != s.NotPrincipals {
		test = Principal.Everyone
	}
	return s.NotPrincipals != slices.ContainsFunc(s.Principals, test)
}
