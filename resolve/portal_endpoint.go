package resolve

import (
	"net/url"
)

// awsEndpoint is where a service is: "sts", "portal.sso" or "oidc". The rules are those of the SDK's endpoint rule sets; override is "" for
// AWS's own.
func awsEndpoint(service string, s Service, override string) (*url.URL, error) {
	if override != "" {
		if s.FIPS || s.DualStack {
			return nil, &ConfigError{Fact: "the endpoint " + override + " cannot be combined with FIPS or dual stack", Fix: "leave one of them out"}
		}
		return url.Parse(override)
	}
	p := Partition(s.Region)
	suffix, dualStack := dnsSuffixes(p)
	if s.DualStack {
		suffix = dualStack
	}
	// GovCloud's plain endpoints are FIPS endpoints.
	if s.FIPS && (s.DualStack || p != "aws-us-gov") {
		service += "-fips"
	}
	return &url.URL{Scheme: "https", Host: service + "." + s.Region + "." + suffix}, nil
}

// dnsSuffixes are the domains of AWS's endpoints in a partition, as the SDK's
// partition table has them.
func dnsSuffixes(partition string) (plain, dualStack string) {
	switch partition {
	case "aws-cn":
		return "amazonaws.com.cn", "api.amazonwebservices.com.cn"
	case "aws-eusc":
		return "amazonaws.eu", "api.amazonwebservices.eu"
	case "aws-iso":
		return "c2s.ic.gov", "api.aws.ic.gov"
	case "aws-iso-b":
		return "sc2s.sgov.gov", "api.aws.scloud"
	case "aws-iso-e":
		return "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"
	case "aws-iso-f":
		return "csp.hci.ic.gov", "api.aws.hci.ic.gov"
	}
	return "amazonaws.com", "api.aws"
}

// nameForeign says where a call goes that does not go to AWS: the override may be
// a file's that somebody else has written.
func (r *Resolver) nameForeign(base *url.URL, s Service) {
	if host := s.Foreign(base.String()); host != "" {
		r.warn("%s is called instead of AWS", host)
	}
}
