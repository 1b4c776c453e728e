package scan

import (
	"slices"
	"strings"

	"fob/scan/policy"
)

// surroundings are what an identity reaches in its account.
type surroundings struct {
	*Facts
	self   *Identity
	unread []*ReadError // of principals that may be stronger
}

// Own implements policy.Surroundings.
func (s *surroundings) Own() (policies, groups []string) {
	list := slices.Clone(s.self.AttachedManagedPolicies.V)
	for _, name := range s.self.GroupList.V {
		if g := s.group(name); g != nil {
			groups = append(groups, g.ARN)
			list = append(list, g.AttachedManagedPolicies.V...)
		}
	}
	for _, p := range list {
		if !awsManaged(p.PolicyArn) {
			policies = append(policies, p.PolicyArn)
		}
	}
	return policies, groups
}

// awsManaged says whether a policy is AWS's own.
func awsManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:policy/") }

// Stronger implements policy.Surroundings.
func (s *surroundings) Stronger(kind, service string) []string {
	found := s.strong(strongKey{kind, service})
	for _, err := range found.unread {
		if !slices.Contains(s.unread, err) {
			s.unread = append(s.unread, err)
		}
	}
	_, own := s.Own()
	return slices.DeleteFunc(slices.Clone(found.arns), func(arn string) bool { return arn == s.self.ARN || slices.Contains(own, arn) })
}

// Others implements policy.Surroundings. Roles that a service made for itself can be
// changed by it alone.
func (s *surroundings) Others(kind string) (arns []string) {
	for _, i := range attachers(s.Facts) {
		if i.Type == typeOfKind(kind) && i.ARN != s.self.ARN && !serviceLinked(i.ARN) && !strings.Contains(i.ARN, ":role/aws-reserved/") {
			arns = append(arns, i.ARN)
		}
	}
	return arns
}

// strong returns the users, groups or roles that may everything; of roles, those that a
// service can take, "" for any.
func (f *Facts) strong(k strongKey) *strong {
	f.iam.mu.Lock()
	defer f.iam.mu.Unlock()
	s := f.iam.strong[k]
	if s == nil {
		s = f.strongLocked(k)
		if f.iam.strong == nil {
			f.iam.strong = map[strongKey]*strong{}
		}
		f.iam.strong[k] = s
	}
	return s
}

func (f *Facts) strongLocked(k strongKey) *strong {
	s := &strong{}
	for _, i := range attachers(f) {
		if i.Type != typeOfKind(k.kind) {
			continue
		}
		e := f.effectiveLocked(i)
		if e.admin == nil && len(e.unread) == 0 {
			continue
		}
		takes, err := k.service == "", (*ReadError)(nil)
		if !takes {
			takes, err = f.takenBy(i.ARN, k.service)
		}
		switch {
		case err != nil:
			s.unread = append(s.unread, err)
		case takes:
			s.unread = append(s.unread, e.unread...)
			if e.admin != nil {
				s.arns = append(s.arns, i.ARN)
			}
		}
	}
	return s
}

// typeOfKind is the type of what an ARN calls a user, a group or a role.
func typeOfKind(kind string) string {
	switch kind {
	case "user":
		return userIdentities.Type
	case "group":
		return groups.Type
	}
	return roleIdentities.Type
}

// takenBy says whether a service may take a role.
func (f *Facts) takenBy(arn, service string) (bool, *ReadError) {
	r := Find[Role](f, arn)
	if r == nil || !r.AssumeRolePolicyDocument.Present() {
		return false, notThere("trust of " + arn)
	}
	return slices.ContainsFunc(r.AssumeRolePolicyDocument.V.Parties(assumes), func(p policy.Party) bool {
		return p.Principal.Kind == "Service" && slices.Contains(policy.Services(service, f.Partition), p.Principal.Name) || p.Principal.Everyone()
	}), nil
}
