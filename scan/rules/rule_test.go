package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/rules"
)

const testAccount = "123456789012"

// config loads one configuration.
func config(t *testing.T, text string) *rules.Set {
	t.Helper()
	s, err := rules.Load(rules.Files{Config: "c.yaml", Read: files(map[string]string{"c.yaml": text})})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// oneRule is a configuration with one rule.
func oneRule(typ, failIf string, more ...string) string {
	quoted, _ := json.Marshal(failIf)
	return fmt.Sprintf("rules:\n- id: acme-rule\n  title: A title\n  severity: low\n  resource: %s\n  fail_if: %s\n%s\n", typ, quoted, strings.Join(more, "\n"))
}

// snapshot writes lines; the end of every list is there for ops, in eu-west-1 and global.
func snapshot(t *testing.T, ops []string, lines ...string) *bytes.Reader {
	t.Helper()
	var out bytes.Buffer
	fmt.Fprintf(&out, `{"k":"head","v":1,"at":"2026-11-22T18:40:00Z","accounts":["%s"],"partition":"aws"}`+"\n", testAccount)
	fmt.Fprintf(&out, `{"k":"scope","a":"%s","r":"eu-west-1","s":"read"}`+"\n", testAccount)
	for _, op := range ops {
		for _, region := range []string{"eu-west-1", "global"} {
			fmt.Fprintf(&out, `{"k":"unit","a":"%s","r":"%s","op":"%s","s":"end"}`+"\n", testAccount, region, op)
		}
	}
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			t.Fatalf("no JSON: %s", l)
		}
		out.WriteString(strings.Replace(l, "{", `{"a":"`+testAccount+`",`, 1) + "\n")
	}
	return bytes.NewReader(out.Bytes())
}

// judge asks the rules of a set of a snapshot.
func judge(t *testing.T, s *rules.Set, in *bytes.Reader) (out []scan.Finding) {
	t.Helper()
	checks := s.Checks()
	facts, err := scan.Load(in, scan.Kinds(), rules.Records(checks)...)
	if err != nil {
		t.Fatal(err)
	}
	var o scan.Options
	s.Options(&o)
	for _, f := range facts {
		scan.Judge(f, checks, o, func(x scan.Finding) { out = append(out, x) })
	}
	return out
}

const instance = `{"k":"res","r":"eu-west-1","t":"AWS::EC2::Instance","id":"arn:aws:ec2:eu-west-1:123456789012:instance/i-1","n":"i-1","tags":{"env":"dev","Name":"web"},"d":{
	"InstanceType":"m5.large","State":{"Name":"running","Code":16},"LaunchTime":"2026-11-01T18:40:00Z","EbsOptimized":false,
	"SecurityGroups":[{"GroupId":"sg-1","GroupName":"web"},{"GroupId":"sg-2"}],"NetworkInterfaces":[],"CpuOptions":{"CoreCount":2},"Ratio":0.5,
	"Cidrs":["10.0.0.0/8","0.0.0.0/1","128.0.0.0/1"],"Doc":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}}}`

