package collect

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fob/scan"
)

// kmsAnswers are a key of the customer's and one that AWS manages.
func kmsAnswers(t *testing.T, aws *standIn) {
	t.Helper()
	key := func(id string) string { return "arn:aws:kms:eu-west-1:123456789012:key/" + id }
	aws.on("kms:ListKeys", body(fmt.Sprintf(`{"Keys":[{"KeyId":"own","KeyArn":%q},{"KeyId":"aws","KeyArn":%q},{"KeyId":"imported","KeyArn":%q}],"Truncated":false}`, key("own"), key("aws"), key("imported"))))
	aws.on("kms:ListAliases", func(w http.ResponseWriter, q asked) {
		body(`{"Aliases":[{"AliasName":"alias/aws/ebs","AliasArn":"arn:aws:kms:eu-west-1:123456789012:alias/aws/ebs","TargetKeyId":"aws"},
			{"AliasName":"alias/aws/s3","AliasArn":"arn:aws:kms:eu-west-1:123456789012:alias/aws/s3"},
			{"AliasName":"alias/payments","AliasArn":"arn:aws:kms:eu-west-1:123456789012:alias/payments","TargetKeyId":"own"}],"Truncated":false}`)(w, q)
	})
	aws.on("kms:DescribeKey", func(w http.ResponseWriter, q asked) {
		id, manager, origin := "own", "CUSTOMER", "AWS_KMS"
		switch asks := keyAsked(q); {
		case strings.HasSuffix(asks, "/aws"):
			id, manager = "aws", "AWS"
		case strings.HasSuffix(asks, "/imported"):
			id, origin = "imported", "EXTERNAL"
		}
		body(fmt.Sprintf(`{"KeyMetadata":{"KeyId":%q,"Arn":%q,"KeyManager":%q,"KeyState":"Enabled","Enabled":true,"KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":"ENCRYPT_DECRYPT","Origin":%q}}`, id, key(id), manager, origin))(w, q)
	})
	aws.on("kms:GetKeyPolicy", body(`{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"},\"Action\":\"kms:*\",\"Resource\":\"*\",\"Condition\":{\"StringLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::123456789012:role/100%25*\"}}}]}"}`))
	aws.on("kms:GetKeyRotationStatus", body(`{"KeyRotationEnabled":true,"RotationPeriodInDays":365}`))
}

// keyAsked is the key that a call is about.
func keyAsked(q asked) (id string) {
	for text := range q.form { // JSON is one name in a form
		_, id, _ = strings.Cut(text, `"KeyId":"`)
		id, _, _ = strings.Cut(id, `"`)
	}
	return id
}

// TestKeys: keys that AWS manages cost nothing, unless aliases are refused; and the verdicts
// stay the same.
func TestKeys(t *testing.T) {
	ids := []string{"kms-key-pending-deletion", "kms-key-public", "kms-rotation"}
	for _, c := range []struct {
		name      string
		refused   bool
		described int
	}{{"aliases", false, 2}, {"aliases refused", true, 3}} {
		t.Run(c.name, func(t *testing.T) {
			aws := newStandIn(t)
			kmsAnswers(t, aws)
			if c.refused {
				aws.on("kms:ListAliases", jsonError(400, "AccessDeniedException", "no"))
			}
			s := read(t, aws.collector(t, ids...))
			got := map[string]string{}
			for _, x := range findings(t, s, ids...) {
				got[x.Resource.ARN[strings.LastIndex(x.Resource.ARN, "/")+1:]] += " " + string(x.Status)
			}
			for id, want := range map[string]string{"own": " PASS PASS PASS", "imported": " PASS PASS NOT_APPLICABLE", "aws": " NOT_APPLICABLE NOT_APPLICABLE NOT_APPLICABLE"} {
				if got[id] != want {
					t.Errorf("%s:%s, want%s", id, got[id], want)
				}
			}
			if n := aws.made("kms:DescribeKey"); n != c.described {
				t.Errorf("%d keys are described, want %d", n, c.described)
			}
			if p, r := aws.made("kms:GetKeyPolicy"), aws.made("kms:GetKeyRotationStatus"); p != 2 || r != 1 {
				t.Errorf("%d calls for policies, %d for rotation", p, r)
			}
			if n := aws.made("kms:ListAliases"); !c.refused && n != 1 {
				t.Errorf("aliases are listed %d times", n)
			}
			if refused := len(s.of("err")) == 1 && s.of("err")[0].Op == "kms:ListAliases"; refused != c.refused {
				t.Errorf("errors %+v", s.of("err"))
			}
			if k := scan.All[scan.KMSKey](s.facts, ""); !c.refused && k[2].Name != "alias/payments" {
				t.Errorf("key %+v", k[2].Resource)
			}
		})
	}
}

// TestNoKeys: where there is no key, both lists are asked for once.
func TestNoKeys(t *testing.T) {
	aws := newStandIn(t)
	read(t, aws.collector(t, "kms-rotation"))
	if a, k := aws.made("kms:ListAliases"), aws.made("kms:ListKeys"); a != 1 || k != 1 {
		t.Errorf("%d calls for aliases, %d for keys", a, k)
	}
}
