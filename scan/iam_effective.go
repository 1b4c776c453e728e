package scan

import (
	"fmt"
	"sync"

	"fob/scan/policy"
)

// iamFacts are what follows from the facts of IAM, worked out when a check asks and
// kept, since every principal's verdict may ask about every other.
type iamFacts struct {
	mu         sync.Mutex
	effectives map[string]*effective // by ARN
	strong     map[strongKey]*strong
}

type strongKey struct{ kind, service string }

// strong are the administrators of a kind.
type strong struct {
	arns   []string
	unread []*ReadError // of those that may be some
}

// effective is what an identity may do, or what was not read of it.
type effective struct {
	*policy.Identity
	admin  []policy.Ref // the statements that make it an administrator
	unread []*ReadError
}

// effective puts an identity's policies together.
func (f *Facts) effective(i *Identity) *effective {
	f.iam.mu.Lock()
	defer f.iam.mu.Unlock()
	return f.effectiveLocked(i)
}

func (f *Facts) effectiveLocked(i *Identity) *effective {
	e := f.iam.effectives[i.ARN]
	if e == nil {
		e = f.assemble(i)
		if len(e.unread) == 0 {
			e.admin = e.Admin()
		}
		if f.iam.effectives == nil {
			f.iam.effectives = map[string]*effective{}
		}
		f.iam.effectives[i.ARN] = e
	}
	return e
}

func (f *Facts) assemble(i *Identity) *effective {
	e := &effective{Identity: &policy.Identity{Partition: f.Partition, Account: f.Account, ARN: i.ARN, Now: f.Now}}
	if i.Type == userIdentities.Type {
		e.User = i.Name
	}
	parts := []value{&i.InlinePolicies, &i.AttachedManagedPolicies}
	if i.Type != groups.Type {
		parts = append(parts, &i.PermissionsBoundary)
	}
	if i.Type == userIdentities.Type {
		parts = append(parts, &i.GroupList)
	}
	e.need(parts...)
	e.add(f, "", i.InlinePolicies.V, i.AttachedManagedPolicies.V)
	for n, name := range i.GroupList.V {
		g := f.group(name)
		if g == nil {
			e.unread = append(e.unread, notThere("group "+name))
			continue
		}
		e.need(&g.InlinePolicies, &g.AttachedManagedPolicies)
		e.add(f, fmt.Sprintf("GroupList[%d]", n), g.InlinePolicies.V, g.AttachedManagedPolicies.V)
	}
	if arn := i.PermissionsBoundary.V.PermissionsBoundaryArn; arn != "" {
		e.Boundary = e.managed(f, arn, "PermissionsBoundary")
	}
	return e
}

// need keeps why values were not read.
func (e *effective) need(values ...value) {
	for _, v := range values {
		if state, err := v.known(); state == Unread {
			e.unread = append(e.unread, orNotPlanned(err))
		}
	}
}

// add takes up policies, of the identity itself or of a group, which path then names.
func (e *effective) add(f *Facts, path string, inline []InlinePolicy, attached []AttachedPolicy) {
	at := func(own string) string {
		if path != "" {
			return path
		}
		return own
	}
	for n := range inline {
		e.Policies = append(e.Policies, policy.Source{
			Name: inline[n].PolicyName, Path: at(fmt.Sprintf("InlinePolicies[%d].PolicyDocument", n)), Document: &inline[n].PolicyDocument,
		})
	}
	for n, a := range attached {
		if source := e.managed(f, a.PolicyArn, at(fmt.Sprintf("AttachedManagedPolicies[%d]", n))); source != nil {
			e.Policies = append(e.Policies, *source)
		}
	}
}

// managed looks up a managed policy; what is missing is kept as unread.
func (e *effective) managed(f *Facts, arn, path string) *policy.Source {
	p := Find[Policy](f, arn)
	switch {
	case p == nil:
		e.unread = append(e.unread, notThere("policy "+arn))
	case !p.Document.Present():
		e.unread = append(e.unread, orNotPlanned(p.Document.Err))
	default:
		return &policy.Source{Name: arn, Path: path, Document: &p.Document.V}
	}
	return nil
}

// notThere: IAM names something that its answer does not hold.
func notThere(what string) *ReadError {
	return unreadOr(nil, authorizationDetails, what)
}

func (f *Facts) group(name string) *Group {
	for _, g := range All[Group](f, "") {
		if g.Name == name {
			return g
		}
	}
	return nil
}
