package collect

import (
	"testing"

	"fob/scan"
)

func TestSES(t *testing.T) {
	aws := newStandIn(t)
	const identities, listIdentitiesPath = "ses:GET /v2/email/identities", "ses:POST /v2/email/list-identities"
	aws.on(listIdentitiesPath, body(`{"EmailIdentities":[{"IdentityName":"example.com","IdentityType":"DOMAIN","SendingEnabled":true},{"IdentityName":"ann@example.org","IdentityType":"EMAIL_ADDRESS"}]}`))
	aws.on(identities+"/example.com", body(`{"IdentityType":"DOMAIN","DkimAttributes":{"SigningEnabled":true,"Status":"SUCCESS","Tokens":["t1"]},
		"Policies":{"one":`+openTo(`{"AWS":"210987654321"}`, "ses:SendEmail")+`,"two":`+openTo(`"*"`, "ses:SendRawEmail")+`},"Tags":[{"Key":"team","Value":"a"}]}`))
	aws.on(identities+"/ann@example.org", body(`{"IdentityType":"EMAIL_ADDRESS","DkimAttributes":{"SigningEnabled":false,"Status":"NOT_STARTED"}}`))
	got, s := judged(t, aws, "ses-dkim", "ses-public")
	wants(t, got, `
ses-dkim   example.com     PASS
ses-dkim   ann@example.org FAIL
ses-public example.com     FAIL
ses-public ann@example.org PASS`)
	if x := scan.Find[scan.EmailIdentity](s.facts, "arn:aws:ses:eu-west-1:123456789012:identity/example.com"); x == nil || x.Tags["team"] != "a" {
		t.Errorf("the identity is %+v", x)
	}

	left := newStandIn(t)
	left.on(listIdentitiesPath, body(`{"EmailIdentities":[{"IdentityName":"example.com"}]}`))
	left.on(identities+"/example.com", body("{}"))
	got, _ = judged(t, left, "ses-dkim", "ses-public")
	wants(t, got, "ses-dkim example.com UNKNOWN\nses-public example.com UNKNOWN")
}