// What decides and is not there is UNKNOWN, never PASS or FAIL.
func TestExpressions(t *testing.T) {
	for _, c := range []struct{ failIf, want string }{
		{`resource.InstanceType == "m5.large"`, "FAIL"},
		{`resource.InstanceType != "m5.large"`, "PASS"},
		{`resource["InstanceType"] == "m5.large"`, "FAIL"},
		{`resource.State.Name == "running"`, "FAIL"},
		{`resource.State["Name"] == "running"`, "FAIL"},
		{`resource.State.Code == 16 and resource.CpuOptions.CoreCount > 1`, "FAIL"},
		{`resource.Ratio == 0.5`, "FAIL"},
		{`resource.EbsOptimized`, "PASS"},
		{`not resource.EbsOptimized`, "FAIL"},

		{`resource.KeyName == "k"`, "UNKNOWN resource.KeyName"},
		{`resource.KeyName != "k"`, "UNKNOWN resource.KeyName"},
		{`not (resource.KeyName == "k")`, "UNKNOWN resource.KeyName"},
		{`resource.KeyName == nil`, "UNKNOWN resource.KeyName"},
		{`resource["KeyName"] == nil`, "UNKNOWN resource.KeyName"},
		{`resource.State.Reason == ""`, "UNKNOWN resource.State.Reason"},
		{`resource.State.Reason.Text == ""`, "UNKNOWN resource.State.Reason"},
		{`resource.InstanceType.Family == "m5"`, "UNKNOWN resource.InstanceType.Family"},
		{`resource.SecurityGroups[5].GroupId == "sg-1"`, "UNKNOWN resource.SecurityGroups[5]"},
		{`resource.SecurityGroups[0].GroupId == "sg-1"`, "FAIL"},
		{`resource.SecurityGroups[-1].GroupId == "sg-2"`, "FAIL"},
		{`resource.SecurityGroups[-3].GroupId == "sg-2"`, "UNKNOWN resource.SecurityGroups[*]"},
		{`any(resource.SecurityGroups, .GroupName == "web")`, "FAIL"},
		{`any(resource.SecurityGroups, .GroupName == "db")`, "UNKNOWN #.GroupName"},
		{`all(resource.SecurityGroups, .GroupName != "db")`, "UNKNOWN #.GroupName"},
		{`any(resource.SecurityGroups, #.GroupName == "db")`, "UNKNOWN #.GroupName"},
		{`any(resource.SecurityGroups, has(.GroupName) and .GroupName == "db")`, "PASS"},
		{`any(resource.SecurityGroups, (.GroupName ?? "") == "db")`, "PASS"},
		{`any(resource.SecurityGroups, .GroupName?.x == "db")`, "UNKNOWN #.GroupName"},
		{`"web" in map(resource.SecurityGroups, .GroupName)`, "UNKNOWN #.GroupName"},
		{`let g = resource.SecurityGroups[1]; g.GroupName == "web"`, "UNKNOWN g.GroupName"},
		{`let g = resource.SecurityGroups; first(g).GroupName == "web"`, "FAIL"},
		{`last(resource.SecurityGroups).GroupName == "web"`, "UNKNOWN (…).GroupName"},
		{`(resource.SecurityGroups | last()).GroupName == "web"`, "UNKNOWN (…).GroupName"},
		{`filter(resource.SecurityGroups, true)[1].GroupName == ""`, "UNKNOWN (…)[1].GroupName"},
		{`{"a": resource.State}.b == nil`, "UNKNOWN (…).b"},
		{`{"a": resource.State}.a.Name == "running"`, "FAIL"},
		{`[resource.State][0].Nam == nil`, "UNKNOWN (…)[0].Nam"},
		{`(true ? resource.State : nil).Nam == nil`, "UNKNOWN (…).Nam"},
		{`values(resource.State)[7] == 1`, "UNKNOWN (…)[7]"},
		{`len(resource.KeyName) > 0`, "UNKNOWN resource.KeyName"},
		{`resource.KeyName in ["a"]`, "UNKNOWN resource.KeyName"},
		{`"a" in resource.Keys`, "UNKNOWN resource.Keys"},
		{`"Reason" in resource.State`, "PASS"},
		{`resource.KeyName matches "a"`, "UNKNOWN resource.KeyName"},
		{`resource.KeyName?.Name == nil`, "UNKNOWN resource.KeyName"},
		{`resource?.KeyName == nil`, "FAIL"},
		{`resource?.KeyName?.Name == nil`, "FAIL"},
		{`(resource.KeyName ?? "none") == "none"`, "FAIL"},
		{`(resource.State.Reason.Text ?? "none") == "none"`, "FAIL"},
		{`(resource.InstanceType ?? "none") == "none"`, "PASS"},
		{`(resource.InstanceType ?? resource.KeyName) == "m5.large"`, "FAIL"},
		{`(resource.KeyName ?? resource.KeyPair) == "m5.large"`, "UNKNOWN resource.KeyPair"},
		{`has(resource.KeyName)`, "PASS"},
		{`not has(resource.KeyName)`, "FAIL"},
		{`has(resource.State.Name)`, "FAIL"},
		{`has(resource.State.Reason.Text)`, "PASS"},
		{`has(resource.SecurityGroups[1].GroupName)`, "PASS"},
		{`has(resource.SecurityGroups[0].GroupName)`, "FAIL"},
		{`has(resource.KeyName) and resource.KeyName == "k"`, "PASS"},
		{`has(resource.KeyName) ? resource.KeyName == "k" : true`, "FAIL"},
		{`resource.KeyName == "k" and has(resource.KeyName)`, "UNKNOWN resource.KeyName"},
		{`resource.EbsOptimized and resource.KeyName == "k"`, "PASS"},
		{`resource.EbsOptimized or resource.KeyName == "k"`, "UNKNOWN resource.KeyName"},
		{`resource.EbsOptimized || resource.State.Name == "running" || resource.KeyName == "k"`, "FAIL"},

		{`tags.env == "dev"`, "FAIL"},
		{`tags["env"] == "dev"`, "FAIL"},
		{`tags.owner == "ann"`, "PASS"},
		{`tags.owner == nil`, "FAIL"},
		{`has(tags.owner)`, "PASS"},
		{`has(tags.env)`, "FAIL"},
		{`not ("owner" in tags)`, "FAIL"},
		{`"env" in tags`, "FAIL"},
		{`any(keys(tags), # startsWith "e")`, "FAIL"},
		{`(tags.owner ?? "nobody") == "nobody"`, "FAIL"},

		{`account == "123456789012" and region == "eu-west-1"`, "FAIL"},
		{`days_since(resource.LaunchTime) > 20`, "FAIL"},
		{`days_since(resource.LaunchTime) > 21`, "PASS"},
		{`days_since(resource.Stopped) > 21`, "UNKNOWN resource.Stopped"},
		{`days_since(resource.InstanceType) > 21`, `UNKNOWN days_since: "m5.large" is no time`},
		{`days_since(now) == 0`, "FAIL"},
		{`glob("m5.*", resource.InstanceType)`, "FAIL"},
		{`glob("m5", resource.InstanceType)`, "PASS"},
		{`glob("m5", resource.KeyName)`, "UNKNOWN resource.KeyName"},
		{`glob("m5", resource.Ratio)`, "UNKNOWN glob takes two texts"},
		{`internet_wide(resource.Cidrs)`, "FAIL"},
		{`internet_wide("10.0.0.0/8")`, "PASS"},
		{`internet_wide(filter(resource.Cidrs, # != "128.0.0.0/1"))`, "FAIL"},
		{`internet_wide(resource.SecurityGroups)`, "UNKNOWN internet_wide takes texts"},
		{`internet_wide(["all"])`, `UNKNOWN parse address range "all"`},
		{`policy_public(resource.Doc)`, "FAIL"},
		{`policy_public(resource.Policy)`, "UNKNOWN resource.Policy"},
		{`policy_public(resource.State)`, "UNKNOWN parse policy"},
		{`list(resource.InstanceType) == ["m5.large"] and list(resource.Cidrs) == resource.Cidrs and list(nil) == []`, "FAIL"},
		{`any(list(resource.KeyName), true)`, "UNKNOWN resource.KeyName"},
		{`name == "i-1" and glob("arn:aws:ec2:*:instance/i-1", arn)`, "FAIL"},
		{`join(["a", "b"], "-") == "a-b" and upper("a") + "b" == "Ab"`, "FAIL"},

		{`resource.State > 3`, "UNKNOWN invalid operation"},
		{`resource.InstanceType`, "UNKNOWN invalid operation: bool(string)"},
		{`resource.InstanceType and true`, "UNKNOWN interface conversion"},
		{`len(1..100000000) > 0`, "UNKNOWN memory budget exceeded"},
		{`all(1..2000, all(1..2000, # > 0))`, "UNKNOWN memory budget exceeded"},
		{`all(1..900, all(1..900, len(resource.Cidrs) > 0))`, "UNKNOWN it takes more steps than a rule may"},
		{`all(1..200, all(1..200, # > 0))`, "FAIL"},
		{`all(1..100000, "x" in resource.SecurityGroups or true)`, "FAIL"},
		{`all(1..1000000, len(resource.Cidrs) > 0)`, "UNKNOWN"},
	} {
		s := config(t, oneRule("AWS::EC2::Instance", c.failIf))
		found := judge(t, s, snapshot(t, []string{"ec2:DescribeInstances"}, compact(t, instance)))
		if len(found) != 1 {
			t.Errorf("%s: %d findings", c.failIf, len(found))
			continue
		}
		want, part, _ := strings.Cut(c.want, " ")
		got := found[0]
		if string(got.Status) != want || !strings.Contains(got.Message, part) {
			t.Errorf("%s\ngot  %s %s\nwant %s", c.failIf, got.Status, got.Message, c.want)
		}
		if strings.HasPrefix(part, "resource.") && len(got.Unread) == 1 && got.Unread[0].Why != scan.Context {
			if !strings.Contains(part, " is ") {
				t.Errorf("%s: why is %s", c.failIf, got.Unread[0].Why)
			}
		}
	}
}

func compact(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
