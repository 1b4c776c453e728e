package collect

import (
	"net/http"
	"strings"
	"testing"
)

func TestSSM(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ssm:ListDocuments", func(w http.ResponseWriter, q asked) {
		if !strings.Contains(q.sent, `{"Key":"Owner","Values":["Self"]}`) {
			t.Errorf("asked for %s", q.sent)
		}
		body(`{"DocumentIdentifiers":[{"Name":"open","DocumentType":"Command"},{"Name":"own"},{"Name":"one"},{"Name":"gone"}]}`)(w, q)
	})
	aws.on("ssm:DescribeDocumentPermission", func(w http.ResponseWriter, q asked) {
		if strings.Contains(q.sent, `"open"`) && strings.Contains(q.sent, "NextToken") { // everyone is on the second page
			body(`{"AccountIds":["all"]}`)(w, q)
			return
		}
		asking(map[string]string{
			`"open"`: `{"AccountIds":["210987654321"],"NextToken":"2"}`,
			`"one"`:  `{"AccountIds":["210987654321"]}`,
			`"own"`:  `{"AccountIds":[]}`,
			`"gone"`: "!InvalidDocument",
		})(w, q)
	})
	got, _ := judged(t, aws, "ssm-document-public")
	wants(t, got, `
ssm-document-public open FAIL
ssm-document-public own  PASS
ssm-document-public one  PASS
ssm-document-public gone UNKNOWN`)
}
