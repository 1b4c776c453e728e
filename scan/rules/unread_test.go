package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"fob/scan"
)

const s3Bucket = `{"k":"res","r":"eu-west-1","t":"AWS::S3::Bucket","id":"arn:aws:s3:::b","n":"b","d":{"CreationDate":"2026-11-01T00:00:00Z"%s},"st":{%s}}`

// bucketOps are the calls that fill the fields of a bucket that the tests use.
func bucketOps() map[string]string {
	return map[string]string{"Versioning": "s3:GetBucketVersioning", "Logging": "s3:GetBucketLogging", "Ownership": "s3:GetBucketOwnershipControls"}
}

// bucketLines is a bucket whose fields have these values: JSON, "absent", or "denied".
func bucketLines(values map[string]string) (lines []string) {
	var d, st strings.Builder
	for name, op := range bucketOps() {
		switch v := values[name]; v {
		case "":
		case "absent":
			fmt.Fprintf(&st, `,"%s":"absent"`, name)
		case "denied":
			lines = append(lines, fmt.Sprintf(`{"k":"err","r":"eu-west-1","op":"%s","action":"%s","of":"arn:aws:s3:::b","why":"denied","code":"AccessDenied"}`, op, op))
		default:
			fmt.Fprintf(&d, `,"%s":%s`, name, v)
		}
	}
	return append(lines, fmt.Sprintf(s3Bucket, d.String(), strings.TrimPrefix(st.String(), ",")))
}

// What was refused is UNKNOWN and names the call; what AWS says there is none of is nil.
func TestUnread(t *testing.T) {
	for _, c := range []struct{ failIf, versioning, want string }{
		{`resource.Versioning.Status != "Enabled"`, `{"Status":"Enabled"}`, "PASS"},
		{`resource.Versioning.Status != "Enabled"`, `{"Status":"Suspended"}`, "FAIL"},
		{`resource.Versioning.Status != "Enabled"`, `{}`, "UNKNOWN resource.Versioning.Status"},
		{`resource.Versioning.Status != "Enabled"`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`resource.Versioning.Status != "Enabled"`, "", "UNKNOWN s3:GetBucketVersioning not asked for"},
		{`resource.Versioning.Status != "Enabled"`, "absent", "UNKNOWN resource.Versioning.Status"},
		{`resource.Versioning == nil`, "absent", "FAIL"},
		{`resource.Versioning == nil`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`not has(resource.Versioning)`, "absent", "FAIL"},
		{`not has(resource.Versioning)`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`not has(resource.Versioning.Status)`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`not has(resource.Versioning.Status)`, "absent", "FAIL"},
		{`(resource.Versioning.Status ?? "") != "Enabled"`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`(resource.Versioning.Status ?? "") != "Enabled"`, "absent", "FAIL"},
		{`resource?.Versioning?.Status != "Enabled"`, "denied", "UNKNOWN s3:GetBucketVersioning denied"},
		{`resource?.Versioning?.Status != "Enabled"`, "", "UNKNOWN s3:GetBucketVersioning not asked for"},
		{`policy_public(resource.Versioning)`, "absent", "PASS"},
		{`tags.env == "x"`, "absent", "UNKNOWN it gives no tags"},
		{`not ("env" in tags)`, "absent", "UNKNOWN it gives no tags"},
		{`not has(tags.env)`, "absent", "UNKNOWN it gives no tags"},
	} {
		s := config(t, oneRule("AWS::S3::Bucket", c.failIf))
		found := judge(t, s, snapshot(t, []string{"s3:ListBuckets"}, bucketLines(map[string]string{"Versioning": c.versioning})...))
		want, part, _ := strings.Cut(c.want, " ")
		if len(found) != 1 || string(found[0].Status) != want || !strings.Contains(found[0].Message, part) {
			t.Errorf("%s with %q\ngot  %+v\nwant %s", c.failIf, c.versioning, found, c.want)
		}
	}
}

