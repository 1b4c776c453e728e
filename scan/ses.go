package scan

import (
	"maps"
	"slices"

	"fob/scan/policy"
)

// EmailIdentity is an address or a domain that SES sends mail from.
type EmailIdentity struct {
	Resource
	IdentityType string // EMAIL_ADDRESS, DOMAIN

	DkimAttributes Val[DKIM]                       `op:"ses:GetEmailIdentity"`
	Policies       Val[map[string]policy.Document] `op:"ses:GetEmailIdentity"`
}

// DKIM says whether mail is signed, and whether SES found the key in the DNS.
type DKIM struct {
	SigningEnabled bool
	Status         string // SUCCESS, PENDING, FAILED, TEMPORARY_FAILURE, NOT_STARTED
}

var emailIdentities = newKind[EmailIdentity]("AWS::SES::EmailIdentity", "ses", Regional, "ses:ListEmailIdentities")

func sesKinds() []*Kind { return []*Kind{emailIdentities.Kind} }

func sesChecks() []Check {
	const identity = "AWS::SES::EmailIdentity"
	return []Check{
		Each(emailIdentities, Check{
			ID: "ses-dkim", Title: "DKIM off or not verified", Severity: Low,
			Service: "ses", Type: identity,
			Why:   "Receivers cannot tell mail of this sender from forged mail; DMARC fails or has to be left weak.",
			Fix:   "Turn on Easy DKIM for the domain, publish its three CNAME records and wait for the status SUCCESS; delete identities that are not used.",
			Refs:  []string{"scoutsuite:ses-identity-dkim-not-enabled", "scoutsuite:ses-identity-dkim-not-verified"},
			Needs: []string{"DkimAttributes"},
		}, emailDKIM),
		Each(emailIdentities, Check{
			ID: "ses-public", Title: "Sending policy open to everyone", Severity: High,
			Service: "ses", Type: identity,
			Why:   "Anyone with an AWS account can send mail in this name; it passes SPF and DKIM, and the blame falls on the owner.",
			Fix:   "Name the accounts or roles that may send in the identity's policy, or delete the policy.",
			Refs:  []string{"cis-7.0:2.21", "scoutsuite:ses-identity-world-policy"},
			Needs: []string{"Policies"},
		}, emailPublic),
	}
}

func emailDKIM(i *EmailIdentity, _ *Params) Verdict {
	d := i.DkimAttributes.V
	switch {
	case !d.SigningEnabled:
		return Fail("mail is not signed").At("DkimAttributes.SigningEnabled", false)
	case d.Status != "SUCCESS":
		return Fail("SES has not verified the DKIM key in the DNS: %s", d.Status).At("DkimAttributes.Status", d.Status)
	}
	return Pass("mail is signed, and the key is verified")
}

// emailPublic asks for the actions that send mail: the others that a policy may have are
// for principals of the owner's own account.
func emailPublic(i *EmailIdentity, _ *Params) Verdict {
	sends := policy.Query{Actions: []string{
		"ses:sendemail", "ses:sendrawemail", "ses:sendtemplatedemail", "ses:sendbulkemail", "ses:sendbulktemplatedemail",
	}}
	var open []policy.Grant
	v := Fail("")
	for _, name := range slices.Sorted(maps.Keys(i.Policies.V)) {
		doc := i.Policies.V[name]
		for _, g := range doc.Public(sends) {
			open = append(open, g)
			v = v.At("Policies."+name, g.Written)
		}
	}
	switch {
	case len(open) > 0:
		v.Message = openTo(open)
		return v
	case len(i.Policies.V) == 0:
		return Pass("the identity has no policy")
	}
	return Pass("no policy lets everyone send mail")
}
