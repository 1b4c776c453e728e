package audit

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"fob/scan"
)

// TestNeighbours: an address that a zone of one account leads to is that of another one,
// whose snapshot is another file.
func TestNeighbours(t *testing.T) {
	const zones, has = "111111111111", "222222222222"
	snapshot := func(account, address string) Snapshot {
		var b strings.Builder
		put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
		put(`{"k":"head","v":1,"at":"2026-01-01T00:00:00Z","accounts":["%s"],"partition":"aws"}`, account)
		put(`{"k":"scope","a":"%s","r":"eu-west-1","s":"read"}`, account)
		for _, op := range []string{"ec2:DescribeAddresses", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "route53:ListHostedZones", "s3:ListBuckets"} {
			put(`{"k":"unit","a":"%s","r":"eu-west-1","op":"%s","s":"end"}`, account, op)
			put(`{"k":"unit","a":"%s","r":"global","op":"%s","s":"end"}`, account, op)
		}
		put(`{"k":"res","a":"%s","op":"organizations:DescribeOrganization","r":"global","t":"AWS::Account","id":"%[1]s","d":{"Organization":null,"OrganizationAccounts":null}}`, account)
		put(`{"k":"res","a":"%s","op":"ec2:DescribeAddresses","r":"eu-west-1","t":"AWS::EC2::EIP","id":"arn:%[1]s","d":{"PublicIp":"%s"}}`, account, address)
		if account == zones {
			put(`{"k":"res","a":"%s","r":"global","t":"AWS::Route53::HostedZone","id":"arn:z","n":"z","d":{"Records":[{"Name":"a.","Type":"A","ResourceRecords":[{"Value":"54.74.0.1"}]}]}}`, account)
		}
		put(`{"k":"end","a":"%s","complete":true}`, account)
		return Snapshot{Name: account, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(b.String())), nil }}
	}
	var checks []scan.Check
	for _, c := range scan.Checks() {
		if c.ID == "route53-dangling" {
			checks = append(checks, c)
		}
	}
	for address, want := range map[string]string{"54.74.0.1": "PASS", "54.74.0.2": "FAIL"} {
		var out bytes.Buffer
		if _, err := Judge(&out, []Snapshot{snapshot(zones, "54.74.0.3"), snapshot(has, address)}, Options{Checks: checks}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), `"status":"`+want+`"`) {
			t.Errorf("%s: want %s:\n%s", address, want, out.String())
		}
	}
}