// A list that was refused is UNKNOWN by itself, and leaves fields that it gives unknown.
func TestUnreadLists(t *testing.T) {
	user := `{"k":"res","r":"global","t":"AWS::IAM::User","id":"arn:aws:iam::123456789012:user/ann","n":"ann","d":{%s}}`
	details := `"InlinePolicies":[],"AttachedManagedPolicies":[],"GroupList":[],"CreateDate":"2026-01-01T00:00:00Z"`
	report := `"CredentialReport":{"user":"ann"}`
	denied := `{"k":"err","r":"global","op":"%s","action":"%s","why":"denied","code":"AccessDenied"}`
	const auth, cred = "iam:GetAccountAuthorizationDetails", "iam:GetCredentialReport"
	both := []string{auth, cred, "iam:GenerateCredentialReport"}
	for _, c := range []struct {
		failIf, data string
		ops          []string
		refused      string
		want         []string
	}{
		{`"x" in tags`, details + "," + report, both, "", []string{"PASS"}},
		{`not ("x" in tags)`, details + "," + report, both, "", []string{"FAIL"}},
		{`not ("x" in tags)`, report, both, "", []string{"UNKNOWN " + auth}},
		{`not ("x" in tags)`, report, both[1:], auth, []string{"UNKNOWN " + auth + " denied", "UNKNOWN " + auth + " denied"}},
		{`not has(resource.CreateDate)`, report, both[1:], auth, []string{"UNKNOWN " + auth + " denied", "UNKNOWN " + auth + " denied"}},
		{`not has(resource.CreateDate)`, report, both, "", []string{"UNKNOWN " + auth}},
		{`not has(resource.CreateDate)`, details + "," + report, both, "", []string{"PASS"}},
		{`len(resource.GroupList) == 0`, details, both[:1], "", []string{"FAIL"}},
		{`len(resource.GroupList) == 0`, details, both[:1], cred, []string{"FAIL"}},
		{`resource.CredentialReport.user == ""`, details, both[:1], cred, []string{"UNKNOWN " + cred + " denied", "UNKNOWN " + cred + " denied"}},
	} {
		lines := []string{fmt.Sprintf(user, c.data)}
		if c.refused != "" {
			lines = append(lines, fmt.Sprintf(denied, c.refused, c.refused))
		}
		var got []string
		s := config(t, oneRule("AWS::IAM::User", c.failIf))
		for _, f := range judge(t, s, snapshot(t, c.ops, lines...)) {
			got = append(got, string(f.Status)+" "+f.Message)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s of %s: %q, want %q", c.failIf, c.data, got, c.want)
			continue
		}
		for i, want := range c.want {
			status, part, _ := strings.Cut(want, " ")
			if !strings.HasPrefix(got[i], status) || !strings.Contains(got[i], part) {
				t.Errorf("%s of %s: %q, want %q", c.failIf, c.data, got, c.want)
			}
		}
	}
}

// Without its records a rule is UNKNOWN, not silent.
func TestRecordsNotKept(t *testing.T) {
	s := config(t, oneRule("AWS::S3::Bucket", "true"))
	facts, err := scan.Load(snapshot(t, []string{"s3:ListBuckets"}, bucketLines(nil)...), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	var got []scan.Finding
	scan.Judge(facts[0], s.Checks(), scan.Options{}, func(f scan.Finding) { got = append(got, f) })
	if len(got) != 1 || got[0].Status != scan.StatusUnknown {
		t.Errorf("got %+v", got)
	}
}

// TestNoVerdictFromUnread makes up rules and takes fields away from buckets. What is
// decided without a field must be decided so with whatever the field may have been.
func TestNoVerdictFromUnread(t *testing.T) {
	pool := map[string][]string{
		"Versioning": {`{"Status":"Enabled"}`, `{"Status":"Suspended","MFADelete":"Enabled"}`, `{}`, "absent"},
		"Logging":    {`{"TargetBucket":"logs"}`, `{"TargetBucket":""}`, "absent"},
		"Ownership":  {`"BucketOwnerEnforced"`, `"ObjectWriter"`, `[{"Rule":1},{"Rule":2,"Name":"x"}]`, "absent"},
	}
	random := rand.New(rand.NewPCG(3, 4))
	decided, unknown := 0, 0
	for range 250 {
		failIf := madeUp(random, 3)
		s := config(t, oneRule("AWS::S3::Bucket", failIf))
		verdict := func(values map[string]string) scan.Status {
			found := judge(t, s, snapshot(t, []string{"s3:ListBuckets"}, bucketLines(values)...))
			if len(found) != 1 {
				t.Fatalf("%s: %d findings", failIf, len(found))
			}
			return found[0].Status
		}
		for range 4 {
			values := map[string]string{}
			for name, list := range pool {
				values[name] = list[random.IntN(len(list))]
			}
			for name, list := range pool {
				was := values[name]
				values[name] = "denied"
				without := verdict(values)
				if without == scan.StatusUnknown {
					unknown++
				} else {
					decided++
					for _, v := range list {
						values[name] = v
						if with := verdict(values); with != without {
							t.Fatalf("%s is %s without %s, and %s with %s", failIf, without, name, with, v)
						}
					}
				}
				values[name] = was
			}
		}
	}
	if decided < 100 || unknown < 100 {
		t.Errorf("%d were decided and %d not: the rules that are made up show nothing", decided, unknown)
	}
}

// madeUp is a random expression that says yes or no.
func madeUp(r *rand.Rand, depth int) string {
	paths := []string{
		"resource.Versioning", "resource.Versioning.Status", "resource.Versioning.MFADelete", "resource?.Versioning?.Status",
		"resource.Logging", "resource.Logging.TargetBucket", `resource["Logging"]["TargetBucket"]`, "resource.Ownership", "resource.Ownership[1].Name",
	}
	path := func() string { return paths[r.IntN(len(paths))] }
	if depth == 0 {
		return "has(" + path() + ")"
	}
	one := func() string { return madeUp(r, depth-1) }
	switch r.IntN(12) {
	case 0, 1:
		return "(" + one() + " and " + one() + ")"
	case 2, 3:
		return "(" + one() + " or " + one() + ")"
	case 4:
		return "not (" + one() + ")"
	case 5:
		return "(" + one() + " ? " + one() + " : " + one() + ")"
	case 6:
		return "has(" + path() + ")"
	case 7:
		return "(" + path() + ` == "Enabled")`
	case 8:
		return "((" + path() + ` ?? "none") != "none")`
	case 9:
		return "((" + path() + " ?? " + path() + ") == nil)"
	case 10:
		return "any([" + path() + ", " + path() + `], # == "logs")`
	}
	return `("x" in map(filter([` + path() + `], # != nil), string(#)))`
}
