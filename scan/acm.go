package scan

import "time"

// Certificate is a certificate that ACM keeps.
type Certificate struct {
	Resource
	Status             string // ISSUED, EXPIRED, PENDING_VALIDATION, ...
	InUse              *bool
	Exported           bool // so that it may be in use where ACM does not see it
	NotAfter           *time.Time
	RenewalEligibility string // ELIGIBLE, INELIGIBLE
}

const acmList = "acm:ListCertificates"

var certificates = newKind[Certificate]("AWS::CertificateManager::Certificate", "acm", Regional, acmList)

func acmKinds() []*Kind { return []*Kind{certificates.Kind} }

func acmChecks() []Check {
	return []Check{
		Each(certificates, Check{
			ID: "acm-expiring", Title: "Certificate expired or expiring", Severity: Medium, Worst: High,
			Service: "acm", Type: certificates.Type,
			Why:  "Clients turn away from a service whose certificate has expired, or learn to click the warning away.",
			Fix:  "Import the renewed certificate under the same ARN, or replace it by one that ACM issues and renews; where ACM should have, look what its validation waits for.",
			Refs: []string{"fsbp:ACM.1", "scoutsuite:acm-certificate-with-close-expiration-date"},
		}, certificateExpiring),
	}
}

// certificateExpiring is about certificates in use. ACM begins to renew those that are
// eligible 45 days before or earlier: one that has a week left was not renewed, mostly
// because the domain could not be validated.
func certificateExpiring(c *Certificate, p *Params) Verdict {
	switch c.Status {
	case "PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED", "REVOKED":
		return NotApplicable("the certificate is in the state %s", c.Status)
	}
	switch {
	case c.InUse == nil:
		return ec2LeftOut(acmList, &c.Resource, "InUse")
	case !*c.InUse && !c.Exported:
		return Pass("nothing uses the certificate")
	case c.NotAfter == nil:
		return ec2LeftOut(acmList, &c.Resource, "NotAfter")
	}
	use := "in use"
	if !*c.InUse {
		use = "exported"
	}
	day, left := c.NotAfter.UTC().Format(time.DateOnly), c.NotAfter.Sub(p.Now)
	const soon = 7 * 24 * time.Hour
	var v Verdict
	switch {
	case left < 0:
		v = Fail("the certificate is %s and expired on %s", use, day)
	case left > p.Days("days", 30):
		return Pass("the certificate is valid until %s", day)
	case c.RenewalEligibility == "":
		return ec2LeftOut(acmList, &c.Resource, "RenewalEligibility")
	case c.RenewalEligibility != "ELIGIBLE":
		v = Fail("the certificate is %s, expires on %s, and nothing renews it", use, day)
	case left > soon:
		return Pass("the certificate is valid until %s, and ACM renews it", day)
	default:
		v = Fail("the certificate is %s and expires on %s, and ACM should have renewed it by now", use, day)
	}
	if *c.InUse && left <= soon {
		v = v.As(High)
	}
	return v.At("NotAfter", c.NotAfter)
}
