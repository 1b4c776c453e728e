package scan

import "time"

// Certificate is a certificate that ACM keeps.
type Certificate struct {
	Resource
	Status             string // ISSUED, EXPIRED, PENDING_VALIDATION, ...
	InUse              *bool
	NotAfter           *time.Time
	RenewalEligibility string // ELIGIBLE, INELIGIBLE
}

const acmList = "acm:ListCertificates"

var certificates = newKind[Certificate]("AWS::CertificateManager::Certificate", "acm", Regional, acmList)

func acmKinds() []*Kind { return []*Kind{certificates.Kind} }

func acmChecks() []Check {
	return []Check{
		Each(certificates, Check{
			ID: "acm-expiring", Title: "Certificate expired or expiring", Severity: Medium,
			Service: "acm", Type: certificates.Type,
			Why:  "Clients turn away from a service whose certificate has expired, or learn to click the warning away.",
			Fix:  "Import the renewed certificate under the same ARN, or replace it by one that ACM issues and renews.",
			Refs: []string{"fsbp:ACM.1", "scoutsuite:acm-certificate-with-close-expiration-date"},
		}, certificateExpiring),
	}
}

// certificateExpiring is about certificates in use. ACM renews those that are eligible
// weeks before; one that has expired all the same was not renewed.
func certificateExpiring(c *Certificate, p *Params) Verdict {
	switch c.Status {
	case "PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED", "REVOKED":
		return NotApplicable("the certificate is in the state %s", c.Status)
	}
	switch {
	case c.InUse == nil:
		return ec2LeftOut(acmList, &c.Resource, "InUse")
	case !*c.InUse:
		return Pass("nothing uses the certificate")
	case c.NotAfter == nil:
		return ec2LeftOut(acmList, &c.Resource, "NotAfter")
	}
	day, left := c.NotAfter.UTC().Format(time.DateOnly), c.NotAfter.Sub(p.Now)
	const soon = 7 * 24 * time.Hour
	switch {
	case left < 0:
		return Fail("the certificate is in use and expired on %s", day).At("NotAfter", c.NotAfter).As(High)
	case left > p.Days("days", 30):
		return Pass("the certificate is valid until %s", day)
	case c.RenewalEligibility == "ELIGIBLE":
		return Pass("the certificate is valid until %s, and ACM renews it", day)
	case c.RenewalEligibility == "":
		return ec2LeftOut(acmList, &c.Resource, "RenewalEligibility")
	case left <= soon:
		return Fail("the certificate is in use, expires on %s, and nothing renews it", day).At("NotAfter", c.NotAfter).As(High)
	}
	return Fail("the certificate is in use, expires on %s, and nothing renews it", day).At("NotAfter", c.NotAfter)
}
