package collect

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// TestNames: distributions, zones, domains, and the buckets that S3 is asked about by name.
func TestNames(t *testing.T) {
	origin := func(id, host string) string {
		return `<Origin><Id>` + id + `</Id><DomainName>` + host + `</DomainName><CustomHeaders><Items><OriginCustomHeader><HeaderName>X-Verify</HeaderName><HeaderValue>hunter2</HeaderValue></OriginCustomHeader></Items></CustomHeaders>`
	}
	distribution := func(id, origins, more string) string {
		return `<DistributionSummary><Id>` + id + `</Id><ARN>arn:` + id + `</ARN><Origins><Items>` + origins + `</Items></Origins>` + more + `</DistributionSummary>`
	}
	record := func(name, typ, more string) string {
		return `<ResourceRecordSet><Name>` + name + `.</Name><Type>` + typ + `</Type>` + more + `</ResourceRecordSet>`
	}
	value := func(v string) string {
		return `<ResourceRecords><ResourceRecord><Value>` + v + `</Value></ResourceRecord></ResourceRecords>`
	}
	const website = `<AliasTarget><DNSName>s3-website-eu-west-1.amazonaws.com.</DNSName><HostedZoneId>Z2</HostedZoneId></AliasTarget>`
	c := serviceCase{
		answers: map[string]string{
			"cloudfront:GET /2020-05-31/distribution": `<DistributionList><Items>` +
				distribution("bad", origin("o1", "gone.s3.amazonaws.com")+`</Origin>`+origin("o2", "app.example.com")+`<CustomOriginConfig><OriginProtocolPolicy>match-viewer</OriginProtocolPolicy><OriginSslProtocols><Items><SslProtocol>TLSv1</SslProtocol></Items></OriginSslProtocols></CustomOriginConfig></Origin>`,
					`<DefaultCacheBehavior><TargetOriginId>o2</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy></DefaultCacheBehavior><ViewerCertificate><MinimumProtocolVersion>TLSv1.1_2016</MinimumProtocolVersion></ViewerCertificate>`) +
				distribution("good", origin("o1", "theirs.s3.us-east-2.amazonaws.com")+`</Origin>`+origin("o2", "moved.s3.amazonaws.com")+`</Origin>`,
					`<DefaultCacheBehavior><TargetOriginId>o1</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy></DefaultCacheBehavior><ViewerCertificate><MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>`) +
				`</Items></DistributionList>`,
			"s3:GET /":                           `<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>`,
			"s3:HEAD /gone":                      "404 ",
			"s3:HEAD /theirs":                    "403 X-Amz-Bucket-Region=us-east-2",
			"s3:HEAD /moved":                     "301 X-Amz-Bucket-Region=eu-north-1",
			"s3:HEAD /www.example.com":           "200 X-Amz-Bucket-Region=eu-west-1",
			"s3:HEAD /old.example.com":           "404 ",
			"route53:GET /2013-04-01/hostedzone": `<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name></HostedZone></HostedZones><IsTruncated>false</IsTruncated></ListHostedZonesResponse>`,
			"route53:GET /2013-04-01/hostedzone/Z1/rrset": `<ListResourceRecordSetsResponse><ResourceRecordSets>` + record("example.com", "A", value("54.74.0.1")) + record("example.com", "TXT", value("hunter2")) +
				`</ResourceRecordSets><IsTruncated>true</IsTruncated><NextRecordName>n.</NextRecordName><NextRecordType>A</NextRecordType></ListResourceRecordSetsResponse>`,
			"route53:GET /2013-04-01/hostedzone/Z1/rrset?name=n.": `<ListResourceRecordSetsResponse><ResourceRecordSets>` + record("new.example.com", "A", value("54.74.0.2")) +
				record("www.example.com", "A", website) + record("old.example.com", "AAAA", website) + `</ResourceRecordSets><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>`,
			"ec2:DescribeAddresses":              `<r><addressesSet><item><allocationId>eipalloc-1</allocationId><publicIp>54.74.0.1</publicIp></item></addressesSet></r>`,
			"organizations:DescribeOrganization": "400 X-Amzn-Errortype=AWSOrganizationsNotInUseException",
			"organizations:ListAccounts":         "400 X-Amzn-Errortype=AWSOrganizationsNotInUseException",
			"route53domains:ListDomains":         `{"Domains":[{"DomainName":"example.com","AutoRenew":false,"TransferLock":true}]}`,
		},
		asks: []string{"route53:GET /2013-04-01/hostedzone/Z1/rrset maxitems=300"},
		want: map[string]string{
			"cloudfront-viewer-tls bad": "FAIL", "cloudfront-viewer-http bad": "FAIL", "cloudfront-origin-cleartext bad": "FAIL", "cloudfront-origin-old-tls bad": "FAIL", "cloudfront-dangling-origin bad": "FAIL",
			"cloudfront-viewer-tls good": "PASS", "cloudfront-viewer-http good": "PASS", "cloudfront-origin-cleartext good": "PASS", "cloudfront-origin-old-tls good": "PASS", "cloudfront-dangling-origin good": "PASS",
			"route53-dangling example.com": "PASS FAIL PASS FAIL", "route53-autorenew example.com": "FAIL", "route53-transfer-lock example.com": "PASS",
		},
		never: []string{"hunter2"},
	}
	c.run(t)
}

