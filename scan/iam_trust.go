package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fob/scan/policy"
)

func iamTrustChecks() []Check {
	needs := []string{"AssumeRolePolicyDocument"}
	return []Check{
		Each(roles, Check{
			ID: "iam-role-trust-public", Title: "Role can be assumed by anyone", Severity: Critical,
			Service: "iam", Type: "AWS::IAM::Role",
			Why:   "Anybody with an AWS account, whichever it is, can take the role.",
			Fix:   "Name the accounts or roles that may take it, or demand aws:PrincipalOrgID.",
			Refs:  []string{"scoutsuite:iam-assume-role-policy-allows-all"},
			Needs: needs,
		}, roleTrustPublic),
		Each(roles, Check{
			ID: "iam-role-trust-external", Title: "Unknown outside account trusted without ExternalId or MFA", Severity: High,
			Service: "iam", Type: "AWS::IAM::Role",
			Why:   "A vendor that takes roles for many customers can be made to take this one for somebody else; and a leaked key of the other account is enough.",
			Fix:   "Demand an sts:ExternalId that the other side keeps per customer, or MFA for people; or list the account as trusted.",
			Refs:  []string{"scoutsuite:iam-assume-role-lacks-external-id-and-mfa", "scoutsuite:iam-assume-role-no-mfa"},
			Needs: needs, Reads: organizationFacts(),
		}, roleTrustExternal),
		Each(roles, Check{
			ID: "iam-role-trust-oidc-open", Title: "OIDC trust without a bound subject", Severity: Critical,
			Service: "iam", Type: "AWS::IAM::Role",
			Why:   "The issuer signs tokens for everybody who uses it: anyone's pipeline can take the role.",
			Fix:   "Demand a subject that names the organization and, better, the repository.",
			Needs: needs,
		}, roleTrustOIDC),
	}
}

// assumes asks who may take a role.
var assumes = policy.Query{Actions: []string{"sts:assumerole"}}

func roleTrustPublic(r *Role, _ *Params) Verdict {
	open := r.AssumeRolePolicyDocument.V.Public(policy.Query{Actions: []string{"sts:assumerole*"}})
	if len(open) == 0 {
		return Pass("no statement lets everyone take the role")
	}
	v := Fail("anyone may take the role")
	for _, g := range open {
		v = v.At(trustPath(g.Statement), g.Written)
	}
	return v
}

func trustPath(statement int) string {
	return fmt.Sprintf("AssumeRolePolicyDocument.Statement[%d]", statement)
}

// outsiders are the parties of a trust that are not ours.
type outsiders struct {
	foreign []policy.Party
	unsure  []policy.Party // whether they are ours was not read
	unread  []*ReadError
}

// outside sorts out who of those that may take a role lies outside of the account, the
// organization and the trusted accounts.
func (p *Params) outside(trust *policy.Document) (out outsiders) {
	for _, party := range trust.Parties(assumes) {
		ours, err := p.oursOf(party)
		switch {
		case err != nil:
			out.unsure = append(out.unsure, party)
			if !slices.Contains(out.unread, err) {
				out.unread = append(out.unread, err)
			}
		case !ours:
			out.foreign = append(out.foreign, party)
		}
	}
	return out
}

// oursOf says whether a party is ours. What lies in no account is: services of AWS,
// identity providers, and the users and roles that are no more.
func (p *Params) oursOf(party policy.Party) (bool, *ReadError) {
	if party.Principal.Kind != "AWS" || party.Principal.Deleted() {
		return true, nil
	}
	account := party.Account
	if account != "" {
		if ours, err := p.Ours(account); ours {
			return true, err
		}
	}
	owned := false
	var unread *ReadError
	for _, d := range party.Demands {
		accounts, organizations, ok := d.Owners()
		if account != "" { // others are none of its business
			accounts = slices.DeleteFunc(accounts, func(a string) bool { return a != account })
		}
		if !ok || account != "" && len(organizations) == 0 {
			continue
		}
		ours, err := p.allOurs(accounts, organizations)
		if ours {
			return true, nil
		}
		owned, unread = true, cmp.Or(unread, err)
	}
	switch {
	case owned:
		return false, unread
	case account != "":
		return p.Ours(account)
	}
	return party.Demands.Bind(), nil // everyone, or those in one place
}

// allOurs says whether accounts and organizations are ours, every one of them.
func (p *Params) allOurs(accounts, organizations []string) (bool, *ReadError) {
	var unread *ReadError
	foreign := func(is func(string) (bool, *ReadError)) func(string) bool {
		return func(id string) bool {
			ours, err := is(id)
			unread = cmp.Or(unread, err)
			return !ours && err == nil
		}
	}
	if slices.ContainsFunc(accounts, foreign(p.Ours)) || slices.ContainsFunc(organizations, foreign(p.OurOrganization)) {
		return false, nil
	}
	return unread == nil, unread
}

// fail makes a failure that names the outsiders.
func (o *outsiders) fail(format string) Verdict {
	var names []string
	for _, party := range o.foreign {
		if name := partyName(party); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	v := Fail(format, firstOf(names))
	for _, party := range o.foreign {
		if path := trustPath(party.Statement); !slices.ContainsFunc(v.Evidence, func(e Evidence) bool { return e.Path == path }) {
			v = v.At(path, party.Principal.String())
		}
	}
	return v
}

func partyName(p policy.Party) string {
	if p.Account != "" {
		return "account " + p.Account
	}
	for _, d := range p.Demands {
		accounts, organizations, _ := d.Owners()
		var names []string
		for _, id := range accounts {
			names = append(names, "account "+id)
		}
		for _, id := range organizations {
			names = append(names, "organization "+id)
		}
		if names != nil {
			return strings.Join(names, ", ")
		}
	}
	return "everyone"
}

// roleTrustExternal: who is everyone is left to the check of its own.
func roleTrustExternal(r *Role, p *Params) Verdict {
	out := p.outside(&r.AssumeRolePolicyDocument.V)
	demanding := func(party policy.Party) bool {
		return party.Demands.ExternalID() || party.Demands.MFA() || partyName(party) == "everyone"
	}
	foreign, unsure := len(out.foreign), len(out.unsure)
	out.foreign = slices.DeleteFunc(out.foreign, demanding)
	out.unsure = slices.DeleteFunc(out.unsure, demanding)
	switch {
	case len(out.foreign) > 0:
		return out.fail("%s may take the role, and needs neither an external id nor MFA")
	case len(out.unsure) > 0:
		return Unknown(out.unread...)
	case foreign+unsure > 0:
		return Pass("who is outside needs an external id or MFA")
	}
	return Pass("the role trusts no outside account")
}
