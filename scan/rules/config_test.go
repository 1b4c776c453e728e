package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/rules"
)

// A rule says what failed, and shows what it looked at.
func TestRuleFinding(t *testing.T) {
	s := config(t, `
params: {acme-big: {most: 1}}
rules:
- id: acme-big
  title: Too many cores
  severity: high
  resource: AWS::EC2::Instance
  why: They cost.
  fix: Take a smaller one.
  refs: ["acme:7"]
  params: {most: 4, types: [m5.large]}
  when: resource.State.Name == "running" and resource.InstanceType in params.types
  fail_if: resource.CpuOptions.CoreCount > params.most and len(resource.SecurityGroups) < 9 and not policy_public(resource.NetworkInterfaces ?? nil) == false
  message: '"it has " + string(resource.CpuOptions.CoreCount) + " cores, more than " + string(params.most)'
- id: acme-none
  title: Never
  severity: info
  resource: AWS::EC2::Instance
  when: region == "us-east-1"
  fail_if: "true"
- id: acme-silent
  title: A title
  severity: info
  resource: AWS::EC2::Instance
  fail_if: resource.State.Code == 16
  message: resource.KeyName
`)
	found := judge(t, s, snapshot(t, []string{"ec2:DescribeInstances"}, compact(t, instance)))
	byCheck := map[string]scan.Finding{}
	for _, f := range found {
		byCheck[f.Check] = f
	}
	if f := byCheck["acme-none"]; f.Status != scan.StatusNotApplicable || !strings.Contains(f.Message, `region == "us-east-1"`) {
		t.Errorf("acme-none is %s: %s", f.Status, f.Message)
	}
	if f := byCheck["acme-silent"]; f.Status != scan.StatusFail || f.Message != "A title (no message: ec2:DescribeInstances context (resource.KeyName is not in the record))" {
		t.Errorf("acme-silent is %s: %s", f.Status, f.Message)
	}
	for _, c := range s.Catalogue() {
		if c.ID == "acme-none" && c.Logic != `true, where region == "us-east-1"` {
			t.Errorf("the logic of %s is %q", c.ID, c.Logic)
		}
	}
	f := byCheck["acme-big"]
	if f.Status != scan.StatusUnknown { // an empty list is no policy
		t.Errorf("acme-big is %s: %s", f.Status, f.Message)
	}

	s = config(t, oneRule("AWS::EC2::Instance", `resource.CpuOptions.CoreCount > params.most and resource.SecurityGroups[0].GroupId == "sg-1" and len(resource.Doc) > 0`,
		"  params: {most: 4}", `  message: '"more than " + string(params.most)'`, "  why: They cost.", "  refs: acme:7", "  fix: Less.", "params: {acme-rule: {most: 1}}", "severity: {acme-rule: critical}"))
	checks := s.Catalogue()
	c := checks[len(checks)-1]
	if info := c.Info(); c.ID != "acme-rule" || c.Severity != scan.Critical || info.Why != "They cost." || c.Service != "ec2" || !c.Custom() || !info.Custom {
		t.Errorf("the check is %+v", info)
	}
	found = judge(t, s, snapshot(t, []string{"ec2:DescribeInstances"}, compact(t, instance)))
	f = found[0]
	if f.Status != scan.StatusFail || f.Message != "more than 1" || f.Fix != "Less." || !slices.Equal(f.Refs, []string{"acme:7"}) || f.Resource.Name != "i-1" {
		t.Errorf("the finding is %+v", f)
	}
	if got, want := fmt.Sprint(f.Evidence), "[{CpuOptions.CoreCount 2} {SecurityGroups[0].GroupId sg-1} {Doc <nil>}]"; got != want {
		t.Errorf("the evidence is %s, want %s", got, want)
	}
}

