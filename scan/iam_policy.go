package scan

import (
	"fmt"
	"slices"
	"strings"

	"fob/scan/policy"
)

func iamPolicyChecks() []Check {
	const types = "AWS::IAM::ManagedPolicy;AWS::IAM::InlinePolicy"
	needs := []string{"Document"}
	return []Check{
		Each(policies, Check{
			ID: "iam-policy-admin-star", Title: "Attached policy grants full admin", Severity: High,
			Service: "iam", Type: types,
			Why:   "Whoever takes over one of those that have the policy has the account.",
			Fix:   "Attach a policy with what is needed; keep administration for roles that are taken with MFA.",
			Refs:  []string{"cis-1.2:1.22", "cis-3.0:1.16", "cis-5.0:1.15", "cis-7.0:2.14", "fsbp:IAM.1", "scoutsuite:iam-managed-policy-allows-full-privileges"},
			Needs: needs,
		}, policyAdminStar),
		Each(policies, Check{
			ID: "iam-policy-notaction", Title: "Allow statement uses NotAction", Severity: Medium,
			Service: "iam", Type: types,
			Why:   "It allows everything that it does not name, and whatever AWS adds later.",
			Fix:   "Name the actions that are needed; deny by a statement of its own what must not be.",
			Refs:  []string{"scoutsuite:iam-managed-policy-allows-NotActions", "scoutsuite:iam-inline-policy-allows-NotActions"},
			Needs: needs,
		}, ownPolicy(policyNotAction)),
		Each(policies, Check{
			ID: "iam-policy-passrole-any", Title: "PassRole allowed on every role", Severity: High,
			Service: "iam", Type: types,
			Why:   "Who may start a machine or function and pass it any role has the rights of the strongest role.",
			Fix:   "Name the roles that may be passed, or demand iam:PassedToService.",
			Refs:  []string{"scoutsuite:iam-managed-policy-for-role", "scoutsuite:iam-inline-policy-for-role"},
			Needs: needs,
		}, ownPolicy(policyPassRole)),
		Each(policies, Check{
			ID: "iam-policy-assume-any", Title: "AssumeRole allowed on every role", Severity: Medium,
			Service: "iam", Type: types,
			Why:   "Every role that trusts the account, here and in others, is open to whoever has the policy.",
			Fix:   "Name the roles, or demand aws:ResourceAccount or aws:ResourceOrgID.",
			Refs:  []string{"scoutsuite:iam-managed-policy-for-role", "scoutsuite:iam-inline-policy-for-role"},
			Needs: needs,
		}, ownPolicy(policyAssumeRole)),
	}
}

// ownPolicy asks only of policies that the account wrote itself.
func ownPolicy(ask func(*Policy, *Params) Verdict) func(*Policy, *Params) Verdict {
	return func(pol *Policy, p *Params) Verdict {
		if awsManaged(pol.ARN) {
			return Verdict{}
		}
		return ask(pol, p)
	}
}

// failAt makes a failure whose evidence are statements of the document.
func failAt(statements []*policy.Statement, format string, args ...any) Verdict {
	v := Fail(format, args...)
	for _, s := range statements {
		v = v.At(fmt.Sprintf("Document.Statement[%d]", s.Index), s.Sid)
	}
	return v
}

func policyAdminStar(pol *Policy, p *Params) Verdict {
	var full []*policy.Statement
	bearer := bearer(pol, p)
	for n := range pol.Document.V.Statements {
		if s := &pol.Document.V.Statements[n]; s.Full(bearer) {
			full = append(full, s)
		}
	}
	switch {
	case awsManaged(pol.ARN) && len(full) == 0:
		return Verdict{}
	case len(full) == 0:
		return Pass("no statement allows everything")
	case pol.Owner != "":
		return failAt(full, "the inline policy allows everything to %s", pol.Owner)
	}
	others, excepted := attachedTo(pol, p)
	switch {
	case len(others) > 0:
		return failAt(full, "the policy allows everything, and is attached to %s", firstOf(others)).At("AttachmentCount", others)
	case awsManaged(pol.ARN) && len(excepted) > 0:
		return Pass("the policy is attached to %d roles that are meant to have it", len(excepted)).At("AttachmentCount", excepted)
	case pol.AttachmentCount > len(excepted):
		return failAt(full, "the policy allows everything, and is attached to %d identities", pol.AttachmentCount).At("AttachmentCount", pol.AttachmentCount)
	}
	return NotApplicable("the policy is attached to nobody")
}

