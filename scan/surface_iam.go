package scan

import (
	"fmt"
	"slices"
	"strings"

	"fob/scan/policy"
)

// roleSurface are the roles that somebody outside may take, one exposure for each
// party. Identity providers are left to the check of their own.
func roleSurface(p *Params) []Exposure {
	out := p.unlisted(roles.Kind)
	for _, r := range All[Role](p.Facts, "") {
		x := Exposure{Region: r.Region, Service: "iam", Resource: r.reference(), Where: r.ARN, What: []string{"sts:AssumeRole"}}
		if !r.AssumeRolePolicyDocument.Known() {
			x.Who, x.Unread = "not known", []*ReadError{orNotPlanned(r.AssumeRolePolicyDocument.Err)}
			out = append(out, x)
			continue
		}
		trust := &r.AssumeRolePolicyDocument.V
		for _, g := range trust.Public(policy.Query{Actions: []string{"sts:assumerole*"}}) {
			x.Who, x.Unread = Everyone, nil
			x.Chain = p.trustChain(r, fmt.Sprintf("statement %d of the trust lets everyone take it", g.Statement))
			out = append(out, x)
		}
		outside := p.outside(trust)
		x.Unread = nil
		for _, party := range outside.foreign {
			if x.Who = partyName(party); x.Who != Everyone {
				x.Chain = p.trustChain(r, trusts(party))
				out = append(out, x)
			}
		}
		for _, party := range outside.unsure {
			x.Who, x.Chain, x.Unread = partyName(party), p.trustChain(r, trusts(party)), outside.unread
			out = append(out, x)
		}
	}
	return out
}

// trusts says what a statement lets a party do, and what it asks for.
func trusts(party policy.Party) string {
	says := fmt.Sprintf("statement %d of the trust names %s", party.Statement, party.Principal.Name)
	var needs []string
	if party.Demands.ExternalID() {
		needs = append(needs, "an external id")
	}
	if party.Demands.MFA() {
		needs = append(needs, "MFA")
	}
	if len(needs) > 0 {
		says += ", and asks for " + strings.Join(needs, " and ")
	}
	return says
}

// trustChain ends with what the role may do, where that is everything.
func (p *Params) trustChain(r *Role, says string) []ChainStep {
	chain := []ChainStep{{ARN: r.ARN, Type: r.Type, Says: says}}
	if id := Find[Identity](p.Facts, r.ARN); id != nil {
		if e := p.effective(id); len(e.unread) == 0 && e.admin != nil {
			chain = append(chain, ChainStep{ARN: p.Account, Type: accounts.Type, Says: "the role may do everything"})
		}
	}
	return slices.Clip(chain)
}
