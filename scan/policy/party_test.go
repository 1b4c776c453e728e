package policy

import (
	"fmt"
	"strings"
	"testing"
)

// trust makes a trust policy of one statement.
func trust(principal, conditions string) string {
	return `{"Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole","Condition":` + conditions + `}]}`
}

func TestParties(t *testing.T) {
	for _, c := range []struct{ name, policy, want string }{
		{"every kind", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["210987654321","arn:aws:sts::210987654321:assumed-role/r/s","AIDAEXAMPLE","arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"],"Service":"ec2.amazonaws.com","Federated":["arn:aws:iam::333333333333:saml-provider/x","cognito-identity.amazonaws.com"],"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},"Action":"sts:AssumeRole"}]}`,
			"AIDAEXAMPLE(deleted) arn:aws:iam::210987654321:root@210987654321 arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1 arn:aws:sts::210987654321:assumed-role/r/s@210987654321 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be arn:aws:iam::333333333333:saml-provider/x@333333333333 cognito-identity.amazonaws.com ec2.amazonaws.com"},
		{"an account narrowed to a role is still that account", trust(`{"AWS":"210987654321"}`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::210987654321:role/x"}}`), "arn:aws:iam::210987654321:root@210987654321"},
		{"everyone narrowed to accounts", trust(`"*"`, `{"StringEquals":{"aws:PrincipalAccount":["210987654321","333333333333"]}}`), "*@210987654321 *@333333333333"},
		{"everyone narrowed to a role", trust(`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::210987654321:role/x*"}}`), "*@210987654321"},
		{"everyone narrowed to a role of anybody", trust(`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}`), "*"},
		{"everyone narrowed to an organization", trust(`"*"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-abc1234567"}}`), "* of o-abc1234567"},
		{"an account of an organization", trust(`{"AWS":"210987654321"}`, `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abc1234567/*"}}`), "arn:aws:iam::210987654321:root@210987654321 of o-abc1234567"},
		{"an account that conditions exclude", trust(`{"AWS":"210987654321"}`, `{"StringEquals":{"aws:PrincipalAccount":"333333333333"}}`), ""},
		{"denied outside the organization", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"},"Bool":{"aws:PrincipalIsAWSService":"false"}}}]}`, "arn:aws:iam::210987654321:root@210987654321 of o-abc1234567"},
		{"denied outside the organization but for an account", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":["o-abc1234567","o-b"],"aws:PrincipalAccount":"210987654321"},"Bool":{"aws:PrincipalIsAWSService":"false"}}}]}`, "* of o-abc1234567,o-b,210987654321"},
		{"denied outside the organization but for an address", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}`, "*"},
		{"denied", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["210987654321"]},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"210987654321"},"Action":"sts:*"}]}`, ""},
		{"denied to all but one", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["210987654321","333333333333"]},"Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":"210987654321"},"Action":"sts:*"}]}`, "arn:aws:iam::210987654321:root@210987654321"},
		{"denied to all but a user of the account", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::210987654321:user/x"},"Action":"sts:*"}]}`, "arn:aws:iam::210987654321:root@210987654321"},
		{"everyone, denied to all but one", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":["210987654321","arn:aws:iam::123456789012:role/own"]},"Action":"sts:*"}]}`, "arn:aws:iam::123456789012:role/own@123456789012 arn:aws:iam::210987654321:root@210987654321"},
		{"everyone, denied to all but two that differ", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":"210987654321"},"Action":"sts:*"},{"Effect":"Deny","NotPrincipal":{"AWS":"333333333333"},"Action":"sts:*"}]}`, ""},
		{"everyone, denied to all but one elsewhere", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":"210987654321"},"Action":"sts:TagSession"}]}`, "*"},
		{"the organization is asked of others", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"},{"Effect":"Deny","NotPrincipal":{"AWS":"210987654321"},"Action":"sts:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"}}}]}`, "arn:aws:iam::210987654321:root@210987654321"},
		{"other actions", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:TagSession"}]}`, ""},
		{"all but one", `{"Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"210987654321"},"Action":"sts:*"}]}`, "*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range doc(t, c.policy).Parties(Query{Actions: []string{"sts:assumerole"}}) {
				s := p.Principal.Name
				if p.Account != "" {
					s += "@" + p.Account
				}
				if p.Principal.Deleted() {
					s += "(deleted)"
				}
				for _, d := range p.Demands {
					if accounts, organizations, ok := d.Owners(); ok && organizations != nil {
						s += " of " + strings.Join(append(organizations, accounts...), ",")
					}
				}
				got = append(got, s)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %q\nwant %q", strings.Join(got, " "), c.want)
			}
		})
	}
}

func TestTrustDemands(t *testing.T) {
	plain := func(conditions string) string { return trust(`{"AWS":"210987654321"}`, conditions) }
	deny := func(conditions string) string {
		return `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole","Condition":` + conditions + `}]}`
	}
	for _, c := range []struct {
		name, policy    string
		externalID, mfa bool
	}{
		{"nothing", plain(`{}`), false, false},
		{"external id", plain(`{"StringEquals":{"sts:ExternalId":"x"}}`), true, false},
		{"external id as a pattern", plain(`{"StringLike":{"sts:ExternalId":"x*"}}`), false, false},
		{"external id, one of them any", plain(`{"StringLike":{"sts:ExternalId":["x","*"]}}`), false, false},
		{"external id if there is one", plain(`{"StringEqualsIfExists":{"sts:ExternalId":"x"}}`), false, false},
		{"not an external id", plain(`{"StringNotEquals":{"sts:ExternalId":"x"}}`), false, false},
		{"external id by a deny", deny(`{"StringNotEquals":{"sts:ExternalId":"x"}}`), true, false},
		{"MFA", plain(`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), false, true},
		{"MFA as a boolean", plain(`{"Bool":{"aws:MultiFactorAuthPresent":true}}`), false, true},
		{"MFA if it is said", plain(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`), false, false},
		{"MFA is said, and true if it is", plain(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"},"Null":{"aws:MultiFactorAuthPresent":"false"}}`), false, true},
		{"MFA or not", plain(`{"Bool":{"aws:MultiFactorAuthPresent":["true","false"]}}`), false, false},
		{"no MFA", plain(`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`), false, false},
		{"age of MFA", plain(`{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}`), false, true},
		{"age of MFA if there is one", plain(`{"NumericLessThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}`), false, false},
		{"age of MFA is there", plain(`{"Null":{"aws:MultiFactorAuthAge":"false"}}`), false, true},
		{"age of MFA is not there", plain(`{"Null":{"aws:MultiFactorAuthAge":"true"}}`), false, false},
		{"deny without MFA", deny(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`), false, true},
		{"deny where MFA is said to be missing", deny(`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`), false, false},
		{"deny without age of MFA", deny(`{"Null":{"aws:MultiFactorAuthAge":"true"}}`), false, true},
		{"deny after an hour", deny(`{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}`), false, true},
		{"deny by two conditions", deny(`{"StringNotEquals":{"sts:ExternalId":"x"},"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := doc(t, c.policy)
			ds := d.Demands(&d.Statements[0])
			if got, want := fmt.Sprint(ds.ExternalID(), ds.MFA()), fmt.Sprint(c.externalID, c.mfa); got != want {
				t.Errorf("external id and MFA: %s, want %s", got, want)
			}
		})
	}
}
