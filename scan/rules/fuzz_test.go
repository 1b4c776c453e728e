package rules_test

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"fob/scan"
	"fob/scan/policy"
	"fob/scan/rules"
)

// FuzzConfig reads anything as a configuration and as exceptions. What is wrong has a
// place, and nothing panics.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"", "exceptions:\n- check: s3-bucket-versioning\n  resource: [arn:aws:s3:::a-*]\n  accounts: [012345678901]\n  tags: {env: [dev, test]}\n  reason: x\n  expires: 2027-03-31\n",
		"exceptions: [{check: '*', reason: x}]", "params: {iam-user-key-age: {days: 60}}\nseverity: {s3-bucket-versioning: low}\n",
		"enable: [s3-*]\ndisable: vpc-*\ncidrs: {office: 203.0.113.0/24}\ntrusted_accounts: ['210987654321']\n",
		"rules:\n- id: acme-x\n  title: T\n  severity: low\n  resource: AWS::EC2::Instance\n  params: {a: [1, {b: 2.5}]}\n  when: resource.A.B == 1\n  fail_if: |\n    has(resource.C) and\n    tags.x in params.a\n  message: name\n",
		"a: &a [1]\nb: *a", "? x\n: y", "- - - a", "{a: b: c}", "a: !!binary x", "%YAML 1.2\n---\na: b\n...\n---\n", "a:\t- b", "\"\\u0000\": 1", "x: |2-\n   a\n  b", "[[[[", "a: >+\n\n", "<<: {a: b}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read := files(map[string]string{"f.yaml": text})
		for _, files := range []rules.Files{{Config: "f.yaml", Read: read}, {Exceptions: []string{"f.yaml"}, Read: read}} {
			s, err := rules.Load(files)
			if err != nil {
				e, ok := errors.AsType[*rules.Error](err)
				if !ok || e.File != "f.yaml" || e.Problem == "" {
					t.Fatalf("%q: %v", text, err)
				}
				continue
			}
			finding := bucket("a")
			s.Except(finding)
			if finding.Exception != nil && finding.Exception.Reason == "" {
				t.Fatalf("%q: an exception without a reason", text)
			}
		}
	})
}

// FuzzGlob holds globs of ARNs against a regular expression that says the same.
func FuzzGlob(f *testing.F) {
	for _, s := range [][2]string{{"arn:aws:s3:::a-*", "arn:aws:s3:::a-b"}, {"*", ""}, {"a?c", "abc"}, {"a**b?", "axxbc"}, {"[ab]", "a"}, {`a\*`, `a\x`}, {"?", "é"}, {"a*b*a*b*c", "abababababab"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, glob, arn string) {
		if strings.TrimSpace(glob) == "" || strings.ContainsAny(glob+arn, "\r\n") || len(glob) > 100 || len(arn) > 300 {
			return
		}
		for _, r := range glob + arn {
			if r < ' ' || r > '~' {
				return // ARNs are ASCII
			}
		}
		s := exceptions(t, "exceptions:\n- check: s3-bucket-versioning\n  reason: x\n  resource: '"+strings.ReplaceAll(glob, "'", "''")+"'\n")
		finding := bucket("a", func(f *scan.Finding) { f.Resource.ARN = arn })
		s.Except(finding)
		pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(glob))
		want := regexp.MustCompile("^" + pattern + "$").MatchString(arn)
		if got := finding.Exception != nil; got != want || got != policy.Match(glob, arn) {
			t.Errorf("%q covers %q: %v, want %v", glob, arn, got, want)
		}
	})
}

