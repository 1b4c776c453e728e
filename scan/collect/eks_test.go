package collect

import (
	"maps"
	"testing"

	"fob/scan"
)

func TestEKS(t *testing.T) {
	aws := newStandIn(t)
	aws.on("eks:GET /clusters", body(`{"clusters":["open","good","none"]}`))
	aws.on("eks:GET /clusters/open", body(`{"cluster":{"name":"open","version":"1.24","resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["0.0.0.0/0"]}}}`))
	aws.on("eks:GET /clusters/good", body(`{"cluster":{"name":"good","version":"1.99","resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["203.0.113.0/24"]},
		"encryptionConfig":[{"resources":["secrets"],"provider":{"keyArn":"arn:aws:kms:eu-west-1:123456789012:key/1"}}],
		"logging":{"clusterLogging":[{"types":["api","audit","authenticator"],"enabled":true},{"types":["scheduler"],"enabled":false}]}}}`))
	aws.on("eks:GET /clusters/none", jsonError(403, "AccessDeniedException", "no"))
	got, _ := judged(t, aws, "eks-public-endpoint", "eks-secrets-kms", "eks-logging")
	wants(t, got, `
eks-public-endpoint open FAIL
eks-public-endpoint good PASS
eks-public-endpoint none UNKNOWN
eks-secrets-kms     open FAIL
eks-secrets-kms     good PASS
eks-secrets-kms     none UNKNOWN
eks-logging         open FAIL
eks-logging         good PASS
eks-logging         none UNKNOWN`)
	if got, _ := judged(t, aws, "eks-version"); got["eks-version open"] != "FAIL" {
		t.Errorf("an old version: %s", got["eks-version open"])
	}
}

// TestEKSName: the attack surface has the URL of a cluster, or its ARN while there is none.
func TestEKSName(t *testing.T) {
	aws := newStandIn(t)
	aws.on("eks:GET /clusters", body(`{"clusters":["made","new"]}`))
	aws.on("eks:GET /clusters/made", body(`{"cluster":{"name":"made","version":"1.36","endpoint":"https://1234.gr7.eu-west-1.eks.amazonaws.com","resourcesVpcConfig":{"endpointPublicAccess":true}}}`))
	aws.on("eks:GET /clusters/new", body(`{"cluster":{"name":"new","version":"1.36","resourcesVpcConfig":{"endpointPublicAccess":true}}}`))
	_, s := judged(t, aws, "eks-public-endpoint")
	got := map[string]string{}
	for _, x := range scan.Surface(s.facts) {
		got[x.Resource.Name] = x.Where
	}
	want := map[string]string{"made": "https://1234.gr7.eu-west-1.eks.amazonaws.com", "new": "arn:aws:eks:eu-west-1:123456789012:cluster/new"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
