package collect

import (
	"net/http"
	"strings"
	"testing"
)

func TestECR(t *testing.T) {
	aws := newStandIn(t)
	repository := func(name, scan string) string {
		return `{"repositoryName":"` + name + `","repositoryArn":"arn:aws:ecr:eu-west-1:123456789012:repository/` + name + `","imageScanningConfiguration":{"scanOnPush":` + scan + `}}`
	}
	aws.on("ecr:DescribeRepositories", func(w http.ResponseWriter, q asked) {
		if !strings.Contains(q.sent, `"maxResults":1000`) {
			t.Errorf("asked for %s", q.sent)
		}
		if q.n == 1 {
			body(`{"repositories":[`+repository("web", "true")+`,`+repository("team/job", "false")+`],"nextToken":"2"}`)(w, q)
			return
		}
		body(`{"repositories":[`+repository("old", "false")+`]}`)(w, q)
	})
	aws.on("ecr:GetRepositoryPolicy", asking(map[string]string{
		"web": `{"policyText":` + strings.Replace(openTo(`"*"`, "ecr:*"), `,\"Resource\":\"*\"`, "", 1) + `}`,
		"job": "!RepositoryPolicyNotFoundException",
		"old": "!AccessDeniedException",
	}))
	aws.on("ecr:GetRegistryScanningConfiguration", body(`{"scanningConfiguration":{"scanType":"BASIC","rules":[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"team/*","filterType":"WILDCARD"}]}]}}`))
	got, _ := judged(t, aws, "ecr-public-policy", "ecr-scan-on-push")
	wants(t, got, `
ecr-public-policy web      FAIL
ecr-public-policy team/job PASS
ecr-public-policy old      UNKNOWN
ecr-scan-on-push  web      PASS
ecr-scan-on-push  team/job PASS
ecr-scan-on-push  old      FAIL`)
	if n := aws.made("ecr:GetRegistryScanningConfiguration"); n != 1 {
		t.Errorf("%d calls for the registry", n)
	}

	empty := newStandIn(t)
	if judged(t, empty, "ecr-public-policy", "ecr-scan-on-push"); empty.made("") != 2 { // and the regions
		t.Errorf("%d calls without a repository", empty.made(""))
	}
}
