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
