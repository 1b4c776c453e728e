package collect

import (
	"context"
	"strings"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/route53domains"
)

// Route 53 takes five calls a second of an account, all operations together.
const (
	zonesPerSecond   = 1
	recordsPerSecond = 4
)

func route53Operations() []operation {
	const zone = "AWS::Route53::HostedZone"
	return []operation{
		{name: "route53:ListHostedZones", scope: scan.Once, perSecond: zonesPerSecond, list: listHostedZones},
		{name: "route53:ListResourceRecordSets", scope: scan.Once, perSecond: recordsPerSecond, of: zone, absent: []string{"NoSuchHostedZone"}, read: recordSets},
		{name: "s3:HeadBucket", action: "s3:ListBucket", scope: scan.Once, of: zone, read: websiteBuckets, when: hasWebsites},
		{name: "route53domains:ListDomains", scope: scan.Once, list: listRegistrations},
	}
}

func listHostedZones(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.route53().ListHostedZones, &route53.ListHostedZonesInput{MaxItems: aws.Int32(100)},
		func(in *route53.ListHostedZonesInput, out *route53.ListHostedZonesOutput) (*string, error) {
			for _, x := range out.HostedZones {
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				id := strings.TrimPrefix(aws.ToString(x.Id), "/hostedzone/")
				emit(item{Type: "AWS::Route53::HostedZone", ARN: "arn:" + c.partition + ":route53:::hostedzone/" + id, Name: strings.TrimSuffix(aws.ToString(x.Name), "."), Data: data})
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
}

// recordSets reads the records that lead to a host. Others, such as texts that prove who
// owns the name, are left out.
func recordSets(ctx context.Context, c *clients, z *item) (fields, error) {
	records := []scan.RecordSet{}
	id := z.ARN[strings.LastIndex(z.ARN, "/")+1:]
	err := eachPage(ctx, c.route53().ListResourceRecordSets, &route53.ListResourceRecordSetsInput{HostedZoneId: &id, MaxItems: aws.Int32(300)},
		func(in *route53.ListResourceRecordSetsInput, out *route53.ListResourceRecordSetsOutput) (*string, error) {
			for _, x := range out.ResourceRecordSets {
				switch x.Type {
				case types.RRTypeA, types.RRTypeAaaa, types.RRTypeCname:
					records = append(records, recordSet(x))
				}
			}
			if !out.IsTruncated {
				return nil, nil
			}
			in.StartRecordName, in.StartRecordType, in.StartRecordIdentifier = out.NextRecordName, out.NextRecordType, out.NextRecordIdentifier
			return aws.String(strings.Join([]string{aws.ToString(in.StartRecordName), string(in.StartRecordType), aws.ToString(in.StartRecordIdentifier)}, " ")), nil
		})
	return fields{"Records": records}, err
}

func recordSet(x types.ResourceRecordSet) scan.RecordSet {
	r := scan.RecordSet{Name: aws.ToString(x.Name), Type: string(x.Type), SetIdentifier: aws.ToString(x.SetIdentifier)}
	if x.AliasTarget != nil {
		r.AliasTarget = &scan.AliasTarget{DNSName: aws.ToString(x.AliasTarget.DNSName), HostedZoneId: aws.ToString(x.AliasTarget.HostedZoneId)}
	}
	for _, v := range x.ResourceRecords {
		r.ResourceRecords = append(r.ResourceRecords, scan.RecordValue{Value: aws.ToString(v.Value)})
	}
	return r
}

// websitesOf are the buckets that S3 looks for behind the records of a zone.
func websitesOf(z *item) (names []string) {
	records, _ := recorded[[]scan.RecordSet](z, "Records")
	seen := map[string]bool{"": true}
	for i := range records {
		if name := records[i].Bucket(); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func hasWebsites(z *item) bool { return len(websitesOf(z)) > 0 }

func websiteBuckets(ctx context.Context, c *clients, z *item) (fields, error) {
	buckets, err := namedBuckets(ctx, c, websitesOf(z), nil)
	return fields{"WebsiteBuckets": buckets}, err
}

// listRegistrations asks in the one region that Route 53 registers domains in. Other partitions
// than aws have no registrar.
func listRegistrations(ctx context.Context, c *clients, emit func(item)) error {
	if c.partition != "aws" {
		return nil
	}
	return eachPage(ctx, c.in("us-east-1").route53domains().ListDomains, &route53domains.ListDomainsInput{MaxItems: aws.Int32(100)},
		func(in *route53domains.ListDomainsInput, out *route53domains.ListDomainsOutput) (*string, error) {
			for _, x := range out.Domains {
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				name := aws.ToString(x.DomainName)
				emit(item{Type: "AWS::Route53Domains::Domain", ARN: "arn:aws:route53domains:::domain/" + name, Name: name, Data: data})
			}
			in.Marker = out.NextPageMarker
			return in.Marker, nil
		})
}
