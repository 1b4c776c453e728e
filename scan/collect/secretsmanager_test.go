package collect

import (
	"net/http"
	"strings"
	"testing"

	"fob/scan"
)

// openTo is a policy that lets a principal do an action, as a JSON string.
func openTo(principal, action string) string {
	return `"{\"Version\":\"2012-10-17\",\n\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":` + strings.ReplaceAll(principal, `"`, `\"`) +
		`,\"Action\":\"` + action + `\",\"Resource\":\"*\"}]}"`
}

func TestSecretsManager(t *testing.T) {
	aws := newStandIn(t)
	const secret = `"ARN":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:`
	aws.on("secretsmanager:ListSecrets", func(w http.ResponseWriter, q asked) {
		if !strings.Contains(q.sent, `"MaxResults":100`) {
			t.Errorf("asked for %s", q.sent)
		}
		if q.n == 1 {
			body(`{"SecretList":[{`+secret+`open-1","Name":"open","RotationEnabled":true,"Description":"the PIN is 4711-ab","Tags":[{"Key":"team","Value":"a"}]},
				{`+secret+`bare-2","Name":"bare"}],"NextToken":"2"}`)(w, q)
			return
		}
		body(`{"SecretList":[{`+secret+`db-3","Name":"db","OwningService":"rds"},{`+secret+`copy-4","Name":"copy","PrimaryRegion":"us-east-1"}]}`)(w, q)
	})
	aws.on("secretsmanager:GetResourcePolicy", asking(map[string]string{
		"open-1": `{"ResourcePolicy":` + openTo(`"*"`, "secretsmanager:*") + `}`,
		"db-3":   `{"ResourcePolicy":` + openTo(`{"AWS":"210987654321"}`, "secretsmanager:GetSecretValue") + `}`,
		"copy-4": "!AccessDeniedException",
	}))
	got, s := judged(t, aws, "secretsmanager-rotation", "secretsmanager-public")
	wants(t, got, `
secretsmanager-rotation open PASS
secretsmanager-rotation bare FAIL
secretsmanager-rotation db   NOT_APPLICABLE
secretsmanager-rotation copy NOT_APPLICABLE
secretsmanager-public   open FAIL
secretsmanager-public   bare PASS
secretsmanager-public   db   PASS
secretsmanager-public   copy UNKNOWN`)
	if s.holds(t, "4711-ab") {
		t.Error("the description is in the snapshot")
	}
	if x := scan.Find[scan.Secret](s.facts, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:open-1"); x == nil || x.Tags["team"] != "a" {
		t.Errorf("the secret is %+v", x)
	}
}