// bearer is what is known of whoever has the policy.
func bearer(pol *Policy, p *Params) *policy.Identity {
	return &policy.Identity{Partition: p.Partition, Account: p.Account, ARN: pol.Owner, Now: p.Now}
}

// attachedTo returns who has a policy. Of AWS's own, roles that are meant to have it
// are told apart.
func attachedTo(pol *Policy, p *Params) (others, excepted []string) {
	meant := p.Strings("roles", "AWSReservedSSO_*")
	for _, i := range attachers(p.Facts) {
		if !slices.ContainsFunc(i.AttachedManagedPolicies.V, func(a AttachedPolicy) bool { return a.PolicyArn == pol.ARN }) {
			continue
		}
		if awsManaged(pol.ARN) && i.Type == roles.Type && slices.ContainsFunc(meant, func(m string) bool { return policy.Match(m, i.Name) }) {
			excepted = append(excepted, i.ARN)
		} else {
			others = append(others, i.ARN)
		}
	}
	return others, excepted
}

// firstOf names the first of a list.
func firstOf(list []string) string {
	const most = 3
	if len(list) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}

func policyNotAction(pol *Policy, _ *Params) Verdict {
	var wide []*policy.Statement
	for n := range pol.Document.V.Statements {
		if s := &pol.Document.V.Statements[n]; s.Allow && s.NotActions && s.EveryResource() {
			wide = append(wide, s)
		}
	}
	if len(wide) > 0 {
		return failAt(wide, "everything is allowed but %s", firstOf(wide[0].Actions))
	}
	return Pass("no statement allows by NotAction on everything")
}

func policyPassRole(pol *Policy, p *Params) Verdict {
	every := "arn:" + p.Partition + ":iam::" + p.Account + ":role/*"
	return onEvery(pol, p, "iam:passrole", every, "every role may be passed, to any service", func(c *policy.Condition) bool {
		return c.Is("iam:passedtoservice", policy.Fixed) || c.Is("iam:associatedresourcearn", fixedService)
	})
}

// fixedService says whether an ARN names the service.
func fixedService(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && policy.Fixed(parts[2])
}

// policyAssumeRole: aws:PrincipalOrgID does not help, since it describes the caller. As a
// variable it does: roles have to be of the organization that the caller is of.
func policyAssumeRole(pol *Policy, p *Params) Verdict {
	every := "arn:" + p.Partition + ":iam::*:role/*"
	return onEvery(pol, p, "sts:assumerole", every, "every role of every account may be taken", func(c *policy.Condition) bool {
		organization := fixedOr("${aws:PrincipalOrgID}")
		return c.Is("aws:resourceaccount", fixedOr("${aws:PrincipalAccount}")) || c.Is("aws:resourceorgid", organization) ||
			c.Is("aws:resourceorgpaths", func(v string) bool { org, _, _ := strings.Cut(v, "/"); return organization(org) })
	})
}

// fixedOr takes what stands for one thing, and a variable that does for each caller.
func fixedOr(variable string) func(string) bool {
	return func(v string) bool { return policy.Fixed(v) || strings.EqualFold(v, variable) }
}

// onEvery fails a policy that allows an action on everything of a kind, whole
// administration aside, which is a check of its own.
func onEvery(pol *Policy, p *Params, action, every, message string, harmless func(*policy.Condition) bool) Verdict {
	found := pol.Document.V.AllowsOn(p.Account, action, every, harmless)
	if len(found) == 0 {
		return Pass("no statement allows %s on every role", action)
	}
	bearer := bearer(pol, p)
	found = slices.DeleteFunc(found, func(s *policy.Statement) bool { return s.Full(bearer) })
	if len(found) == 0 {
		return NotApplicable("the policy allows everything")
	}
	return failAt(found, "%s", message)
}
