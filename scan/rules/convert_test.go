package rules_test

import (
	"slices"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/rules"
)

// converted converts, and loads what comes out.
func converted(t *testing.T, text string) (*rules.Converted, *rules.Set) {
	t.Helper()
	c, err := rules.Convert("old.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c, loaded(t, c)
}

func loaded(t *testing.T, c *rules.Converted) *rules.Set {
	t.Helper()
	f := rules.Files{Config: "new.yaml", Read: files(map[string]string{"new.yaml": c.YAML})}
	if c.Kind == "exceptions" {
		f.Config, f.Exceptions = "", []string{"new.yaml"}
	}
	s, err := rules.Load(f)
	if err != nil {
		t.Fatalf("%v in\n%s", err, c.YAML)
	}
	return s
}

// left is what was left, a line each.
func left(c *rules.Converted) (out []string) {
	for _, l := range c.Left {
		partly := ""
		if l.Partly {
			partly = "partly "
		}
		out = append(out, partly+l.Place+": "+l.Why)
	}
	return out
}

func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("there is no line %q", want[i])
		case i >= len(want):
			t.Errorf("there is a line %q", got[i])
		case got[i] != want[i]:
			t.Errorf("line %d is\n%s\nnot\n%s", i+1, got[i], want[i])
		}
	}
}

