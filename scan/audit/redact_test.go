package audit_test

import (
	"bytes"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// What a rule of one's own says, its condition among it, names accounts and resources as
// findings do. A check's own words stay.
func TestRedactCustomChecks(t *testing.T) {
	custom := finding("a", "111111111111", "acme-one", "arn:aws:s3:::uploads", 0, scan.StatusFail)
	custom.Title, custom.Fix = "Not like uploads", "Ask 222222222222."
	ours := finding("a", "111111111111", "s3-one", "arn:aws:s3:::uploads", 0, scan.StatusFail)
	ours.Title = "About uploads"
	f := withChecks(t, []scan.CheckInfo{
		{ID: "acme-one", Title: custom.Title, Severity: scan.High, Why: "For 222222222222.", Logic: `resource.Owner != "222222222222" and resource.Name != "uploads"`, Fix: custom.Fix, Custom: true},
		{ID: "s3-one", Title: ours.Title, Severity: scan.High, Why: "w", Logic: "It has uploads.", Fix: "f"},
	}, custom, ours)
	r := audit.NewRedactor([]byte("key"))
	if err := r.LearnFindings(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Results(&out, f); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "222222222222") || strings.Count(text, "uploads") != 3 {
		t.Errorf("it says\n%s", text)
	}
}

// Account ids and names stand in hosts and in the names that AWS makes of them, too. What
// AWS named without them stays as it is.
func TestRedactWithinWords(t *testing.T) {
	r := audit.NewRedactor([]byte("key"))
	f := withChecks(t, nil, finding("a", "111111111111", "x", "arn:aws:s3:::acme-data", 0, scan.StatusFail), finding("a", "111111111111", "x", "arn:aws:s3:::web", 0, scan.StatusFail), finding("a", "111111111111", "x", "arn:aws:s3:::logs", 0, scan.StatusFail),
		finding("a", "111111111111", "x", "arn:aws:s3:::trail-111111111111", 0, scan.StatusFail), finding("a", "111111111111", "x", "arn:aws:s3:::www.example.com", 0, scan.StatusFail))
	if err := r.LearnFindings(f); err != nil {
		t.Fatal(err)
	}
	account, data, web := r.Account("111111111111"), r.Name("acme-data"), r.Name("web")
	for text, want := range map[string]string{
		"111111111111.dkr.ecr.eu-west-1.amazonaws.com/app":       account + ".dkr.ecr.eu-west-1.amazonaws.com/app",
		"aws-cloudtrail-logs-111111111111-abcdef":                "aws-cloudtrail-logs-" + account + "-abcdef",
		"cdk-hnb659fds-assets-111111111111-eu-west-1":            "cdk-hnb659fds-assets-" + account + "-eu-west-1",
		"foreign111111111111":                                    "foreign" + account,
		"trail-111111111111":                                     r.Name("trail-111111111111"),
		"acme-data.s3.amazonaws.com":                             data + ".s3.amazonaws.com",
		"www.example.com.s3.amazonaws.com":                       r.Name("www.example.com") + ".s3.amazonaws.com",
		"acme-data.s3.eu-west-1.amazonaws.com.":                  data + ".s3.eu-west-1.amazonaws.com.",
		"internal-web-1234567890.eu-west-1.elb.amazonaws.com":    "internal-" + web + "-1234567890.eu-west-1.elb.amazonaws.com",
		"web.c9akciq32rdb.eu-west-1.rds.amazonaws.com":           web + ".c9akciq32rdb.eu-west-1.rds.amazonaws.com",
		"search-web-abcdefghijklmnop.eu-west-1.es.amazonaws.com": "search-" + web + "-abcdefghijklmnop.eu-west-1.es.amazonaws.com",
		"logs.eu-west-1.amazonaws.com":                           "logs.eu-west-1.amazonaws.com",
		"logs.amazonaws.com":                                     "logs.amazonaws.com",
		"i-0123456789012abcd":                                    "i-0123456789012abcd",
		"1234567890123":                                          "1234567890123",
		"2026-11-23T08:25:48Z":                                   "2026-11-23T08:25:48Z",
	} {
		if got := r.Text(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := r.Name("aws-cloudtrail-logs-111111111111-abcdef"); got != "aws-cloudtrail-logs-"+account+"-abcdef" {
		t.Errorf("as a name: %s", got)
	}
}
