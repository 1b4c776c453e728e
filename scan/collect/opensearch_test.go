package collect

import (
	"fmt"
	"strings"
	"testing"

	"fob/scan"
)

const searchList, searchDetail = "es:GET /2021-01-01/domain", "es:POST /2021-01-01/opensearch/domain-info"

// TestOpenSearch: seven domains are read by three calls. One that AWS leaves out is not
// known.
func TestOpenSearch(t *testing.T) {
	aws := newStandIn(t)
	var names []string
	for n := range 7 {
		names = append(names, fmt.Sprintf(`{"DomainName":"d%d"}`, n))
	}
	aws.on(searchList, body(`{"DomainNames":[`+strings.Join(names, ",")+`]}`))
	status := func(name, more string) string {
		return `{"DomainName":"` + name + `","ARN":"arn:aws:es:eu-west-1:123456789012:domain/` + name + `","DomainId":"1","ClusterConfig":{},
			"EncryptionAtRestOptions":{"Enabled":true},"NodeToNodeEncryptionOptions":{"Enabled":true}` + more + `}`
	}
	const good, old = `,"DomainEndpointOptions":{"EnforceHTTPS":true,"TLSSecurityPolicy":"Policy-Min-TLS-1-2-2019-07"}`, `,"DomainEndpointOptions":{"EnforceHTTPS":false,"TLSSecurityPolicy":"Policy-Min-TLS-1-0-2019-07"}`
	open := `,"AccessPolicies":` + openTo(`{"AWS":"*"}`, "es:*")
	aws.on(searchDetail, asking(map[string]string{
		"d0": `{"DomainStatusList":[` + strings.Join([]string{
			status("d0", good+open+`,"AdvancedSecurityOptions":{"Enabled":false}`),
			status("d1", old+`,"AccessPolicies":"","AdvancedSecurityOptions":{"Enabled":false}`),
			status("d2", good+open+`,"VPCOptions":{"VPCId":"vpc-1"},"AdvancedSecurityOptions":{"Enabled":false}`),
			status("d3", good+`,"AccessPolicies":"{","AdvancedSecurityOptions":{"Enabled":true}`),
		}, ",") + `]}`,
		"d5": "!AccessDeniedException",
	}))
	got, s := judged(t, aws, "opensearch-public", "opensearch-tls")
	wants(t, got, `
opensearch-public d0 FAIL
opensearch-public d1 PASS
opensearch-public d2 PASS
opensearch-public d3 UNKNOWN
opensearch-public d4 UNKNOWN
opensearch-public d5 UNKNOWN
opensearch-public d6 UNKNOWN
opensearch-tls d0 PASS
opensearch-tls d1 FAIL
opensearch-tls d2 PASS
opensearch-tls d3 PASS
opensearch-tls d4 UNKNOWN
opensearch-tls d5 UNKNOWN
opensearch-tls d6 UNKNOWN`)
	for _, x := range findings(t, s, "opensearch-public") {
		if x.Status == scan.StatusUnknown && x.Resource.Name != "d3" && x.Unread[0].Op != "es:DescribeDomains" {
			t.Errorf("%s: %v", x.Resource.Name, x.Unread)
		}
	}
	if n, m := aws.made(searchList), aws.made(searchDetail); n != 1 || m != 2 {
		t.Errorf("%d lists, %d details", n, m)
	}

	denied := newStandIn(t)
	denied.on(searchList, jsonError(403, "AccessDeniedException", "no"))
	got, s = judged(t, denied, "opensearch-public")
	wants(t, got, "opensearch-public * UNKNOWN")
	if s.end(t).Errors != 1 || denied.made(searchDetail) != 0 {
		t.Errorf("%d errors, %d details", s.end(t).Errors, denied.made(searchDetail))
	}
}
