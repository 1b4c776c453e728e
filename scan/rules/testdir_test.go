package rules_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"fob/scan"
	"fob/scan/rules"
)

// The examples are right, and replace the rules of ScoutSuite that fob has no check for.
func TestExamples(t *testing.T) {
	out, err := rules.TestDir(os.DirFS("../../examples/rules"))
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 16 {
		t.Errorf("%d cases", len(out))
	}
	for _, o := range out {
		if o.Problem != "" {
			t.Errorf("%s %s: %s", o.Rule, o.Case, o.Problem)
		}
	}
	text, err := os.ReadFile("../../examples/rules/scoutsuite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	checks := config(t, string(text)).Catalogue()
	for _, old := range []string{
		"ec2-instance-in-security-group", "ec2-instance-type", "ec2-instance-types", "iam-inline-policy-allows-non-sts-action",
		"iam-managed-policy-allows-non-sts-action", "iam-service-user-with-password", "iam-user-not-in-category-group", "iam-user-not-in-common-group",
	} {
		got, err := scan.Selection{Checks: []string{old}}.Of(checks)
		if err != nil || len(got) != 1 || !got[0].Custom() {
			t.Errorf("%s selects %d checks: %v", old, len(got), err)
		}
	}
}

func TestTestDir(t *testing.T) {
	rule := oneRule("AWS::S3::Bucket", `resource.Versioning.Status != "Enabled"`)
	const enabled, off = `{"resource": {"Versioning": {"Status": "Enabled"}}}`, `{"resource": {"Versioning": {"Status": "Suspended"}}}`
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string // rule, case, problem; or an error
	}{
		{"as it should be", map[string]string{"x.yaml": rule, "acme-rule.fail.json": off, "acme-rule.pass.json": enabled, "acme-rule.denied.unknown.json": `{"unread": {"Versioning": "denied"}}`,
			"acme-rule.none.unknown.json": `{"absent": ["Versioning"]}`, "fob-exceptions.yaml": "exceptions: []", "README.md": "x"},
			[]string{"acme-rule acme-rule.denied.unknown.json ", "acme-rule acme-rule.fail.json ", "acme-rule acme-rule.none.unknown.json ", "acme-rule acme-rule.pass.json "}},
		{"wrong", map[string]string{"x.yml": rule, "acme-rule.fail.json": enabled, "acme-rule.pass.json": enabled},
			[]string{"acme-rule acme-rule.fail.json it is PASS, not FAIL: not so: resource.Versioning.Status", "acme-rule acme-rule.pass.json "}},
		{"no cases", map[string]string{"a/x.yaml": rule},
			[]string{"acme-rule  no case wants FAIL: write acme-rule.fail.json", "acme-rule  no case wants PASS: write acme-rule.pass.json"}},
		{"a line of a snapshot", map[string]string{"x.yaml": rule, "acme-rule.pass.json": enabled,
			"acme-rule.fail.json": `{"k":"res","a":"210987654321","r":"eu-west-1","t":"AWS::S3::Bucket","id":"arn:aws:s3:::b","n":"b","at":"2026-11-22T18:40:00Z","d":{"Versioning":{"Status":""}}}`},
			[]string{"acme-rule acme-rule.fail.json ", "acme-rule acme-rule.pass.json "}},
		{"elsewhere", map[string]string{"a/x.yaml": rule, "b/acme-rule.fail.json": off}, []string{"b/acme-rule.fail.json: this is the case of no rule beside it"}},
		{"no status", map[string]string{"x.yaml": rule, "acme-rule.json": off}, []string{"acme-rule.json: this is the case of no rule beside it"}},
		{"a typo", map[string]string{"x.yaml": rule, "acme-rule.fail.json": `{"resorce": {}}`}, []string{"acme-rule.fail.json: this is no case of a rule"}},
		{"no call", map[string]string{"x.yaml": rule, "acme-rule.fail.json": `{"unread": {"Name": "denied"}}`}, []string{"acme-rule.fail.json: Name is not read by a call of its own"}},
		{"twice", map[string]string{"x.yaml": rule, "y.yaml": rule}, []string{"y.yaml:2: the rule acme-rule is there twice"}},
		{"a broken rule", map[string]string{"x.yaml": oneRule("AWS::S3::Bucket", "resource")}, []string{"x.yaml:6: fail_if: resource is looked at"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			out, err := rules.TestDir(fsys)
			var got []string
			for _, o := range out {
				got = append(got, o.Rule+" "+o.Case+" "+o.Problem)
			}
			if err != nil {
				got = []string{err.Error()}
			}
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) || strings.HasSuffix(c.want[i], " ") && got[i] != c.want[i] {
					t.Errorf("got %q, want %q", got[i], c.want[i])
				}
			}
		})
	}
}