// TestRefusedBucket: a refusal that names no region is none by the bucket, and says nothing
// of it.
func TestRefusedBucket(t *testing.T) {
	aws := newStandIn(t)
	aws.on("cloudfront:GET /2020-05-31/distribution", body(`<DistributionList><Items><DistributionSummary><Id>a</Id><ARN>arn:a</ARN><Origins><Items><Origin><Id>o</Id><DomainName>b.s3.amazonaws.com</DomainName></Origin></Items></Origins></DistributionSummary></Items></DistributionList>`))
	aws.on("s3:GET /", body(`<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>`))
	aws.on("s3:HEAD /b", func(w http.ResponseWriter, _ asked) { w.WriteHeader(http.StatusForbidden) })
	got := findings(t, read(t, aws.collector(t, "cloudfront-dangling-origin")), "cloudfront-dangling-origin")
	if len(got) != 1 || got[0].Status != scan.StatusUnknown || got[0].Unread[0].Why != scan.Denied || got[0].Unread[0].Action != "s3:ListBucket" {
		t.Errorf("%+v", got)
	}
}

// TestNamedBucketsResumed: one call is made for two types of resources. A scan that goes on
// has the work of both, and a plan for one of them leaves out the other.
func TestNamedBucketsResumed(t *testing.T) {
	aws := newStandIn(t)
	aws.on("cloudfront:GET /2020-05-31/distribution", body(`<DistributionList><Items><DistributionSummary><Id>a</Id><ARN>arn:a</ARN><Origins><Items><Origin><Id>o</Id><DomainName>b.s3.amazonaws.com</DomainName></Origin></Items></Origins></DistributionSummary></Items></DistributionList>`))
	aws.on("s3:GET /", body(`<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>`))
	aws.on("s3:HEAD /b", body(""))
	aws.on("s3:HEAD /www.example.com", body(""))
	aws.on("route53:GET /2013-04-01/hostedzone", body(`<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name></HostedZone></HostedZones></ListHostedZonesResponse>`))
	aws.on("route53:GET /2013-04-01/hostedzone/Z1/rrset", body(`<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>www.example.com.</Name><Type>A</Type>
		<AliasTarget><DNSName>s3-website-eu-west-1.amazonaws.com.</DNSName><HostedZoneId>Z2</HostedZoneId></AliasTarget></ResourceRecordSet></ResourceRecordSets></ListResourceRecordSetsResponse>`))
	c := aws.collector(t, "cloudfront-dangling-origin", "route53-dangling")
	first, again := new(bytes.Buffer), new(bytes.Buffer)
	if err := c.Run(t.Context(), theAccount(), first); err != nil {
		t.Fatal(err)
	}
	calls := aws.made("")
	if err := c.Resume(t.Context(), theAccount(), bytes.NewReader(first.Bytes()), again); err != nil {
		t.Fatal(err)
	}
	if n := aws.made("") - calls; n != 0 {
		t.Errorf("%d calls to resume what is whole", n)
	}
	ends := func(raw []byte) (out []string) {
		for _, l := range parse(t, raw).of("unit") {
			if l.Op == "s3:HeadBucket" && l.S == "end" {
				out = append(out, l.Of)
			}
		}
		slices.Sort(out)
		return out
	}
	if was, is := ends(first.Bytes()), ends(again.Bytes()); len(was) != 2 || !slices.Equal(was, is) {
		t.Errorf("resumed: %v, was %v", is, was)
	}
	want := []PerResource{{"AWS::CloudFront::Distribution", 1}}
	if got := aws.collector(t, "cloudfront-dangling-origin").Plan.Expected(1).Resources; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestNamesElsewhere: GovCloud has neither CloudFront nor a registrar, and China no
// registrar. No credentials go to those of another partition.
func TestNamesElsewhere(t *testing.T) {
	for _, c := range []struct{ partition, region, want string }{
		{"aws", "eu-west-1", "cloudfront.amazonaws.com route53.amazonaws.com route53domains.us-east-1.amazonaws.com"},
		{"aws-us-gov", "us-gov-east-1", "route53.us-gov.amazonaws.com"},
		{"aws-cn", "cn-north-1", "cloudfront.cn-northwest-1.amazonaws.com.cn route53.amazonaws.com.cn"},
	} {
		t.Run(c.partition, func(t *testing.T) {
			aws := newStandIn(t)
			aws.on("ec2:DescribeRegions", regionList(c.region))
			hosts := &named{to: aws.URL, missing: "none"}
			reader := aws.collector(t, "cloudfront-viewer-tls", "route53-autorenew", "route53-dangling")
			reader.Endpoint, reader.HTTP = "", &http.Client{Transport: hosts}
			a := theAccount()
			a.Partition, a.Region = c.partition, c.region
			if err := reader.Run(t.Context(), a, io.Discard); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range hosts.asked() {
				if strings.HasPrefix(h, "cloudfront") || strings.HasPrefix(h, "route53") {
					got = append(got, h)
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("asked %s, want %s", s, c.want)
			}
		})
	}
}
