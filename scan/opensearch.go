package scan

import (
	"strconv"
	"strings"

	"fob/scan/policy"
)

// SearchDomain is a domain of OpenSearch Service, be its engine OpenSearch or
// Elasticsearch.
type SearchDomain struct {
	Resource
	Endpoint                    Val[string]                 `op:"es:DescribeDomains"` // absent in a VPC
	VPCOptions                  Val[SearchVPC]              `op:"es:DescribeDomains"` // absent outside of VPCs
	AccessPolicies              Val[policy.Document]        `op:"es:DescribeDomains"` // absent: nobody but by IAM
	AdvancedSecurityOptions     Val[SearchSecurity]         `op:"es:DescribeDomains"`
	DomainEndpointOptions       Val[SearchEndpoint]         `op:"es:DescribeDomains"`
	NodeToNodeEncryptionOptions Val[struct{ Enabled bool }] `op:"es:DescribeDomains"`
	EncryptionAtRestOptions     Val[struct{ Enabled bool }] `op:"es:DescribeDomains"`
}

// SearchVPC is the network that a domain lies in.
type SearchVPC struct{ VPCId string }

// SearchSecurity is the domain's own access control, by users and roles.
type SearchSecurity struct {
	Enabled              bool
	AnonymousAuthEnabled bool // while it is being introduced, nobody has to sign in
}

// SearchEndpoint says how the domain is spoken to.
type SearchEndpoint struct {
	EnforceHTTPS      bool
	TLSSecurityPolicy string // Policy-Min-TLS-1-2-2019-07, ...
}

var searchDomains = newKind[SearchDomain]("AWS::OpenSearchService::Domain", "opensearch", Regional, "es:ListDomainNames")

func opensearchKinds() []*Kind { return []*Kind{searchDomains.Kind} }

func opensearchChecks() []Check {
	const domain = "AWS::OpenSearchService::Domain"
	return []Check{
		Each(searchDomains, Check{
			ID: "opensearch-public", Title: "Search domain open to everyone", Severity: Critical,
			Service: "opensearch", Type: domain,
			Why:   "Anybody on the internet can read and delete all indexes; such domains are found and emptied within hours.",
			Fix:   "Name roles in the access policy, or limit it to single addresses (aws:SourceIp), and turn on fine-grained access control; better, move the domain into a VPC.",
			Refs:  []string{"fsbp:ES.2", "fsbp:OpenSearch.2"},
			Needs: []string{"VPCOptions", "AccessPolicies", "AdvancedSecurityOptions"},
		}, searchPublic),
		Each(searchDomains, Check{
			ID: "opensearch-tls", Title: "Search domain allows HTTP, old TLS or no encryption", Severity: Medium,
			Service: "opensearch", Type: domain,
			Why:   "Queries, documents and sign-ins can be read on the way, or the indexes on disk without a key.",
			Fix:   "Require HTTPS with the policy Policy-Min-TLS-1-2-PFS-2023-10, and turn on node-to-node encryption and encryption at rest.",
			Refs:  []string{"fsbp:ES.1", "fsbp:OpenSearch.1"},
			Needs: []string{"DomainEndpointOptions", "NodeToNodeEncryptionOptions", "EncryptionAtRestOptions"},
		}, searchTLS),
	}
}

func searchPublic(d *SearchDomain, _ *Params) Verdict {
	if d.VPCOptions.V.VPCId != "" {
		return Pass("the domain lies in %s", d.VPCOptions.V.VPCId)
	}
	v := openPolicy("AccessPolicies", d.AccessPolicies, policy.Query{})
	if s := d.AdvancedSecurityOptions.V; v.Status == StatusFail && s.Enabled && !s.AnonymousAuthEnabled {
		v.Message += "; fine-grained access control still wants a sign-in"
		return v.As(Medium)
	}
	return v
}

// searchTLS: an option that AWS left out is off, but a TLS policy of no known name could
// be any.
func searchTLS(d *SearchDomain, _ *Params) Verdict {
	endpoint := d.DomainEndpointOptions.V
	var bad []string
	v := Fail("")
	fail := func(what, path string, value any) {
		bad = append(bad, what)
		v = v.At(path, value)
	}
	modern, known := modernTLS(endpoint.TLSSecurityPolicy)
	if !endpoint.EnforceHTTPS {
		fail("accepts plain HTTP", "DomainEndpointOptions.EnforceHTTPS", false)
	}
	if known && !modern {
		fail("accepts TLS older than 1.2", "DomainEndpointOptions.TLSSecurityPolicy", endpoint.TLSSecurityPolicy)
	}
	if !d.NodeToNodeEncryptionOptions.V.Enabled {
		fail("does not encrypt between its nodes", "NodeToNodeEncryptionOptions.Enabled", false)
	}
	if !d.EncryptionAtRestOptions.V.Enabled {
		fail("does not encrypt at rest", "EncryptionAtRestOptions.Enabled", false)
	}
	switch {
	case len(bad) > 0:
		v.Message = "the domain " + strings.Join(bad, ", ")
		return v
	case !known:
		return badAnswer("es:DescribeDomains", &d.Resource, "the TLS policy "+strconv.Quote(endpoint.TLSSecurityPolicy))
	}
	return Pass("the domain takes HTTPS with TLS 1.2 or later only, and encrypts between nodes and at rest")
}

// modernTLS says whether a policy begins at TLS 1.2; known is false for names of another
// form than "Policy-Min-TLS-1-2-...".
func modernTLS(name string) (modern, known bool) {
	version, ok := strings.CutPrefix(name, "Policy-Min-TLS-")
	major, rest, dash := strings.Cut(version, "-")
	minor, _, _ := strings.Cut(rest, "-")
	x, err := strconv.Atoi(major)
	y, err2 := strconv.Atoi(minor)
	if !ok || !dash || err != nil || err2 != nil {
		return false, false
	}
	return x > 1 || x == 1 && y >= 2, true
}