// What a rule looks at is called, and no more.
func TestRuleCalls(t *testing.T) {
	for _, c := range []struct {
		typ, failIf string
		want        string
	}{
		{"AWS::EC2::Instance", `resource.InstanceType == "x"`, "ec2:DescribeInstances"},
		{"AWS::S3::Bucket", `resource.Name == "x"`, "s3:ListBuckets"},
		{"AWS::S3::Bucket", `resource.Versioning.Status == "x"`, "s3:GetBucketVersioning s3:ListBuckets"},
		{"AWS::S3::Bucket", `has(resource.Versioning)`, "s3:GetBucketVersioning s3:ListBuckets"},
		{"AWS::S3::Bucket", `(resource["Versioning"] ?? nil) == nil`, "s3:GetBucketVersioning s3:ListBuckets"},
		{"AWS::Account", `resource.PasswordPolicy == nil`, "iam:GetAccountPasswordPolicy"},
		{"AWS::Region", `not resource.EBSEncryption`, "ec2:GetEbsEncryptionByDefault"},
		{"AWS::Account", `account == "x"`, ""},
		{"AWS::IAM::User", `len(resource.GroupList) == 0`, "iam:GetAccountAuthorizationDetails"},
		{"AWS::IAM::User", `resource.CredentialReport.user == ""`, "iam:GenerateCredentialReport iam:GetCredentialReport"},
		{"AWS::IAM::User", `"x" in tags`, "iam:GetAccountAuthorizationDetails iam:GetCredentialReport"},
		{"AWS::IAM::User", `resource.Path == "/"`, "iam:GetAccountAuthorizationDetails iam:GetCredentialReport"},
	} {
		s := config(t, oneRule(c.typ, c.failIf))
		checks := s.Checks()
		got := slices.Sorted(slices.Values(checks[0].Operations()))
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s of %s calls %q, want %s", c.failIf, c.typ, got, c.want)
		}
	}
	// A field that only the message has is called for, too.
	s := config(t, oneRule("AWS::S3::Bucket", `resource.Name == "x"`, "  message: resource.Versioning.Status"))
	if got := s.Checks()[0].Operations(); !slices.Contains(got, "s3:GetBucketVersioning") {
		t.Errorf("the message is not called for: %q", got)
	}
}

