package collect

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
)

func opensearchOperations() []operation {
	return []operation{
		{name: "es:ListDomainNames", list: listDomains},
		{name: "es:DescribeDomains", calls: noCalls, through: []string{"es:ListDomainNames"}, list: describeDomains},
	}
}

// domainsPerCall is the most that DescribeDomains takes.
const domainsPerCall = 5

func domainNames(ctx context.Context, c *clients) ([]string, error) {
	return once(ctx, c, "es:ListDomainNames", func(ctx context.Context) ([]string, error) {
		out, err := c.opensearch().ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
		if err != nil {
			return nil, err
		}
		var names []string
		for _, d := range out.DomainNames {
			names = append(names, aws.ToString(d.DomainName))
		}
		return names, nil
	})
}

func domainItem(c *clients, name string) item {
	return item{Type: "AWS::OpenSearchService::Domain", Name: name, ARN: "arn:" + c.partition + ":es:" + c.region + ":" + c.accountID + ":domain/" + name}
}

func listDomains(ctx context.Context, c *clients, emit func(item)) error {
	names, err := domainNames(ctx, c)
	for _, name := range names {
		emit(domainItem(c, name))
	}
	return err
}

// describeDomains reads the domains, a few at a time. One that AWS leaves out stays
// unread.
func describeDomains(ctx context.Context, c *clients, emit func(item)) error {
	names, _ := domainNames(ctx, c) // its operation tells of the error
	var missing error
	for some := range slices.Chunk(names, domainsPerCall) {
		out, err := c.opensearch().DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: some})
		if err != nil {
			return err
		}
		for _, d := range out.DomainStatusList {
			i := domainItem(c, aws.ToString(d.DomainName))
			i.Data = fields{
				"EngineVersion": d.EngineVersion, "Endpoint": d.Endpoint, "VPCOptions": d.VPCOptions, "AccessPolicies": policyText(d.AccessPolicies),
				"AdvancedSecurityOptions": d.AdvancedSecurityOptions, "DomainEndpointOptions": d.DomainEndpointOptions,
				"NodeToNodeEncryptionOptions": d.NodeToNodeEncryptionOptions, "EncryptionAtRestOptions": d.EncryptionAtRestOptions,
			}
			emit(i)
		}
		if len(out.DomainStatusList) < len(some) {
			missing = errLeftOut
		}
	}
	return missing
}
