package scan

import (
	"fmt"
	"slices"
	"strings"

	"fob/scan/policy"
)

func iamIdentityChecks() []Check {
	return []Check{
		Each(users, Check{
			ID: "iam-user-admin", Title: "IAM user is an administrator", Severity: High,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "A user's key or password lives for years, and whoever has it may do everything.",
			Fix:   "Give administration to a role that is taken with MFA, and let the user do nothing but take it.",
			Reads: []string{"InlinePolicies", "AttachedManagedPolicies", "GroupList", "PermissionsBoundary"},
		}, userAdmin),
		Each(userIdentities, Check{
			ID: "iam-policy-privesc", Title: "Principal can escalate to admin", Severity: High,
			Service: "iam", Type: "AWS::IAM::User;AWS::IAM::Role",
			Why:   "Some permissions are as good as all: who may write policies, or pass a strong role to a machine, is an administrator by one more call.",
			Fix:   "Take away the permission, name the resources that are needed, or cap it by a permissions boundary.",
			Reads: []string{"InlinePolicies", "AttachedManagedPolicies", "GroupList", "PermissionsBoundary"},
		}, privilegeEscalation),
		Each(accounts, Check{
			ID: "iam-support-role", Title: "Nobody can open AWS Support incidents", Severity: Low,
			Service: "iam", Type: "AWS::Account",
			Why:   "In an incident nobody can talk to AWS without first being given the permission.",
			Fix:   "Attach AWSSupportAccess to a role that those on call may take.",
			Refs:  []string{"cis-1.2:1.20", "cis-3.0:1.17", "cis-5.0:1.16", "cis-7.0:2.15", "fsbp:IAM.18", "scoutsuite:iam-no-support-role"},
			Needs: []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"},
		}, supportRole),
	}
}

func userAdmin(u *User, p *Params) Verdict {
	if gone(&u.AttachedManagedPolicies) {
		return Verdict{}
	}
	e := p.effective((*Identity)(u))
	switch {
	case len(e.unread) > 0:
		return Unknown(e.unread...)
	case e.admin != nil:
		return Fail("the user may do everything: %s", e.admin[0]).refs(e.admin)
	}
	return Pass("the user may not do everything")
}

// refs adds statements as evidence, each once.
func (v Verdict) refs(refs []policy.Ref) Verdict {
	seen := map[policy.Ref]bool{}
	for _, r := range refs {
		if !seen[r] {
			v = v.At(r.Path, r.String())
		}
		seen[r] = true
	}
	return v
}

// serviceLinked says whether a role belongs to a service of AWS, which alone may take
// it and change it.
func serviceLinked(arn string) bool { return strings.Contains(arn, ":role/aws-service-role/") }

func privilegeEscalation(i *Identity, p *Params) Verdict {
	switch {
	case gone(&i.AttachedManagedPolicies):
		return Verdict{}
	case serviceLinked(i.ARN):
		return NotApplicable("only a service of AWS can take the role")
	}
	e := p.effective(i)
	switch {
	case len(e.unread) > 0:
		return Unknown(e.unread...)
	case e.admin != nil:
		return Pass("it is an administrator already")
	}
	around := &surroundings{Facts: p.Facts, self: i}
	ways := e.Escalations(around)
	switch {
	case len(ways) > 0:
		var refs []policy.Ref
		for _, w := range ways {
			refs = append(refs, w.Statements...)
		}
		return Fail("it reaches more than it was given by %s", escalations(ways)).refs(refs)
	case len(around.unread) > 0:
		return Unknown(around.unread...)
	}
	return Pass("no set of actions that is known to escalate is allowed")
}

// escalations names ways, those on the same thing together. Who may nearly everything
// has some dozens.
func escalations(ways []policy.Escalation) string {
	const most = 5
	var out []string
	for n, w := range ways {
		if slices.ContainsFunc(ways[:n], func(before policy.Escalation) bool { return before.Through == w.Through }) {
			continue
		}
		var names []string
		for _, other := range ways[n:] {
			if other.Through == w.Through {
				names = append(names, other.Name)
			}
		}
		if len(names) > most {
			names = append(names[:most-1], fmt.Sprintf("%d more ways", len(names)-most+1))
		}
		out = append(out, strings.Join(names, "; ")+" on "+w.Through)
	}
	return strings.Join(out, "; ")
}

func supportRole(_ *Account, p *Params) Verdict {
	var missing []*ReadError
	for _, i := range attachers(p.Facts) {
		for _, a := range i.AttachedManagedPolicies.V {
			if awsManaged(a.PolicyArn) && strings.HasSuffix(a.PolicyArn, "/AWSSupportAccess") {
				return Pass("AWSSupportAccess is attached to %s", i.Name)
			}
		}
		if !i.AttachedManagedPolicies.Known() {
			missing = append(missing, orNotPlanned(i.AttachedManagedPolicies.Err))
		}
	}
	if len(missing) > 0 {
		return Unknown(missing...)
	}
	return Fail("AWSSupportAccess is attached to no user, group or role")
}

// attachers are the users, roles and groups, without users that are gone.
func attachers(f *Facts) (out []*Identity) {
	for _, i := range All[Identity](f, "") {
		if !gone(&i.AttachedManagedPolicies) {
			out = append(out, i)
		}
	}
	for _, g := range All[Group](f, "") {
		out = append(out, (*Identity)(g))
	}
	return out
}
