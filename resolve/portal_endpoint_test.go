package resolve

import (
	"testing"
)

// The hosts that the SDK's clients have for these.
func TestSSOEndpoints(t *testing.T) {
	plain, fips, dual, both := Service{}, Service{FIPS: true}, Service{DualStack: true}, Service{FIPS: true, DualStack: true}
	for _, c := range []struct {
		region string
		how    Service
		host   string // without "portal.sso" and "oidc"
	}{
		{"us-east-1", plain, ".us-east-1.amazonaws.com"},
		{"us-east-1", fips, "-fips.us-east-1.amazonaws.com"},
		{"us-east-1", dual, ".us-east-1.api.aws"},
		{"us-east-1", both, "-fips.us-east-1.api.aws"},
		{"ap-southeast-9", plain, ".ap-southeast-9.amazonaws.com"},
		{"xx-new-1", plain, ".xx-new-1.amazonaws.com"},
		{"us-gov-west-1", plain, ".us-gov-west-1.amazonaws.com"},
		{"us-gov-west-1", fips, ".us-gov-west-1.amazonaws.com"},
		{"us-gov-west-1", dual, ".us-gov-west-1.api.aws"},
		{"us-gov-west-1", both, "-fips.us-gov-west-1.api.aws"},
		{"cn-north-1", plain, ".cn-north-1.amazonaws.com.cn"},
		{"cn-north-1", fips, "-fips.cn-north-1.amazonaws.com.cn"},
		{"cn-north-1", dual, ".cn-north-1.api.amazonwebservices.com.cn"},
		{"cn-north-1", both, "-fips.cn-north-1.api.amazonwebservices.com.cn"},
		{"eusc-de-east-1", plain, ".eusc-de-east-1.amazonaws.eu"},
		{"eusc-de-east-1", dual, ".eusc-de-east-1.api.amazonwebservices.eu"},
		{"us-iso-east-1", plain, ".us-iso-east-1.c2s.ic.gov"},
		{"us-iso-east-1", dual, ".us-iso-east-1.api.aws.ic.gov"},
		{"us-isob-east-1", plain, ".us-isob-east-1.sc2s.sgov.gov"},
		{"us-isob-east-1", both, "-fips.us-isob-east-1.api.aws.scloud"},
		{"eu-isoe-west-1", plain, ".eu-isoe-west-1.cloud.adc-e.uk"},
		{"eu-isoe-west-1", dual, ".eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
		{"us-isof-south-1", plain, ".us-isof-south-1.csp.hci.ic.gov"},
		{"us-isof-south-1", dual, ".us-isof-south-1.api.aws.hci.ic.gov"},
	} {
		c.how.Region = c.region
		for _, service := range []string{"portal.sso", "oidc"} {
			u, err := awsEndpoint(service, c.how, "")
			if want := "https://" + service + c.host; err != nil || u.String() != want {
				t.Errorf("%v: %s, want %s", err, u, want)
			}
			if !isAWSHost(u.Hostname(), Partition(c.region)) {
				t.Errorf("%s is not AWS's", u)
			}
		}
	}
}

func TestSSOEndpointOverride(t *testing.T) {
	const override = "https://sso.example:8443/x"
	if u, err := awsEndpoint("oidc", Service{Region: "us-east-1"}, override); err != nil || u.String() != override {
		t.Errorf("%v: %s", err, u)
	}
	for _, s := range []Service{{FIPS: true}, {DualStack: true}} {
		_, err := awsEndpoint("oidc", s, override)
		checkError(t, err, "ConfigError: the endpoint "+override+" cannot be combined with FIPS or dual stack")
	}
}
