package scan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Distribution is a distribution of CloudFront.
type Distribution struct {
	Resource
	DomainName   string // that CloudFront gave it
	Aliases      struct{ Items []string }
	Origins      struct{ Items []Origin }
	OriginGroups struct {
		Items []struct {
			Id      string
			Members struct{ Items []struct{ OriginId string } }
		}
	}
	DefaultCacheBehavior *CacheBehavior
	CacheBehaviors       struct{ Items []CacheBehavior }
	ViewerCertificate    *ViewerCertificate

	// OriginBuckets are the buckets of the origins that lie in S3.
	OriginBuckets Val[[]NamedBucket] `op:"s3:HeadBucket"`
}

// Origin is where a distribution fetches from.
type Origin struct {
	Id, DomainName     string
	CustomOriginConfig *CustomOrigin // nil for S3 and for VPC origins
}

// CustomOrigin says how an origin is talked to.
type CustomOrigin struct {
	OriginProtocolPolicy string // http-only, https-only, match-viewer
	OriginSslProtocols   struct{ Items []string }
}

// CacheBehavior says how viewers reach a path, and where it is fetched from: an origin
// or a group of origins.
type CacheBehavior struct {
	TargetOriginId, PathPattern string
	ViewerProtocolPolicy        string // allow-all, https-only, redirect-to-https
}

// ViewerCertificate says how viewers' TLS ends.
type ViewerCertificate struct {
	CloudFrontDefaultCertificate bool
	MinimumProtocolVersion       string // SSLv3, TLSv1, TLSv1.2_2021, ...
}

const cloudfrontList = "cloudfront:ListDistributions"

var distributions = newKind[Distribution]("AWS::CloudFront::Distribution", "cloudfront", Once, cloudfrontList)

func cloudfrontKinds() []*Kind { return []*Kind{distributions.Kind} }

func cloudfrontChecks() []Check {
	return slices.Concat(cloudfrontViewerChecks(), cloudfrontOriginChecks())
}

func cloudfrontViewerChecks() []Check {
	return []Check{
		Each(distributions, Check{
			ID: "cloudfront-viewer-tls", Title: "Viewer TLS floor below 1.2", Severity: Medium,
			Service: "cloudfront", Type: distributions.Type,
			Why:  "Old TLS has known faults, and lets an attacker on the way read or change what viewers send.",
			Fix:  "Use a certificate of your own with the security policy TLSv1.2_2021 or newer.",
			Refs: []string{"scoutsuite:cloudfront-distribution-insufficient-viewer-security"},
		}, viewerTLS),
		Each(distributions, Check{
			ID: "cloudfront-viewer-http", Title: "Viewer may use plain HTTP", Severity: Medium,
			Service: "cloudfront", Type: distributions.Type,
			Why:  "Pages, cookies and passwords cross the internet readable and changeable to whoever is on the way.",
			Fix:  "Set the viewer protocol policy of every behaviour to redirect-to-https or https-only.",
			Refs: []string{"fsbp:CloudFront.3"},
		}, viewerHTTP),
	}
}

func viewerTLS(d *Distribution, _ *Params) Verdict {
	const path = "ViewerCertificate.MinimumProtocolVersion"
	switch c := d.ViewerCertificate; {
	case c == nil:
		return ec2LeftOut(cloudfrontList, &d.Resource, "ViewerCertificate")
	case c.CloudFrontDefaultCertificate:
		return Fail("the certificate is CloudFront's own, with which TLS 1.0 cannot be turned off").At("ViewerCertificate.CloudFrontDefaultCertificate", true).As(Low)
	default:
		newer, known := tlsFloor(c.MinimumProtocolVersion)
		switch {
		case !known:
			return ec2LeftOut(cloudfrontList, &d.Resource, "known "+path+": "+c.MinimumProtocolVersion)
		case newer:
			return Pass("viewers use %s or newer", c.MinimumProtocolVersion)
		}
		return Fail("viewers may use the old %s", c.MinimumProtocolVersion).At(path, c.MinimumProtocolVersion)
	}
}

// tlsFloor says whether a security policy is TLSv1.2_2019 or newer. Policies are a
// protocol and a year.
func tlsFloor(policy string) (newer, known bool) {
	protocol, year, _ := strings.Cut(policy, "_")
	minor, tls := strings.CutPrefix(protocol, "TLSv1.")
	switch {
	case policy == "SSLv3", protocol == "TLSv1":
		return false, true
	case !tls:
		return false, false
	}
	version, err := strconv.Atoi(minor)
	made, second := strconv.Atoi(year)
	return version > 2 || version == 2 && made >= 2019, err == nil && second == nil
}

// behaviors are all of them with their places in the record, the default one first.
func (d *Distribution) behaviors(visit func(path string, b *CacheBehavior)) {
	if d.DefaultCacheBehavior != nil {
		visit("DefaultCacheBehavior.", d.DefaultCacheBehavior)
	}
	for i := range d.CacheBehaviors.Items {
		visit(fmt.Sprintf("CacheBehaviors.Items[%d].", i), &d.CacheBehaviors.Items[i])
	}
}

func viewerHTTP(d *Distribution, _ *Params) Verdict {
	var open []string
	var evidence []Evidence
	unsaid := d.DefaultCacheBehavior == nil
	d.behaviors(func(path string, b *CacheBehavior) {
		switch b.ViewerProtocolPolicy {
		case "allow-all":
			open = append(open, b.String())
			evidence = append(evidence, Evidence{path + "ViewerProtocolPolicy", b.ViewerProtocolPolicy})
		case "":
			unsaid = true
		}
	})
	switch {
	case len(open) > 0:
		v := Fail("viewers may use plain HTTP: %s", someNames(open))
		v.Evidence = evidence
		return v
	case unsaid:
		return ec2LeftOut(cloudfrontList, &d.Resource, "ViewerProtocolPolicy")
	}
	return Pass("viewers use HTTPS")
}

func (b *CacheBehavior) String() string {
	if b.PathPattern == "" {
		return "the default behaviour"
	}
	return b.PathPattern
}