func TestConvertRuleset(t *testing.T) {
	c, s := converted(t, `{
		"about": "ours",
		"rules": {
			"s3-bucket-no-versioning.json": [{"enabled": false, "level": "warning"}],
			"ec2-ebs-volume-not-encrypted.json": [{"enabled": true, "level": "warning"}],
			"iam-user-no-key-rotation.json": [
				{"args": ["Active", "60"], "enabled": true, "level": "danger"},
				{"args": ["Inactive", "60"], "enabled": false, "level": "warning"}],
			"some-old-rule.json": [{"enabled": false, "level": "danger"}],
			"iam-unused-credentials-not-disabled.json": [{"args": ["30"], "enabled": true, "level": "danger"}],
			"iam-password-policy-minimum-length.json": [{"args": ["12"], "enabled": true, "level": "danger", "comment": "policy 7"}],
			"ec2-security-group-opens-known-port-to-all.json": [
				{"args": ["SSH", "TCP", "22"], "enabled": true, "level": "danger", "versions": {"in_use": {"conditions": [], "level": "danger"}}},
				{"args": ["RDP", "TCP", "3389"], "enabled": false, "level": "danger"},
				{"args": ["MySQL", "TCP", "3306"], "enabled": true, "level": "danger"},
				{"args": ["Oracle DB", "TCP", "1521"], "enabled": false, "level": "danger"}],
			"ec2-instance-type.json": [{"args": ["t2.micro"], "enabled": true, "level": "warning"}],
			"findings/our-own-rule.json": [{"enabled": true, "level": "danger"}]
		}
	}`)
	if c.Kind != "configuration" {
		t.Errorf("it is %s", c.Kind)
	}
	sameLines(t, left(c), []string{
		"partly rules.iam-password-policy-minimum-length.json[0]: there is no parameter for its arguments [\"12\"]",
		"partly rules.ec2-security-group-opens-known-port-to-all.json[0]: its versions are left out: the check is asked of every resource",
		"rules.ec2-instance-type.json[0]: it depends on lists of your own: take the rule site-instance-type from examples/rules/scoutsuite.yaml",
		"rules.findings/our-own-rule.json[0]: fob has no check of that name; if it is a rule of your own, convert its file",
		"partly check vpc-sg-db-open: the ruleset wants only parts of what it looks at; it is on",
	})
	var sel scan.Selection
	s.Select(&sel)
	chosen, err := sel.Of(s.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	severities := map[string]scan.Severity{}
	for _, x := range chosen {
		severities[x.ID] = x.Severity
	}
	for id, want := range map[string]scan.Severity{
		"s3-bucket-versioning": 0, "ec2-ebs-volume-encrypted": scan.Medium, "vpc-sg-rdp-open": 0, "vpc-sg-ssh-open": scan.High,
		"iam-user-key-age": scan.High, "iam-user-inactive-key": 0, "iam-root-mfa": scan.Critical,
	} {
		if severities[id] != want {
			t.Errorf("%s is %q, want %q", id, severities[id], want)
		}
	}
	var o scan.Options
	s.Options(&o)
	if o.Values["iam-user-key-age"]["days"] != 60 || o.Values["iam-user-password-unused"]["days"] != 30 || o.Values["iam-user-key-unused"]["days"] != 30 {
		t.Errorf("the parameters are %v", o.Values)
	}
}

func TestConvertExceptions(t *testing.T) {
	text := `{
	"ec2": {
		"ec2-security-group-opens-SSH-port-to-all": [
			"ec2.regions.us-east-1.vpcs.vpc-de4977b9.security_groups.sg-fd10b481.rules.ingress.protocols.TCP.ports.22.cidrs.0.CIDR",
			"ec2.regions.us-gov-west-1.vpcs.vpc-de4977b9.security_groups.sg-0123456789abcdef0",
			"foobar", ""],
		"ec2-ebs-volume-not-encrypted": ["ec2.regions.eu-west-1.volumes.vol-0a1b2c"],
		"ec2-something-of-ours": ["ec2.regions.eu-west-1.volumes.vol-0a1b2c", "x"]
	},
	"s3": {"s3-bucket-no-versioning": ["s3.buckets.feb0a275b7877e07e6dc209cf336fc720ab98d.versioning", "s3.buckets.scratch"]},
	"iam": {
		"iam-user-no-Active-key-rotation": ["iam.users.AIDAIOSFODNN7EXAMPLE.AccessKeys.0"],
		"iam-root-account-no-mfa": ["iam.credential_reports.<root_account>.mfa_active"]
	},
	"vpc": {"ec2-default-security-group-with-rules": ["ec2.regions.eu-west-1.vpcs.vpc-1.instances.i-1"]}
}`
	want := []string{
		"partly ec2.ec2-security-group-opens-SSH-port-to-all: ec2.regions.us-east-1.vpcs.vpc-de4977b9.security_groups.sg-fd10b481.rules.ingress.protocols.TCP.ports.22.cidrs.0.CIDR: the exception is for all of arn:*:ec2:us-east-1:*:security-group/sg-fd10b481, as far as vpc-sg-ssh-open goes; the path named a part",
		"ec2.ec2-security-group-opens-SSH-port-to-all: foobar: the path names nothing that no other account has: write the ARN, and the account, yourself",
		"ec2.ec2-security-group-opens-SSH-port-to-all: : the path is empty: the old tools could not save it",
		"ec2.ec2-something-of-ours: 2 exceptions: fob has no check of that name; if it is a rule of your own, convert its file",
		"s3.s3-bucket-no-versioning: s3.buckets.feb0a275b7877e07e6dc209cf336fc720ab98d.versioning: the path has a checksum of the bucket's name: write its ARN, arn:aws:s3:::NAME, yourself",
		"iam.iam-user-no-Active-key-rotation: iam.users.AIDAIOSFODNN7EXAMPLE.AccessKeys.0: AIDAIOSFODNN7EXAMPLE is an id, and ARNs have names: write the ARN yourself",
		"iam.iam-root-account-no-mfa: iam.credential_reports.<root_account>.mfa_active: the path names nothing that no other account has: write the ARN, and the account, yourself",
		"vpc.ec2-default-security-group-with-rules: ec2.regions.eu-west-1.vpcs.vpc-1.instances.i-1: vpc-sg-default-open judges AWS::EC2::SecurityGroup, not AWS::EC2::Instance",
	}
	for _, form := range []string{text, "exceptions =\n" + text, "exceptions = " + text + ";\n", "\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n")} {
		c, s := converted(t, form)
		if c.Kind != "exceptions" {
			t.Errorf("it is %s", c.Kind)
		}
		sameLines(t, left(c), want)
		for _, x := range []struct {
			check, arn string
			covered    bool
		}{
			{"vpc-sg-ssh-open", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-fd10b481", true},
			{"vpc-sg-ssh-open", "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:security-group/sg-0123456789abcdef0", true},
			{"vpc-sg-rdp-open", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-fd10b481", false},
			{"vpc-sg-ssh-open", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-fd10b4811", false},
			{"ec2-ebs-volume-encrypted", "arn:aws:ec2:eu-west-1:123456789012:volume/vol-0a1b2c", true},
			{"s3-bucket-versioning", "arn:aws:s3:::scratch", true},
			{"s3-bucket-versioning", "arn:aws:s3:::scratch-2", false},
			{"iam-root-mfa", "123456789012", false},
		} {
			f := &scan.Finding{Check: x.check, Status: scan.StatusFail, Account: scan.AccountRef{ID: testAccount}, Resource: scan.ResourceRef{ARN: x.arn}}
			s.Except(f)
			if got := f.Exception != nil; got != x.covered {
				t.Errorf("%s of %s is covered: %v", x.check, x.arn, got)
			}
		}
	}
	// What the first tool took has the same under two more keys.
	c, _ := converted(t, `{"services": {"ec2": {"exceptions": {"ec2-ebs-volume-not-encrypted": ["ec2.regions.eu-west-1.volumes.vol-1"]}}, "iam": {"filters": {}}}}`)
	if len(c.Left) > 0 || !strings.Contains(c.YAML, `["arn:*:ec2:eu-west-1:*:volume/vol-1"]`) {
		t.Errorf("%v\n%s", left(c), c.YAML)
	}
}

// Each rule says the same of a resource as it did, or is listed.
func TestConvertRule(t *testing.T) {
	rule := func(path, conditions string) string {
		return `{"description": "Some <rule>", "rationale": "Because.<br>Yes", "path": "` + path + `", "conditions": ` + conditions + `, "arg_names": ["What"], "key": "our-rule.json"}`
	}
	const i = "ec2.regions.id.vpcs.id.instances.id"
	for _, c := range []struct{ conditions, want string }{
		{`["and", ["` + i + `.InstanceType", "equal", "m5.large"]]`, "FAIL"},
		{`["InstanceType", "equal", "m5.large"]`, "FAIL"},
		{`["InstanceType", "notEqual", "m5.large"]`, "PASS"},
		{`["and", ["InstanceType", "equal", "m5.large"], ["State.Name", "equal", "stopped"]]`, "PASS"},
		{`["or", ["InstanceType", "equal", "m5.large"], ["State.Name", "equal", "stopped"]]`, "FAIL"},
		{`["and", ["or", ["State.Name", "equal", "x"], ["State.Code", "equal", "16"]], ["EbsOptimized", "false", ""]]`, "FAIL"},
		{`["EbsOptimized", "equal", "False"]`, "FAIL"},
		{`["EbsOptimized", "true", ""]`, "PASS"},
		{`["State.Code", "moreThan", 15]`, "FAIL"},
		{`["State.Code", "moreOrEqual", "16"]`, "FAIL"},
		{`["State.Code", "lessThan", "16"]`, "PASS"},
		{`["State.Code", "lessOrEqual", "16"]`, "FAIL"},
		{`["NetworkInterfaces", "empty", ""]`, "FAIL"},
		{`["NetworkInterfaces", "notEmpty", ""]`, "PASS"},
		{`["KeyName", "null", ""]`, "FAIL"},
		{`["KeyName", "notNull", ""]`, "PASS"},
		{`["KeyName", "equal", "x"]`, "UNKNOWN"},
		{`["` + i + `.", "withKey", "KeyName"]`, "PASS"},
		{`["` + i + `.", "withoutKey", "KeyName"]`, "FAIL"},
		{`["` + i + `.State", "withKey", "Name"]`, "FAIL"},
		{`["` + i + `.Tags", "withoutKey", "owner"]`, "FAIL"},
		{`["SecurityGroups", "lengthMoreThan", "1"]`, "FAIL"},
		{`["SecurityGroups", "lengthEqual", "1"]`, "PASS"},
		{`["SecurityGroups", "lengthLessThan", "3"]`, "FAIL"},
		{`["InstanceType", "containString", "large"]`, "FAIL"},
		{`["InstanceType", "notContainString", "large"]`, "PASS"},
		{`["InstanceType", "containAtLeastOneOf", ["t2.micro", "m5.large"]]`, "FAIL"},
		{`["InstanceType", "containNoneOf", ["t2.micro", "m5.large"]]`, "PASS"},
		{`["Cidrs", "containAtLeastOneDifferentFrom", ["10.0.0.0/8"]]`, "FAIL"},
		{`["InstanceType", "match", "m5"]`, "FAIL"},
		{`["InstanceType", "match", "large"]`, "PASS"},
		{`["InstanceType", "match", ["large", ".*large"]]`, "FAIL"},
		{`["InstanceType", "notMatch", "m5"]`, "PASS"},
		{`["LaunchTime", "olderThan", [20, "days"]]`, "FAIL"},
		{`["LaunchTime", "olderThan", ["21", "days"]]`, "PASS"},
		{`["LaunchTime", "newerThan", ["22", "days"]]`, "FAIL"},
		{`["LaunchTime", "olderThan", ["500", "hours"]]`, "FAIL"},
		{`["name", "equal", "i-1"]`, "FAIL"},

		{`["InstanceType", "inSubnets", "10.0.0.0/8"]`, `rule site-our-rule: there is nothing like the test "inSubnets"`},
		{`["InstanceType", "containAction", "iam:PassRole"]`, `rule site-our-rule: there is nothing like the test "containAction"`},
		{`["and", ["InstanceType", "equal", "a"], ["_INCLUDE_(conditions/x.json)", "", ""]]`, `rule site-our-rule: the path "_INCLUDE_(conditions/x.json)" leads to something else than the resource`},
		{`["` + i + `.security_groups", "match", "sg-1"]`, `rule site-our-rule: "security_groups" in the path "` + i + `.security_groups" is a name of the old tools' own`},
		{`["iam.users.id.name", "equal", "a"]`, `rule site-our-rule: the path "iam.users.id.name" leads to something else than the resource`},
		{`["InstanceType", "match", "(?=x)"]`, `rule site-our-rule: the pattern "(?=x)" is not one that can be used here`},
		{`["State.Code", "moreThan", "many"]`, `rule site-our-rule: the test moreThan is with "many", which is no whole number`},
		{`["LaunchTime", "olderThan", "90"]`, `rule site-our-rule: the test olderThan is not with a number and a unit`},
		{`["InstanceType", "equal", "_IP_RANGES_FROM_FILE_(x,y)"]`, `rule site-our-rule: "_IP_RANGES_FROM_FILE_(x,y)" stands for something that is not known here`},
		{`["InstanceType", "equal"]`, "rule site-our-rule: a test has 2 parts, not three"},
		{`["and"]`, "rule site-our-rule: a condition is empty"},
		{`[]`, "rule site-our-rule: a condition is empty, or goes too deep"},
	} {
		got, s := converted(t, rule(i, c.conditions))
		if strings.HasPrefix(c.want, "rule ") {
			sameLines(t, left(got), []string{c.want})
			continue
		}
		if len(got.Left) > 0 {
			t.Errorf("%s: %v", c.conditions, left(got))
			continue
		}
		found := judge(t, s, snapshot(t, []string{"ec2:DescribeInstances"}, compact(t, instance)))
		if len(found) != 1 || string(found[0].Status) != c.want {
			t.Errorf("%s: %+v, want %s, by\n%s", c.conditions, found, c.want, got.YAML)
		}
	}
	got, s := converted(t, rule(i, `["InstanceType", "containAtLeastOneOf", "_ARG_0_"]`))
	sameLines(t, left(got), []string{"partly rule site-our-rule: fill in params.arg0 (What), a text or a list of texts"})
	if got := s.Checks()[0]; got.Title != "Some <rule>" || got.Why != "Because. Yes" || got.Severity != scan.Medium {
		t.Errorf("the rule is %+v", got.Info())
	}
	got, _ = converted(t, rule("iam.users.id.AccessKeys.id", `["Status", "equal", "Active"]`))
	sameLines(t, left(got), []string{`rule site-our-rule: its path "iam.users.id.AccessKeys.id" is no type of resource that rules can be about`})
}

func TestConvertErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "old.json: this is no JSON of Scout2 or ScoutSuite: unexpected end of JSON input"},
		{"exceptions: []", "old.json: this is no JSON of Scout2 or ScoutSuite: invalid character"},
		{"[]", "old.json: this is neither a ruleset, nor exceptions, nor a rule of Scout2 or ScoutSuite"},
		{`{"a": 1}`, "old.json: this is neither a ruleset"},
		{`{"rules": []}`, "old.json: this is neither a ruleset"},
		{strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), "old.json: this is no JSON of Scout2 or ScoutSuite: it goes deeper than is read"},
	} {
		_, err := rules.Convert("old.json", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.100s: %v, want %s", c.text, err, c.want)
		}
	}
}

// Every name that fob keeps for ScoutSuite's rules is one that rulesets convert by.
func TestOldNames(t *testing.T) {
	for _, c := range scan.Checks() {
		for _, ref := range c.Refs {
			old, ok := strings.CutPrefix(ref, "scoutsuite:")
			if !ok {
				continue
			}
			got, s := converted(t, `{"rules": {"`+old+`.json": [{"enabled": false, "level": "danger"}]}}`)
			var sel scan.Selection
			s.Select(&sel)
			if len(got.Left) > 0 || !c.Off && !slices.Contains(sel.Disable, c.ID) {
				t.Errorf("%s: %v, %v", old, left(got), sel.Disable)
			}
		}
	}
}
