package e2e

import (
	"io/fs"
	"testing"

	"fob/scan/collect"
	"fob/scan/rules"
)

// What a custom rule looks at is in the plan of calls, and so in the least policy.
func TestRulesArePlanned(t *testing.T) {
	for typ, failIf := range map[string]string{
		"AWS::S3::Bucket":    `resource.Versioning.Status == "x"`,
		"AWS::EC2::Instance": `resource.InstanceType == "x"`,
		"AWS::Account":       `resource.PasswordPolicy == nil`,
		"AWS::Region":        `not resource.EBSEncryption`,
		"AWS::IAM::User":     `"x" in tags`,
	} {
		config := "rules:\n- id: acme-rule\n  title: A rule\n  severity: low\n  resource: " + typ + "\n  fail_if: '" + failIf + "'\n  fix: Mend it.\n"
		set, err := rules.Load(rules.Files{Config: "fob-scan.yaml", Read: func(name string) ([]byte, error) {
			if name != "fob-scan.yaml" {
				return nil, fs.ErrNotExist
			}
			return []byte(config), nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		checks := set.Checks()
		plan, err := collect.NewPlan(checks)
		if err != nil {
			t.Fatal(err)
		}
		if want := len(checks[0].Operations()); want == 0 || len(plan.Calls()) != want {
			t.Errorf("%s of %s: the plan has %d calls of %d", failIf, typ, len(plan.Calls()), want)
		}
	}
}
