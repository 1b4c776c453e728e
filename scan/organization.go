package scan

import (
	"slices"
	"strings"
)

// Organization is what every member is told of its organization.
type Organization struct {
	ID              string `json:"Id"`
	MasterAccountID string `json:"MasterAccountId"` // the management account
}

// OrganizationAccount is a member. Only the management account and those that it
// trusts with it are told of them.
type OrganizationAccount struct {
	ID    string `json:"Id"`
	Name  string
	State string // ACTIVE, SUSPENDED, ...
}

// organizationFacts are the facts that Ours and OurOrganization answer from: what a
// check that asks them Reads.
func organizationFacts() []string {
	return []string{"AWS::Account.Organization", "AWS::Account.OrganizationAccounts"}
}

// Ours says whether an account is the audited one, one that is trusted, or one of the
// organization. An error says that this is not known.
func (p *Params) Ours(account string) (bool, *ReadError) {
	if account == p.Account || slices.Contains(p.Trusted, account) {
		return true, nil
	}
	self := p.self()
	org, members := self.Organization, self.OrganizationAccounts
	switch {
	case org.State == Absent || members.State == Absent:
		return false, nil
	case org.V.MasterAccountID == account, slices.ContainsFunc(members.V, func(a OrganizationAccount) bool { return a.ID == account }):
		return true, nil
	case !org.Known():
		return false, orNotPlanned(org.Err)
	case !members.Known():
		return false, orNotPlanned(members.Err)
	}
	return false, nil
}

// OurOrganization says whether an organization is the one that the account is in.
func (p *Params) OurOrganization(id string) (bool, *ReadError) {
	if strings.EqualFold(id, "${aws:ResourceOrgID}") { // that of what the policy is on
		return true, nil
	}
	org := p.self().Organization
	if !org.Known() {
		return false, orNotPlanned(org.Err)
	}
	return org.Present() && org.V.ID == id, nil
}

// self is the audited account. It is always there.
func (f *Facts) self() *Account { return Find[Account](f, f.Account) }

func orNotPlanned(err *ReadError) *ReadError {
	if err == nil {
		return &ReadError{Why: NotPlanned}
	}
	return err
}
