package scan

import (
	"slices"
	"strings"

	"fob/scan/policy"
)

// issuer is one that signs tokens for many customers. A condition on one of the claims
// tells them apart.
type issuer struct {
	host   string
	claims []claim
}

// claim names the customer: as its whole value, or, with tenants, between two marks at
// the start of it.
type claim struct {
	name    string
	tenants []tenant
}

type tenant struct{ before, after string }

// sharedIssuers are the issuers known in 2026. One that is not among them signs for one
// customer: a cluster, a directory, an organization in the issuer's own address.
func sharedIssuers() []issuer {
	sub := func(tenants ...tenant) []claim { return []claim{{"sub", tenants}} }
	whole := func(names ...string) (out []claim) {
		for _, n := range names {
			out = append(out, claim{name: n})
		}
		return out
	}
	return []issuer{
		{"token.actions.githubusercontent.com", append(sub(
			tenant{"repo:", "/"}, tenant{"repository:", "/"}, tenant{"repository_id:", ":"}, tenant{"repository_owner:", ":"}, tenant{"repository_owner_id:", ":"},
			tenant{"enterprise:", ":"}, tenant{"enterprise_id:", ":"},
		), append(whole("repository_id", "repository_owner", "repository_owner_id", "enterprise", "enterprise_id"),
			claim{"repository", []tenant{{"", "/"}}})...)},
		{"gitlab.com", sub(tenant{"project_path:", "/"})},
		{"app.terraform.io", sub(tenant{"organization:", ":"})},
		{"agent.buildkite.com", sub(tenant{"organization:", ":"})},
		{"oidc.codefresh.io", sub(tenant{"account:", ":"})},
		{"oidc.vercel.com", sub(tenant{"owner:", ":"})},
		{"api.pulumi.com/oidc", whole("aud")},
		{"accounts.google.com", whole("aud", "oaud", "sub")},
		{"cognito-identity.amazonaws.com", whole("aud")},
		{"www.amazon.com", whole("app_id", "user_id")},
		{"graph.facebook.com", whole("app_id", "id")},
	}
}

// fixes says whether a value names one customer: its fixed start does. A subject may be
// fixed and name none, where the customer chose what it is made of: "environment:prod" is
// everybody's. Those who choose may put the name further on.
func (c claim) fixes(value string) bool {
	fixed := policy.Fixed(value)
	if c.tenants == nil {
		return fixed
	}
	if at := strings.IndexAny(value, "*?$"); at >= 0 {
		value = value[:at]
	}
	for {
		if slices.ContainsFunc(c.tenants, func(t tenant) bool {
			rest, ok := strings.CutPrefix(value, t.before)
			return ok && (strings.Index(rest, t.after) > 0 || fixed && t.after == ":" && rest != "")
		}) {
			return true
		}
		_, rest, more := strings.Cut(value, ":")
		if !fixed || !more {
			return false
		}
		value = rest
	}
}

func roleTrustOIDC(r *Role, _ *Params) Verdict {
	shared := false
	var open []policy.Party
	for _, party := range r.AssumeRolePolicyDocument.V.Parties(policy.Query{Actions: []string{"sts:assumerolewithwebidentity"}}) {
		host := party.Principal.Name
		if _, after, ok := strings.Cut(host, ":oidc-provider/"); ok {
			host = after
		}
		n := slices.IndexFunc(sharedIssuers(), func(i issuer) bool { return i.host == host })
		if party.Principal.Kind != "Federated" || n < 0 {
			continue
		}
		shared = true
		if !sharedIssuers()[n].bound(party.Demands) {
			open = append(open, party)
		}
	}
	switch {
	case len(open) > 0:
		v := Fail("whoever gets a token of %s may take the role", open[0].Principal.Name)
		for _, party := range open {
			v = v.At(trustPath(party.Statement), party.Principal.Name)
		}
		return v
	case shared:
		return Pass("the trust names one customer of the shared issuer")
	}
	return Pass("the role trusts no issuer that many share")
}

// bound says whether demands name one customer of the issuer.
func (i issuer) bound(demands policy.Demands) bool {
	return demands.Every(func(c *policy.Condition) bool {
		return slices.ContainsFunc(i.claims, func(cl claim) bool { return c.Is(i.host+":"+cl.name, cl.fixes) })
	})
}

// SharedIssuers are the hosts that give tokens to everybody.
func SharedIssuers() (hosts []string) {
	for _, i := range sharedIssuers() {
		host, _, _ := strings.Cut(i.host, "/")
		hosts = append(hosts, host)
	}
	return hosts
}
