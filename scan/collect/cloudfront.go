package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

func cloudfrontOperations() []operation {
	const distribution = "AWS::CloudFront::Distribution"
	return []operation{
		{name: "cloudfront:ListDistributions", scope: scan.Once, perSecond: 5, list: listDistributions},
		{name: "s3:HeadBucket", action: "s3:ListBucket", scope: scan.Once, of: distribution, read: originBuckets, when: hasBuckets},
	}
}

// listDistributions: GovCloud has no CloudFront, and the SDK would take its credentials to
// that of the partition aws, which refuses them.
func listDistributions(ctx context.Context, c *clients, emit func(item)) error {
	if c.partition == "aws-us-gov" {
		return nil
	}
	return eachPage(ctx, c.cloudfront().ListDistributions, &cloudfront.ListDistributionsInput{MaxItems: aws.Int32(100)},
		func(in *cloudfront.ListDistributionsInput, out *cloudfront.ListDistributionsOutput) (*string, error) {
			list, err := said(out.DistributionList)
			if err != nil {
				return nil, err
			}
			for _, x := range list.Items {
				dropHeaderValues(x.Origins)
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				emit(item{Type: "AWS::CloudFront::Distribution", ARN: aws.ToString(x.ARN), Name: aws.ToString(x.Id), Data: data})
			}
			in.Marker = list.NextMarker
			return in.Marker, nil
		})
}

// dropHeaderValues leaves out what CloudFront adds to requests: mostly a secret that the
// origin knows it by.
func dropHeaderValues(origins *types.Origins) {
	if origins == nil {
		return
	}
	for _, o := range origins.Items {
		if o.CustomHeaders == nil {
			continue
		}
		for i := range o.CustomHeaders.Items {
			o.CustomHeaders.Items[i].HeaderValue = nil
		}
	}
}

// bucketsOf are the buckets among the origins of a distribution, and the regions that
// their hosts name.
func bucketsOf(d *item) (names []string, regions map[string]string) {
	origins, _ := recorded[struct{ Items []scan.Origin }](d, "Origins")
	regions = map[string]string{}
	for _, o := range origins.Items {
		name, region, ok := scan.BucketOfHost(o.DomainName)
		if _, twice := regions[name]; ok && !twice {
			names, regions[name] = append(names, name), region
		}
	}
	return names, regions
}

func hasBuckets(d *item) bool {
	names, _ := bucketsOf(d)
	return len(names) > 0
}

func originBuckets(ctx context.Context, c *clients, d *item) (fields, error) {
	names, regions := bucketsOf(d)
	buckets, err := namedBuckets(ctx, c, names, regions)
	return fields{"OriginBuckets": buckets}, err
}