// FuzzConvert converts anything. What comes out can be read.
func FuzzConvert(f *testing.F) {
	for _, s := range []string{
		`{"rules": {"iam-user-no-key-rotation.json": [{"args": ["Active", "90"], "enabled": true, "level": "danger"}], "x.json": {"enabled": true}}}`,
		`{"about": "x", "rules": {"s3-bucket-no-versioning.json": [{"enabled": false}]}}`,
		"exceptions =\n" + `{"s3": {"s3-bucket-no-versioning": ["s3.buckets.scratch", ""]}};`,
		`{"services": {"ec2": {"exceptions": {"ec2-security-group-opens-SSH-port-to-all": ["ec2.regions.us-east-1.vpcs.v.security_groups.sg-1.rules"]}}}}`,
		`{"description": "D \"x\" \u2028", "path": "iam.users.id", "key": "K", "arg_names": ["a\nb"], "conditions": ["and", ["Path", "equal", "_ARG_0_"], ["or", ["Tags", "withKey", "a\"b"], ["CreateDate", "olderThan", ["9", "days"]]]]}`,
		`{"path": "s3.buckets.id", "conditions": ["name", "match", ["^a.*", "\\d"]], "level": "danger", "rationale": "<b>x</b>"}`,
		`{"path": "s3.buckets.id", "conditions": ["name", "match", "a"], "rationale": "<b></b>", "remediation": " <br/> "}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := rules.Convert("old.json", []byte(text))
		if err != nil {
			return
		}
		loaded(t, c)
	})
}

// FuzzExpression compiles and evaluates anything about a bucket, once with and once
// without a field that has a call of its own. What is decided without it stays so.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		`resource.Versioning.Status == "Enabled"`, `has(resource.Versioning) and len(resource.Versioning) > 0`, `(resource.Versioning ?? nil) == nil`,
		`any(list(resource?.Versioning?.Status), # startsWith "E")`, `let v = resource.Versioning; v.Status in ["a"]`, `[resource.Versioning][0].Status == "x" ? true : false`,
		`none(keys(resource.Versioning), # == "Status") || {"a": resource.Versioning}.a == nil`, `resource["Versioning"]["Status"] matches "E.*"`, `try(resource.Versioning)`, `resource.Versioning | len() > 1`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, failIf string) {
		if len(failIf) > 200 {
			return
		}
		s, err := rules.Load(rules.Files{Config: "c.yaml", Read: files(map[string]string{"c.yaml": oneRule("AWS::S3::Bucket", failIf)})})
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			return
		}
		status := func(versioning string) scan.Status {
			found := judge(t, s, snapshot(t, []string{"s3:ListBuckets"}, bucketLines(map[string]string{"Versioning": versioning})...))
			return found[0].Status
		}
		without := status("denied")
		if without == scan.StatusUnknown {
			return
		}
		for _, v := range []string{`{"Status":"Enabled"}`, `{}`, "absent"} {
			if with := status(v); with != without {
				t.Errorf("%s is %s without the field, and %s with %s", failIf, without, with, v)
			}
		}
	})
}

// FuzzRanges reads anything as address ranges. A range that is taken has a name.
func FuzzRanges(f *testing.F) {
	for _, s := range []string{
		`{"prefixes": [{"ip_prefix": "203.0.113.0/24", "name": "office"}]}`, `{"ipv6_prefixes": [{"ipv6_prefix": "2001:db8::/32", "region": "eu-west-1", "service": "EC2"}]}`,
		`{"prefixes": [{"ip_prefix": "", "name": 7}]}`, `{"prefixes": [null, {"ip_prefix": "10.0.0.1-10.0.0.9", "name": "x"}]}`, `{"prefixes": {}}`, `[]`, "",
	} {
		f.Add(s, "name")
	}
	f.Fuzz(func(t *testing.T, text, key string) {
		s, err := rules.Load(rules.Files{Ranges: []string{"r.json"}, NameKey: key, Read: files(map[string]string{"r.json": text})})
		if err != nil {
			if e, ok := errors.AsType[*rules.Error](err); !ok || e.File != "r.json" || e.Problem == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		var o scan.Options
		s.Options(&o)
		for _, r := range o.Ranges {
			if !r.Range.IsValid() || r.Name == "" {
				t.Fatalf("%q: %+v", text, r)
			}
		}
	})
}

// FuzzCase tries a rule with anything as its case: it ends in a verdict, or says what is
// wrong with the case.
func FuzzCase(f *testing.F) {
	for _, s := range []string{
		`{"resource": {"Versioning": {"Status": "Enabled"}}}`, `{"absent": ["Versioning"]}`, `{"unread": {"Versioning": "denied"}}`, `{"unread": {"Versioning": ""}}`,
		`{"k":"res","a":"1","r":"x","t":"AWS::S3::Bucket","id":"arn:x","n":"b","d":{"Versioning":7},"st":{"Versioning":"absent"}}`, `{"account": "\u0000", "region": "global", "arn": " ", "now": "0001-01-01T00:00:00Z"}`,
		`{"resource": {"": null, "Versioning": []}}`, `{"tags": {"": ""}}`, `[]`, `{"account": "global", "region": "*"}`, "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := rules.TestDir(fstest.MapFS{
			"c.yaml":              {Data: []byte(oneRule("AWS::S3::Bucket", `resource.Versioning.Status == "Enabled"`))},
			"acme-rule.fail.json": {Data: []byte(text)},
		})
		if err != nil {
			if e, ok := errors.AsType[*rules.Error](err); !ok || e.Problem == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if out[0].Got == "" && out[len(out)-1].Got == "" {
			t.Fatalf("%q has no verdict: %+v", text, out)
		}
	})
}
