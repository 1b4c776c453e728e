package scan

import (
	"fmt"
	"slices"
	"strings"
)

func cloudfrontOriginChecks() []Check {
	return []Check{
		Each(distributions, Check{
			ID: "cloudfront-origin-cleartext", Title: "Origin fetched over HTTP", Severity: Medium,
			Service: "cloudfront", Type: distributions.Type,
			Why:  "What viewers send over HTTPS goes on to the origin readable and changeable to whoever is on that way.",
			Fix:  "Set the origin protocol policy to https-only; use a bucket's REST endpoint with origin access control, not its website.",
			Refs: []string{"fsbp:CloudFront.9", "scoutsuite:cloudfront-distribution-cleartext-origin"},
		}, originCleartext),
		Each(distributions, Check{
			ID: "cloudfront-origin-old-tls", Title: "Origin connection allows old TLS", Severity: Low,
			Service: "cloudfront", Type: distributions.Type,
			Why:  "Old protocols have known faults, and let an attacker between CloudFront and the origin read or change what is sent.",
			Fix:  "Leave only TLSv1.2 and newer among the origin's SSL protocols.",
			Refs: []string{"fsbp:CloudFront.10", "scoutsuite:cloudfront-distribution-insecure-origin"},
		}, originOldTLS),
		Each(distributions, Check{
			ID: "cloudfront-dangling-origin", Title: "Origin bucket does not exist", Severity: High,
			Service: "cloudfront", Type: distributions.Type,
			Why:   "Whoever makes a bucket of that name serves pages under the distribution's names.",
			Fix:   "Remove the origin, or make the bucket again in an account of your own.",
			Refs:  []string{"fsbp:CloudFront.12"},
			Reads: []string{"OriginBuckets", "AWS::S3::Bucket"},
		}, danglingOrigin),
	}
}

// customOrigins are the origins that say how they are talked to, with their places in the
// record.
func (d *Distribution) customOrigins(visit func(path string, o *Origin)) {
	for i := range d.Origins.Items {
		if o := &d.Origins.Items[i]; o.CustomOriginConfig != nil {
			visit(fmt.Sprintf("Origins.Items[%d].CustomOriginConfig.", i), o)
		}
	}
}

func originCleartext(d *Distribution, _ *Params) Verdict {
	var found []string
	var evidence []Evidence
	unsaid := len(d.Origins.Items) == 0
	d.customOrigins(func(path string, o *Origin) {
		policy := o.CustomOriginConfig.OriginProtocolPolicy
		unsaid = unsaid || policy == ""
		if policy == "http-only" || policy == "match-viewer" && d.viewersChoose(o.Id) {
			found = append(found, o.DomainName)
			evidence = append(evidence, Evidence{path + "OriginProtocolPolicy", policy})
		}
	})
	switch {
	case len(found) == 0 && unsaid:
		return ec2LeftOut(cloudfrontList, &d.Resource, "OriginProtocolPolicy")
	case len(found) == 0:
		return Pass("no origin is fetched over HTTP")
	}
	v := Fail("fetched over HTTP: %s", someNames(found))
	v.Evidence = evidence
	return v
}

// viewersChoose says whether viewers may reach an origin over plain HTTP.
func (d *Distribution) viewersChoose(origin string) (yes bool) {
	d.behaviors(func(_ string, b *CacheBehavior) {
		yes = yes || b.ViewerProtocolPolicy == "allow-all" && (b.TargetOriginId == origin || d.inGroup(origin, b.TargetOriginId))
	})
	return yes
}

func (d *Distribution) inGroup(origin, group string) bool {
	for _, g := range d.OriginGroups.Items {
		for _, m := range g.Members.Items {
			if g.Id == group && m.OriginId == origin {
				return true
			}
		}
	}
	return false
}

// originOldTLS leaves out origins that no TLS is spoken with.
func originOldTLS(d *Distribution, _ *Params) Verdict {
	var found []string
	var evidence []Evidence
	unsaid := len(d.Origins.Items) == 0
	d.customOrigins(func(path string, o *Origin) {
		if o.CustomOriginConfig.OriginProtocolPolicy == "http-only" {
			return
		}
		unsaid = unsaid || len(o.CustomOriginConfig.OriginSslProtocols.Items) == 0
		for i, protocol := range o.CustomOriginConfig.OriginSslProtocols.Items {
			if slices.Contains([]string{"SSLv3", "TLSv1", "TLSv1.1"}, protocol) {
				found = append(found, protocol+" with "+o.DomainName)
				evidence = append(evidence, Evidence{fmt.Sprintf("%sOriginSslProtocols.Items[%d]", path, i), protocol})
			}
		}
	})
	switch {
	case len(found) == 0 && unsaid:
		return ec2LeftOut(cloudfrontList, &d.Resource, "OriginSslProtocols")
	case len(found) == 0:
		return Pass("no origin is talked to in old TLS")
	}
	v := Fail("CloudFront may use %s", someNames(found))
	v.Evidence = evidence
	return v
}

func danglingOrigin(d *Distribution, p *Params) Verdict {
	var gone []string
	var evidence []Evidence
	var unread []*ReadError
	buckets := false
	for i, o := range d.Origins.Items {
		name, _, ok := BucketOfHost(o.DomainName)
		if !ok {
			continue
		}
		buckets = true
		exists, errs := p.bucketExists(name, &d.Resource, d.OriginBuckets)
		switch {
		case len(errs) > 0:
			unread = append(unread, errs...)
		case !exists:
			gone = append(gone, name)
			evidence = append(evidence, Evidence{fmt.Sprintf("Origins.Items[%d].DomainName", i), o.DomainName})
		}
	}
	switch {
	case len(d.Origins.Items) == 0:
		return ec2LeftOut(cloudfrontList, &d.Resource, "Origins")
	case len(gone) > 0:
		v := Fail("there is no bucket %s; everyone may make it", strings.Join(gone, ", "))
		v.Evidence = evidence
		return v
	case len(unread) > 0:
		return Unknown(once(unread)...)
	case !buckets:
		return NotApplicable("no origin is a bucket")
	}
	return Pass("the buckets of all origins exist")
}
