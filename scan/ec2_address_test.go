package scan_test

import (
	"fmt"
	"strings"
	"testing"

	"fob/scan"
)

// TestSharedAddresses: an address of another scanned account is not released, and the
// organization is known from the account that may list it.
func TestSharedAddresses(t *testing.T) {
	var lines strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) }
	for _, a := range []string{"111111111111", "222222222222"} {
		put(`{"k":"scope","a":"%s","r":"eu-west-1","s":"read"}`, a)
		for _, op := range []string{"ec2:DescribeAddresses", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "route53:ListHostedZones", "s3:ListBuckets"} {
			put(`{"k":"unit","a":"%s","r":"eu-west-1","op":"%s","s":"end"}`, a, op)
			put(`{"k":"unit","a":"%s","r":"global","op":"%s","s":"end"}`, a, op)
		}
	}
	put(`{"k":"res","a":"111111111111","r":"global","t":"AWS::Account","id":"111111111111","d":{"Organization":{"Id":"o-1"},"OrganizationAccounts":[{"Id":"111111111111"},{"Id":"222222222222"}]}}`)
	put(`{"k":"res","a":"222222222222","r":"global","t":"AWS::Account","id":"222222222222","d":{"Organization":{"Id":"o-1"}}}`)
	put(`{"k":"res","a":"111111111111","r":"eu-west-1","t":"AWS::EC2::EIP","id":"arn:e","d":{"PublicIp":"54.74.0.1"}}`)
	put(`{"k":"res","a":"222222222222","r":"global","t":"AWS::Route53::HostedZone","id":"arn:z","d":{"Records":[` +
		`{"Name":"a.","Type":"A","ResourceRecords":[{"Value":"54.74.0.1"}]},{"Name":"b.","Type":"A","ResourceRecords":[{"Value":"54.74.0.2"}]}]}}`)
	verdicts := func(facts []*scan.Facts) string {
		var out []string
		for _, x := range judge(facts[1], "route53-dangling") {
			out = append(out, string(x.Status))
		}
		return strings.Join(out, " ")
	}
	if got := verdicts(load(t, lines.String())); got != "UNKNOWN UNKNOWN" {
		t.Errorf("alone: %s", got)
	}
	facts := load(t, lines.String())
	scan.ShareAddresses(facts)
	if got := verdicts(facts); got != "PASS FAIL" {
		t.Errorf("together: %s", got)
	}
	facts = load(t, lines.String()+`{"k":"err","a":"111111111111","r":"eu-west-1","op":"ec2:DescribeNetworkInterfaces","why":"denied"}`+"\n")
	scan.ShareAddresses(facts)
	if got := verdicts(facts); got != "PASS UNKNOWN" {
		t.Errorf("with a neighbour half read: %s", got)
	}
}
