package resolve

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// The hosts are those of the SDK's own rules.
func TestSTSEndpointIsTheSDKs(t *testing.T) {
	rules := sts.NewDefaultEndpointResolverV2()
	for _, region := range []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-2", "ap-southeast-4", "il-central-1", "mx-central-1",
		"cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1"} {
		for _, s := range []Service{{}, {FIPS: true}, {DualStack: true}, {FIPS: true, DualStack: true}} {
			s.Region = region
			want, err := rules.ResolveEndpoint(t.Context(), sts.EndpointParameters{
				Region: aws.String(region), UseFIPS: aws.Bool(s.FIPS), UseDualStack: aws.Bool(s.DualStack), UseGlobalEndpoint: aws.Bool(false),
			})
			if err != nil {
				continue // a combination that the partition does not have
			}
			got, err := awsEndpoint("sts", s, "")
			if err != nil || got.String() != want.URI.String() {
				t.Errorf("%+v: got %v (%v), want %s", s, got, err, want.URI.String())
			}
		}
	}
}
