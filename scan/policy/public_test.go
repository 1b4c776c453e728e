package policy

import (
	"fmt"
	"strings"
	"testing"
)

type publicCase struct {
	name   string
	policy string
	q      Query
	want   string // "0:s3:getobject", blank-separated; "" is not public
}

// allow makes a policy of one statement for everyone, with conditions.
func allow(conditions string) string {
	return `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":` + conditions + `}]}`
}

// denied is a policy that allows everyone two things, and denies something.
func denied(deny string) string {
	return `{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]},` + deny + `]}`
}

func publicCases() []publicCase {
	all := func(name, policy, want string) publicCase { return publicCase{name: name, policy: policy, want: want} }
	open := "0:sqs:sendmessage"
	return []publicCase{
		all("public bucket", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`, "0:s3:getobject"),
		all("an account", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"*"}]}`, ""),
		all("a service", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"s3:PutObject","Resource":"*"}]}`, ""),
		all("any service", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"*"},"Action":"s3:PutObject","Resource":"*"}]}`, "0:s3:putobject"),
		all("any account's root", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::*:root"},"Action":"s3:PutObject","Resource":"*"}]}`, "0:s3:putobject"),
		all("all but one", `{"Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"s3:PutObject","Resource":"*"}]}`, "0:s3:putobject"),
		all("nobody", `{"Statement":[{"Effect":"Allow","NotPrincipal":"*","Action":"s3:PutObject","Resource":"*"}]}`, ""),
		all("all but services", `{"Statement":[{"Effect":"Allow","NotPrincipal":{"Service":"*"},"Action":"s3:PutObject","Resource":"*"}]}`, "0:s3:putobject"),
		all("an identity policy", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, ""),

		{"Get* is no write", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*"}]}`, Query{Actions: []string{"s3:put*", "s3:delete*"}}, ""},
		{"s3:* is a write", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`, Query{Actions: []string{"s3:put*"}}, "0:s3:*"},
		{"*Object is a write", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*Object","Resource":"*"}]}`, Query{Actions: []string{"s3:put*"}}, "0:s3:*object"},
		{"NotAction", `{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"s3:Put*","Resource":"*"}]}`, Query{Actions: []string{"s3:put*", "s3:get*"}}, "0:s3:get*"},

		all("org", allow(`{"StringEquals":{"aws:PrincipalOrgID":"o-abc1234567"}}`), ""),
		all("any org", allow(`{"StringLike":{"aws:PrincipalOrgID":"*"}}`), open),
		all("one org of two is any", allow(`{"StringLike":{"aws:PrincipalOrgID":["o-abc1234567","o-*"]}}`), open),
		all("org of the resource", allow(`{"StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}}`), ""),
		all("org of the caller", allow(`{"StringEquals":{"aws:PrincipalOrgID":"${aws:PrincipalOrgID}"}}`), open),
		all("org paths", allow(`{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["o-abc1234567/r-ab12/ou-ab12-1/*"]}}`), ""),
		all("org paths for all", allow(`{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":["o-abc1234567/*"]}}`), open),
		all("org paths for all, and there", allow(`{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":["o-abc1234567/*"]},"Null":{"aws:PrincipalOrgPaths":"false"}}`), ""),
		all("org paths for all, and maybe there", allow(`{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":["o-abc1234567/*"]},"Null":{"aws:PrincipalOrgPaths":["true","false"]}}`), open),
		all("source org", allow(`{"StringEquals":{"aws:SourceOrgID":"o-abc1234567"}}`), ""),
		all("source org paths", allow(`{"ForAnyValue:StringLike":{"aws:SourceOrgPaths":"o-abc1234567/*"}}`), ""),
		all("if there is an org", allow(`{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc1234567"}}`), open),
		all("not an org", allow(`{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"}}`), open),

		all("SNS default", `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"arn:aws:sns:eu-west-1:123456789012:t","Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}}]}`, ""),
		all("S3 event to a queue", allow(`{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::uploads"}}`), ""),
		all("S3 event as AWS writes it", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:uploads"}}`), ""),
		all("any bucket", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}`), open),
		all("buckets by prefix", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:up*"}}`), open),
		all("an access point by its name", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:accesspoint/uploads"}}`), open),
		all("any topic of an account", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:123456789012:*"}}`), ""),
		all("any topic", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:alerts"}}`), open),
		all("topics of the own account", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:${aws:ResourceAccount}:*"}}`), ""),
		all("topics of the own account, in other letters", allow(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:${AWS:resourceaccount}:*"}}`), ""),
		all("source account as a pattern", allow(`{"StringLike":{"aws:SourceAccount":"123456789012"}}`), ""),
		all("source account as a wildcard", allow(`{"StringLike":{"aws:SourceAccount":"1234*"}}`), open),

		all("a role", allow(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}`), ""),
		all("a role of anybody", allow(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}}`), open),
		all("sessions of a role", allow(`{"StringLike":{"aws:userid":"AROAEXAMPLE123:*"}}`), ""),
		all("office", allow(`{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8::/48"]}}`), ""),
		all("halves of the internet", allow(`{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}`), open),
		all("office and everywhere", allow(`{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}}`), open),
		all("no address", allow(`{"IpAddress":{"aws:SourceIp":"office"}}`), open),
		all("VPC endpoint", allow(`{"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}`), ""),
		all("private address in any VPC", allow(`{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}`), open),
		all("referer", allow(`{"StringLike":{"aws:Referer":"https://example.com/*"}}`), open),
		all("external id", allow(`{"StringEquals":{"sts:ExternalId":"s3cret"}}`), open),
		all("MFA", allow(`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), open),
		all("TLS", allow(`{"Bool":{"aws:SecureTransport":"true"}}`), open),
		all("date", allow(`{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`), open),
		all("type of principal", allow(`{"StringEquals":{"aws:PrincipalType":"User"}}`), open),
		all("any service of AWS", allow(`{"Bool":{"aws:PrincipalIsAWSService":"true"}}`), open),
		all("two conditions", allow(`{"StringLike":{"aws:Referer":"x"},"StringEquals":{"aws:SourceAccount":"123456789012"}}`), ""),
		{"a service's key", allow(`{"StringEquals":{"kms:CallerAccount":"123456789012"}}`), Query{Binding: []string{"kms:calleraccount"}}, ""},
		all("the key of another service", allow(`{"StringEquals":{"kms:CallerAccount":"123456789012"}}`), open),
		{"a service's flag", allow(`{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}`), Query{Binding: []string{"elasticfilesystem:accessedviamounttarget"}}, ""},
		{"a service's flag turned around", allow(`{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"false"}}`), Query{Binding: []string{"elasticfilesystem:accessedviamounttarget"}}, open},

		all("denied all", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), ""),
		all("denied one", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"}`), "0:s3:getobject"),
		all("denied one by NotAction", denied(`{"Effect":"Deny","Principal":"*","NotAction":"s3:Get*","Resource":"*"}`), "0:s3:getobject"),
		all("denied in two statements", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/*"}`), ""),
		all("denied elsewhere", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/private/*"}`), "0:s3:getobject,s3:putobject"),
		all("denied but here", denied(`{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:s3:::b/*"}`), "0:s3:getobject,s3:putobject"),
		all("denied to one", denied(`{"Effect":"Deny","Principal":{"AWS":"123456789012"},"Action":"*","Resource":"*"}`), "0:s3:getobject,s3:putobject"),
		all("denied to services", denied(`{"Effect":"Deny","Principal":{"Service":"*"},"Action":"*","Resource":"*"}`), "0:s3:getobject,s3:putobject"),
		all("denied to all but one", denied(`{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"Action":"*","Resource":"*"}`), ""),
		all("denied to all but one who is named beside everyone", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*","123456789012"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"Action":"*","Resource":"*"}]}`, ""),
		all("denied in clear", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`), "0:s3:getobject,s3:putobject"),
		all("denied outside the org", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"}}}`), ""),
		all("denied outside the org, if in any", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc1234567"}}}`), ""),
		all("denied for any other path", denied(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-abc1234567/*"}}}`), "0:s3:getobject,s3:putobject"),
		all("data perimeter", denied(`{"Sid":"EnforceOrgIdentities","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc1234567","aws:PrincipalAccount":["210987654321"]},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`), ""),
		all("data perimeter that an unsigned request passes", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"},"Bool":{"aws:PrincipalIsAWSService":"false"}}}`), "0:s3:getobject,s3:putobject"),
		{"data perimeter where all requests are signed", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc1234567"},"Bool":{"aws:PrincipalIsAWSService":"false"}}}`), Query{Signed: true}, ""},
		all("network perimeter with a hole", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NotIpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"},"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-1"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false","aws:ViaAWSService":"false"}}}`), "0:s3:getobject,s3:putobject"),
		all("network perimeter", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`), ""),
		all("perimeter of half the internet", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"0.0.0.0/1"}}}`), "0:s3:getobject,s3:putobject"),
		all("only services of AWS are left", denied(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:PrincipalIsAWSService":"false"}}}`), "0:s3:getobject,s3:putobject"),

		all("KMS default", `{"Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}`, ""),
		{"KMS for a service, by account", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"123456789012","kms:ViaService":"ec2.eu-west-1.amazonaws.com"}}}]}`, Query{Binding: []string{"kms:calleraccount"}}, ""},
		{"KMS for a service, of anybody", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"ec2.eu-west-1.amazonaws.com"}}}]}`, Query{Binding: []string{"kms:calleraccount"}}, "0:kms:decrypt"},
		all("Lambda for S3", `{"Statement":[{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:f","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}}]}`, ""),
		{"Lambda for Alexa", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.1"}}}]}`, Query{Binding: []string{"lambda:eventsourcetoken"}}, ""},
		{"role for anyone", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}}]}`, Query{Actions: []string{"sts:assumerole*"}}, "0:sts:assumerole"},
		{"role for nobody", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"sts:*"}]}`, Query{Actions: []string{"sts:assumerole*"}}, ""},
	}
}

func TestPublic(t *testing.T) {
	for _, c := range publicCases() {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, g := range doc(t, c.policy).Public(c.q) {
				got = append(got, fmt.Sprintf("%d:%s", g.Statement, strings.Join(g.Actions, ",")))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDeniesCleartext(t *testing.T) {
	const both = `"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]`
	deny := func(rest string) string {
		return `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny",` + rest + `}]}`
	}
	for _, c := range []struct {
		name, policy string
		want         string
	}{
		{"as AWS documents it", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), "[1 1]"},
		{"JSON boolean", deny(`"Principal":{"AWS":"*"},"Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}}`), "[1 1]"},
		{"IfExists", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"BoolIfExists":{"aws:SecureTransport":"False"}}`), "[1 1]"},
		{"one pattern for both", deny(`"Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`), "[1 1]"},
		{"two statements", deny(`"Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b","Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`), "[1 2]"},
		{"TLS floor where there is TLS", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`), ""},
		{"TLS floor, and there must be", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"NumericLessThanIfExists":{"s3:TlsVersion":1.2}}`), "[1 1]"},
		{"everything", deny(`"Principal":"*","Action":"*","Resource":"*"`), "[1 1]"},
		{"objects only", deny(`"Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"another bucket", deny(`"Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::c","arn:aws:s3:::c/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"reads only", deny(`"Principal":"*","Action":"s3:Get*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"one account", deny(`"Principal":{"AWS":"123456789012"},"Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"services", deny(`"Principal":{"Service":"*"},"Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"all but one", deny(`"NotPrincipal":{"AWS":"123456789012"},"Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		{"with TLS", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`), ""},
		{"from one place", deny(`"Principal":"*","Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), ""},
		{"no deny", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			by, ok := doc(t, c.policy).DeniesCleartext("s3:*", "arn:aws:s3:::b", "arn:aws:s3:::b/*")
			got := ""
			if ok {
				got = fmt.Sprint(by)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
