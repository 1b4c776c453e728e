package e2e

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// TestDenied refuses one operation after the other. A verdict may then differ from that
// of the free scan in one way only: it is UNKNOWN, and names the operation.
func TestDenied(t *testing.T) {
	m := startMoto(t)
	m.fill(t, "vulnerable")
	g := newGate(t, m)
	p := newPerson(t, &moto{g.server.URL}, "AKIAIOSFODNN7EXAMPLE", "any")

	free := map[string]scan.Finding{}
	g.deny("")
	for _, f := range p.findings("--regions", "eu-west-1") {
		free[f.ID] = f
	}
	calls := g.called()
	if len(g.strange) > 0 {
		t.Fatalf("calls that the test does not know: %v", g.strange)
	}
	asked := checksByOperation()
	for _, op := range slices.Sorted(maps.Keys(calls)) {
		if asked[op] == nil {
			continue // sts:GetCallerIdentity and what finds the regions
		}
		t.Run(op, func(t *testing.T) {
			g.deny(op)
			denied := p.with(t).findings("--regions", "eu-west-1", "--checks", strings.Join(asked[op], ","))
			if g.called()[op] == 0 {
				t.Fatal("it was not called")
			}
			unknown := 0
			for _, f := range denied {
				was, there := free[f.ID]
				switch {
				case f.Status == scan.StatusUnknown:
					if names(f, op) {
						unknown++
					} else if !there || was.Status != scan.StatusUnknown {
						t.Errorf("%s %s is UNKNOWN, and does not name the operation: %s", f.Check, f.Resource.ARN, f.Message)
					}
				case !there:
					t.Errorf("%s %s is %s, and is not there when nothing is denied: %s", f.Check, f.Resource.ARN, f.Status, f.Message)
				case f.Status != was.Status:
					t.Errorf("%s %s is %s, and %s when nothing is denied: %s", f.Check, f.Resource.ARN, f.Status, was.Status, f.Message)
				}
			}
			if unknown == 0 && !tunesOnly[op] {
				t.Error("nothing is UNKNOWN for it")
			}
		})
	}
}

// tunesOnly are operations that in this account decide nothing: another fact is enough.
var tunesOnly = map[string]bool{
	"cloudtrail:GetEventSelectors":   true, // the only trail does not log at all
	"cloudwatch:DescribeAlarms":      true, // no trail feeds a log group
	"ec2:DescribeAddresses":          true, // there is no zone whose records it is for
	"ec2:DescribeNetworkInterfaces":  true, // severities, and what the instances themselves say
	"iam:GenerateCredentialReport":   true, // a report is there
	"iam:ListVirtualMFADevices":      true, // the emulator does not say whether root has a password
	"kms:ListAliases":                true, // saves calls for AWS's own keys
	"organizations:ListAccounts":     true, // there is no organization
	"redshift:DescribeLoggingStatus": true, // the parameter group alone fails
	"s3:HeadBucket":                  true, // the region of a bucket, and no origin is one
}

func names(f scan.Finding, op string) bool {
	return slices.ContainsFunc(f.Unread, func(e *scan.ReadError) bool { return e.Op == op && e.Why == scan.Denied })
}

// checksByOperation are the checks that need each operation.
func checksByOperation() map[string][]string {
	out := map[string][]string{}
	for _, c := range scan.Checks() {
		for _, op := range c.Operations() {
			out[op] = append(out[op], c.ID)
		}
	}
	return out
}

// with is the same person in a subtest.
func (p *person) with(t *testing.T) *person {
	return &person{t: t, home: p.home, env: p.env}
}

// TestOnlyItsCalls: a check that is asked alone makes its calls and no others.
func TestOnlyItsCalls(t *testing.T) {
	m := startMoto(t)
	m.fill(t, "hardened")
	g := newGate(t, m)
	p := newPerson(t, &moto{g.server.URL}, "AKIAIOSFODNN7EXAMPLE", "any")
	for _, c := range scan.Checks() {
		if c.Severity < scan.High {
			continue // the others are held by the plan's own test; this one takes a process each
		}
		t.Run(c.ID, func(t *testing.T) {
			g.deny("")
			p.with(t).findings("--regions", "eu-west-1", "--checks", c.ID)
			for op := range g.called() {
				if !slices.Contains(c.Operations(), op) && op != "sts:GetCallerIdentity" && op != "ec2:DescribeRegions" &&
					op != "s3:HeadBucket" { // which names a region even when it refuses; AWS gives it with the list
					t.Errorf("it calls %s", op)
				}
			}
		})
	}
}

// TestLeastPolicy gives a user the policy that fob scan prints, in an emulator that
// asks for permission, and reads as much as somebody who may everything.
func TestLeastPolicy(t *testing.T) {
	// The emulator asks for permission only where it can check signatures, and names no bucket's region to those it refuses.
	const services = "iam,ec2,rds,redshift,elasticache,sns,elb,elbv2,cloudformation"
	m := startMoto(t)
	m.fill(t, "vulnerable")
	anyone := newPerson(t, m, "AKIAIOSFODNN7EXAMPLE", "any")
	free := verdicts(anyone.findings("--services", services, "--regions", "eu-west-1"))

	policy := anyone.fob("scan", "iam-policy", "--services", services)
	if policy.code != 0 {
		t.Fatal(policy)
	}
	key, secret, _ := strings.Cut(m.python(t, "auditor.py", policy.stdout), " ")
	p := newPerson(t, m, key, secret)
	m.authorize(t)
	got := verdicts(p.findings("--services", services, "--regions", "eu-west-1"))
	if d := withoutAuditor(difference(free, got)); d != "" {
		t.Errorf("the verdicts differ (- free, + least):\n%s", d)
	}
}

// withoutAuditor leaves out what the auditor's own user adds.
func withoutAuditor(d string) string {
	var b bytes.Buffer
	for line := range strings.Lines(d) {
		if !strings.Contains(line, "auditor") {
			b.WriteString(line)
		}
	}
	return b.String()
}
