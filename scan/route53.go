package scan

import (
	"slices"
	"strings"
)

// HostedZone is a zone of Route 53.
type HostedZone struct {
	Resource
	// Records are those of the zone that lead to a host: A, AAAA and CNAME.
	Records Val[[]RecordSet] `op:"route53:ListResourceRecordSets"`
	// WebsiteBuckets are the buckets that S3 looks for when it is asked for records that
	// lead there.
	WebsiteBuckets Val[[]NamedBucket] `op:"s3:HeadBucket"`
}

// RecordSet are the records of one name and type.
type RecordSet struct {
	Name            string
	Type            string
	SetIdentifier   string        `json:",omitempty"`
	AliasTarget     *AliasTarget  `json:",omitempty"`
	ResourceRecords []RecordValue `json:",omitempty"`
}

// AliasTarget is where an alias leads.
type AliasTarget struct{ DNSName, HostedZoneId string }

// RecordValue is an address, or a name.
type RecordValue struct{ Value string }

// Domain is a name that is registered with Route 53.
type Domain struct {
	Resource
	AutoRenew, TransferLock *bool
}

const domainList = "route53domains:ListDomains"

var (
	hostedZones = newKind[HostedZone]("AWS::Route53::HostedZone", "route53", Once, "route53:ListHostedZones")
	domains     = newKind[Domain]("AWS::Route53Domains::Domain", "route53", Once, domainList)
)

func route53Kinds() []*Kind { return []*Kind{hostedZones.Kind, domains.Kind} }

func route53Checks() []Check {
	return []Check{
		Each(domains, Check{
			ID: "route53-autorenew", Title: "Domain not auto-renewed", Severity: Medium,
			Service: "route53", Type: domains.Type,
			Why:  "When somebody forgets to renew the name, everyone may register it, and gets its mail and its visitors.",
			Fix:  "Enable automatic renewal of the domain, or let it expire on purpose once nothing refers to it.",
			Refs: []string{"scoutsuite:route53-domain-no-autorenew"},
		}, func(d *Domain, _ *Params) Verdict {
			switch {
			case d.AutoRenew == nil:
				return ec2LeftOut(domainList, &d.Resource, "AutoRenew")
			case *d.AutoRenew:
				return Pass("the domain is renewed automatically")
			}
			return Fail("the domain is not renewed automatically").At("AutoRenew", false)
		}),
		Each(domains, Check{
			ID: "route53-transfer-lock", Title: "Domain not locked against transfer", Severity: Medium,
			Service: "route53", Type: domains.Type,
			Why:  "Whoever gets the authorization code can move the name to another registrar, with all that depends on it.",
			Fix:  "Enable the transfer lock of the domain.",
			Refs: []string{"scoutsuite:route53-domain-no-transferlock", "scoutsuite:route53-domain-transferlock-not-authorized"},
		}, transferLock),
		Many(hostedZones, Check{
			ID: "route53-dangling", Title: "Record points to a released address or bucket", Severity: High,
			Service: "route53", Type: hostedZones.Type,
			Why:   "Whoever is given the address next, or makes the bucket, answers under your name and can get certificates and cookies for it.",
			Fix:   "Delete the record, or point it to what is yours. If the address is a partner's, or of Lightsail, which is not read, except the record from this check.",
			Needs: []string{"Records"},
			Reads: slices.Concat([]string{"WebsiteBuckets", "AWS::S3::Bucket"}, AddressTypes(), organizationFacts()),
		}, danglingRecords),
	}
}

func transferLock(d *Domain, _ *Params) Verdict {
	switch {
	case d.TransferLock == nil:
		return ec2LeftOut(domainList, &d.Resource, "TransferLock")
	case *d.TransferLock:
		return Pass("the domain is locked against transfer")
	}
	v := Fail("the domain is not locked against transfer").At("TransferLock", false)
	if tld := unlockable(d.Name); tld != "" {
		v.Message = "domains under " + tld + " cannot be locked against transfer"
		v = v.As(Info)
	}
	return v
}

// unlockable is the top-level domain of a name if its registry knows no lock, "" for
// others. Route 53 tells of it in the list of registrars' domains.
func unlockable(domain string) string {
	for _, tld := range []string{
		".ch", ".cl", ".co.nz", ".net.nz", ".org.nz", ".co.za", ".com.ar", ".com.au", ".net.au", ".de", ".es", ".eu", ".fi", ".fr", ".it",
		".jp", ".nl", ".qa", ".ru", ".se", ".uk",
	} {
		if strings.HasSuffix(strings.ToLower(domain), tld) {
			return tld
		}
	}
	return ""
}