func TestConfig(t *testing.T) {
	read := files(map[string]string{
		"c.yaml": `
trusted_accounts: [012345678901, "210987654321"]
params:
  iam-user-key-age: {days: 60}
  vpc-sg-other-open: {allowed_public_ports: [80, 8443]}
  iam-policy-admin-star: {roles: Admin-*}
severity: {s3-bucket-versioning: info}
enable: [s3-*, iam-user-no-key-rotation]
disable: vpc-sg-other-open
cidrs:
  office: [203.0.113.0/24, 2001:db8::/32]
  vpn: 198.51.100.7
`,
		"ranges.json": `{"prefixes": [{"ip_prefix": "192.0.2.0/24", "label": "home"}]}`,
		"aws.json":    `{"syncToken": "1", "prefixes": [{"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "AMAZON"}], "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24", "region": "us-east-1", "service": "EC2"}]}`,
	})
	s, err := rules.Load(rules.Files{Config: "c.yaml", Ranges: []string{"ranges.json", "aws.json"}, NameKey: "label", Read: read})
	if err != nil {
		t.Fatal(err)
	}
	o := scan.Options{Trusted: []string{"111122223333"}}
	s.Options(&o)
	if want := []string{"111122223333", "012345678901", "210987654321"}; !slices.Equal(o.Trusted, want) {
		t.Errorf("trusted are %q", o.Trusted)
	}
	if got, want := fmt.Sprint(o.Values), "map[iam-policy-admin-star:map[roles:[Admin-*]] iam-user-key-age:map[days:60] vpc-sg-other-open:map[allowed_public_ports:[80 8443]]]"; got != want {
		t.Errorf("the parameters are %s", got)
	}
	if got, want := fmt.Sprint(o.Ranges), "[{203.0.113.0/24 office} {2001:db8::/32 office} {198.51.100.7/32 vpn} {192.0.2.0/24 home} {3.5.140.0/22 AWS AMAZON ap-northeast-2} {2600:1f00::/24 AWS EC2 us-east-1}]"; got != want {
		t.Errorf("the ranges are %s", got)
	}
	var sel scan.Selection
	s.Select(&sel)
	chosen, err := sel.Of(s.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	severities := map[string]scan.Severity{}
	for _, c := range chosen {
		severities[c.ID] = c.Severity
	}
	if severities["s3-bucket-versioning"] != scan.Info || severities["vpc-sg-other-open"] != 0 || severities["iam-user-key-age"] == 0 {
		t.Errorf("chosen are %v", severities)
	}
}

// A severity that is chosen holds for findings that would differ by themselves, too.
func TestRated(t *testing.T) {
	f := scan.Kinds()[0]
	c, err := scan.Custom(scan.Check{ID: "acme-x", Severity: scan.Low, Type: "AWS::Account"}, nil, false, func(*scan.Raw, *scan.Params) scan.Verdict {
		return scan.Fail("x").As(scan.Critical)
	})
	if err != nil || f == nil {
		t.Fatal(err)
	}
	for _, rated := range []scan.Check{c, c.Rated(scan.Info)} {
		facts, err := scan.Load(snapshot(t, nil), scan.Kinds(), "AWS::Account")
		if err != nil {
			t.Fatal(err)
		}
		want := map[scan.Severity]scan.Severity{scan.Low: scan.Critical, scan.Info: scan.Info}[rated.Severity]
		scan.Judge(facts[0], []scan.Check{rated}, scan.Options{}, func(f scan.Finding) {
			if f.Severity != want {
				t.Errorf("the finding is %s, want %s", f.Severity, want)
			}
		})
	}
}

func TestConfigErrors(t *testing.T) {
	rule := func(lines string) string {
		return "rules:\n- id: acme-x\n  title: T\n  severity: low\n  resource: AWS::EC2::Instance\n" + lines
	}
	for _, c := range []struct{ text, want string }{
		{"parms: {}", `c.yaml:1: unknown key "parms" in a configuration; did you mean params?`},
		{"params: {iam-user-key-agee: {days: 1}}", `c.yaml:1: there is no check "iam-user-key-agee"; did you mean iam-user-key-age`},
		{"params: {iam-user-key-*: {days: 1}}", `c.yaml:1: "iam-user-key-*" is not the id of one check; name iam-user-key-unused or iam-user-key-age`},
		{"params:\n  iam-user-key-age: {day: 1}", `c.yaml:2: iam-user-key-age has no parameter "day"; did you mean days?`},
		{"params:\n  s3-bucket-versioning: {day: 1}", `c.yaml:2: s3-bucket-versioning has no parameters`},
		{"params:\n  iam-user-key-age: {days: soon}", `c.yaml:2: days takes a whole number, not "soon"`},
		{"params:\n  iam-user-key-age: {days: -1}", `c.yaml:2: days takes a whole number, not "-1"`},
		{"params:\n  iam-user-key-age: {days: 1.5}", `c.yaml:2: days takes a whole number, not "1.5"`},
		{"params:\n  iam-user-key-age: {days: }", `c.yaml:2: "days" has no value; give it a value, or take it away`},
		{"params:\n  iam-user-key-age: 60", `c.yaml:2: the parameters of iam-user-key-age has to be keys with values, not "60"`},
		{"params:\n  vpc-sg-other-open: {allowed_public_ports: [http]}", `c.yaml:2: allowed_public_ports takes a list of whole numbers, not "http"`},
		{"severity: {s3-bucket-versioning: bad}", `c.yaml:1: unknown severity "bad"; it is one of info, low, medium, high, critical`},
		{"enable: [s3-bukket-versioning]", `c.yaml:1: there is no check "s3-bukket-versioning"; did you mean s3-bucket-versioning`},
		{"disable:\n- zzz", `c.yaml:2: there is no check "zzz"; fob scan checks lists them`},
		{"disable: []", `c.yaml:1: disable is empty`},
		{"trusted_accounts: [\"*\"]", `c.yaml:1: "*" in trusted_accounts is no account; it has twelve digits`},
		{"cidrs: {office: 10.0.0/8}", `c.yaml:1: "10.0.0/8" is no address range; write it as 203.0.113.0/24`},
		{"enable: [s3-*]\nenable: [ec2-*]", `c.yaml:2: `},
		{`{"about": "x", "rules": {"iam-user-no-mfa.json": [{"enabled": true}]}}`, `c.yaml:1: this is a ruleset of Scout2 or ScoutSuite; convert it with: fob scan rules convert c.yaml`},

		{rule("  fail_if: 'true'\n  message: 1\n  fali_if: x"), `c.yaml:8: unknown key "fali_if" in a rule; did you mean fail_if?`},
		{rule(""), `c.yaml:2: the rule has no fail_if`},
		{"rules:\n- id: acme-x", `c.yaml:2: the rule has no title`},
		{rule("  fail_if: resource.X =="), `c.yaml:6: fail_if: unexpected token EOF (column 13); write it to its end`},
		{rule("  fail_if: any(resource.X, # == 1)"), `c.yaml:6: fail_if: unexpected token EOF (column 15); put it in quotes: a # after a blank begins a comment`},
		{rule("  fail_if: not (resource.X"), `c.yaml:6: fail_if: unexpected token EOF (column 15); close the bracket`},
		{rule("  fail_if: |\n    true and\n    reource.X"), `c.yaml:6: fail_if: unknown name reource (line 2, column 1)`},
		{rule("  fail_if: resource"), `c.yaml:6: fail_if: resource is looked at field by field: resource.Name, has(resource.Name) (column 1)`},
		{rule(`  fail_if: '"Policy" in resource'`), `c.yaml:6: fail_if: resource is looked at field by field`},
		{rule(`  fail_if: len(resource) == 0`), `c.yaml:6: fail_if: resource is looked at field by field`},
		{rule(`  fail_if: resource[account] == 0`), `c.yaml:6: fail_if: resource is looked at field by field`},
		{rule(`  fail_if: let r = resource; r.X == 0`), `c.yaml:6: fail_if: resource is looked at field by field`},
		{rule(`  fail_if: 'let resource = {"X": 1}; resource.X == 0'`), `c.yaml:6: fail_if: cannot redeclare resource`},
		{rule(`  fail_if: get(resource, "X") == 0`), `c.yaml:6: fail_if: `},
		{rule(`  fail_if: $env.resource.X == 0`), `c.yaml:6: fail_if: $env is not there`},
		{rule(`  fail_if: has("X")`), `c.yaml:6: fail_if: has takes a path: has(resource.Name)`},
		{rule(`  fail_if: has(resource.X, 1)`), `c.yaml:6: fail_if: too many arguments`},
		{rule(`  fail_if: "reduce(1..9, #acc + #) > 0"`), `c.yaml:6: fail_if: there is no function reduce here`},
		{rule(`  fail_if: repeat("x", 9) == ""`), `c.yaml:6: fail_if: there is no function repeat here`},
		{rule(`  fail_if: now().Year() == 0`), `c.yaml:6: fail_if: `},
		{rule(`  fail_if: now.Year() == 0`), `c.yaml:6: fail_if: there are no methods`},
		{rule(`  fail_if: resource.X.Y() == 0`), `c.yaml:6: fail_if: there are no methods`},
		{rule(`  fail_if: '"x"'`), `c.yaml:6: fail_if: expected bool, but got string`},
		{rule(`  fail_if: resource.X matches "("`), `c.yaml:6: fail_if: error parsing regexp`},
		{rule(`  fail_if: resource.X == params.y`), `c.yaml:6: the rule uses params.y, which it does not have; give it a normal value under params of the rule`},
		{rule(`  fail_if: ` + strings.Repeat("(", 9000)), `c.yaml:6: fail_if: `},
		{rule(`  fail_if: "` + strings.Repeat("true and ", 2000) + `true"`), `c.yaml:6: fail_if: it has`},
		{"rules:\n- {id: acme-x, title: T, severity: low, resource: 'AWS::EC2::Instanz', fail_if: 'true'}", `c.yaml:2: there is no resource type "AWS::EC2::Instanz"; did you mean AWS::EC2::Instance`},
		{"rules:\n- id: Acme-X", `c.yaml:2: the id "Acme-X" is not small letters and digits with dashes between; write it as acme-instance-owner`},
		{"rules:\n- id: acme", `c.yaml:2: the id "acme" is not small letters`},
		{"rules:\n- id: s3-bucket-versioning", `c.yaml:2: the id "s3-bucket-versioning" is a check of fob; choose another`},
		{"rules:\n- id: s3-bucket-no-versioning", `c.yaml:2: the id "s3-bucket-no-versioning" is an old name of s3-bucket-versioning; choose another`},
		{"rules:\n- id: s3-mine", `c.yaml:2: ids that begin with s3- are fob's; begin it with a prefix of your own, as acme-s3-mine`},
		{rule("  fail_if: 'true'\n") + "- id: acme-x", `c.yaml:7: the id "acme-x" is the rule of line 2; choose another`},
		{"rules: {id: acme-x}", `c.yaml:1: `},
	} {
		_, err := rules.Load(rules.Files{Config: "c.yaml", Read: files(map[string]string{"c.yaml": c.text})})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.300s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestRangesErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "r.json: this is no file of address ranges"},
		{"{}", "r.json: it has no prefixes"},
		{`{"prefixes": [{"ip_prefix": "10.0.0/8", "name": "x"}]}`, `r.json: prefix 1: "10.0.0/8" is no address range`},
		{`{"prefixes": [{"ip_prefix": "10.0.0.0/8"}]}`, `r.json: prefix 1: 10.0.0.0/8 has no "name"`},
	} {
		_, err := rules.Load(rules.Files{Ranges: []string{"r.json"}, Read: files(map[string]string{"r.json": c.text})})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
}
