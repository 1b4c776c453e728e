package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/report"
)

// TestWidth: on a terminal a row of the table is one line, what was not checked is broken
// at blanks below itself, and the report's path stays whole. Elsewhere lines are whole.
func TestWidth(t *testing.T) {
	find := func(check, name string) *scan.Finding {
		return &scan.Finding{Check: check, Severity: scan.High, Status: scan.StatusFail, Resource: scan.ResourceRef{Name: name}}
	}
	all := []*scan.Finding{find("iam-user-direct-policy", "consultant"), find("iam-user-direct-policy", "consultant"), find("iam-user-direct-policy", "somebody-with-a-long-name")}
	r := &report.Result{
		Summary: &scan.Summary{
			Accounts: []scan.AccountSummary{{AccountRef: scan.AccountRef{ID: "111111111111", Name: "client"}, Problem: strings.Repeat("the network is down ", 6)}},
			Gaps:     []scan.Gap{{Op: "cloudfront:ListDistributions", Why: scan.Failed, Count: 3, Checks: []string{"cloudfront-dangling-origin", "cloudfront-origin-cleartext", "cloudfront-origin-old-tls"}}},
		},
		Findings: func(yield func(*scan.Finding, error) bool) {
			for _, f := range all {
				if !yield(f, nil) {
					return
				}
			}
		},
	}
	shown := func(width int) string {
		var out bytes.Buffer
		if err := writeText(&out, r, "fob-scan/111111111111/2026-11-23T08-25Z/with-a-long-name/report.html", width); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if text := shown(0); !strings.Contains(text, "iam-user-direct-policy  consultant, somebody-with-a-long-name (+1)\n") || !strings.Contains(text, "Not checked: cloudfront-dangling-origin, cloudfront-origin-cleartext, cloudfront-origin-old-tls (") {
		t.Errorf("in a pipe:\n%s", text)
	}
	text := shown(80)
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 && !strings.Contains(line, "report.html") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"iam-user-direct-policy  consulta", "…\n", "\nNot checked: cloudfront-dangling-origin, cloudfront-origin-cleartext,\n             cloudfront-origin-old-tls (", "down the\n  network is", "Account 111111111111 (client)   not read\n", "/2026-11-23T08-25Z/with-a-long-name/report.html\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if text := shown(40); strings.Contains(text, "WORST") || !strings.Contains(text, "\nhigh          0        0           0\n") {
		t.Errorf("40 columns:\n%s", text)
	}
	for width := 20; width < 200; width += 7 {
		if got := strings.Join(strings.Fields(shown(width)), " "); !strings.Contains(got, "(cloudfront:ListDistributions failed)") {
			t.Errorf("%d columns lose words: %s", width, got)
		}
	}
}

// TestProgressFits: parts that do not fit are left away whole, and the first column is
// taken away with the rest whatever was typed behind it.
func TestProgressFits(t *testing.T) {
	line := "total              88/94 details  190 resources  209 calls  13 failed  3.9 s  0/2 accounts"
	if got, want := fitted(line, 79), "total              88/94 details  190 resources  209 calls  13 failed  3.9 s"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := fitted("ecs  …", 4); got != "ecs" {
		t.Errorf("%q", got)
	}
	if got := fitted("elasticfilesystem", 4); got != "elas" {
		t.Errorf("%q", got)
	}
	var out bytes.Buffer
	s := &screen{out: &out, width: func() int { return 80 }}
	s.draw([]string{"ec2", "total"})
	s.clear()
	if got := out.String(); got != "ec2\ntotal\n\r\x1b[2A\x1b[J" {
		t.Errorf("%q", got)
	}
	if got := remaining(4200*time.Millisecond) + ", " + remaining(200*time.Second); got != "4 s, 3 min" {
		t.Error(got)
	}
}

// TestCheckWidth: what is said of a check goes on below itself.
func TestCheckWidth(t *testing.T) {
	e := entry{CheckInfo: scan.CheckInfo{ID: "acme-one", Title: "One", Why: strings.Repeat("because ", 12), Fix: "Mend it."}}
	for width, want := range map[int]string{0: "  why        because because because because because because because because because because because because", 40: "\n  why        because because because\n             because because"} {
		var b strings.Builder
		if asText(&b, e, width); !strings.Contains(b.String(), want) {
			t.Errorf("%d columns:\n%s", width, &b)
		}
	}
}

// TestRowsWidth: rows of lists fit a terminal and lose no words; elsewhere each is a line.
func TestRowsWidth(t *testing.T) {
	text := "Certificates of AWS Certificate Manager do not expire soon, or have expired"
	head := fmt.Sprintf("%-8s  %-42s ", "medium", "acm-expiring")
	rows := map[string]func(width int) string{
		"check": func(width int) string { return beside(head, text, width) },
		"call": func(width int) string {
			return callRow("iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", "each AWS::S3::Bucket", "iam-policy-admin-star, iam-user-admin and 20 more", width)
		},
	}
	for name, row := range rows {
		if line := row(0); strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
			t.Errorf("%s in a pipe: %q", name, line)
		}
		for width := 40; width < 220; width++ {
			shown := row(width)
			for line := range strings.Lines(shown) {
				if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
					t.Errorf("%s: %d of %d columns: %q", name, n, width, line)
				}
			}
			if width >= 60 && strings.Join(strings.Fields(shown), " ") != strings.Join(strings.Fields(row(0)), " ") {
				t.Errorf("%s: %d columns lose words: %q", name, width, shown)
			}
		}
	}
}
