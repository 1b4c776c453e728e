package scan_test

import (
	"testing"

	"fob/scan"
)

func compared(id string, status scan.Status) scan.Finding {
	return scan.Finding{
		ID: id, Check: "s3-bucket-versioning", Status: status, Severity: scan.Low, Region: "eu-west-1", Message: "as it is",
		Account: scan.AccountRef{ID: "123456789012"}, Resource: scan.ResourceRef{ARN: "arn:aws:s3:::" + id, Name: id},
	}
}

func comparedSummary() *scan.Summary {
	return &scan.Summary{
		Accounts: []scan.AccountSummary{{AccountRef: scan.AccountRef{ID: "123456789012"}, Regions: []string{"eu-west-1"}}},
		Checks:   []scan.CheckInfo{{ID: "s3-bucket-versioning"}},
	}
}

func TestComparison(t *testing.T) {
	for name, test := range map[string]struct {
		before, now scan.Status
		want        string
	}{
		"new":                   {scan.StatusPass, scan.StatusFail, scan.DiffNew},
		"new, was unknown":      {scan.StatusUnknown, scan.StatusFail, scan.DiffNew},
		"same":                  {scan.StatusFail, scan.StatusFail, scan.DiffSame},
		"fixed":                 {scan.StatusFail, scan.StatusPass, scan.DiffFixed},
		"no longer applies":     {scan.StatusFail, scan.StatusNotApplicable, scan.DiffFixed},
		"unread is not fixed":   {scan.StatusFail, scan.StatusUnknown, scan.DiffUnseen},
		"passes":                {scan.StatusPass, scan.StatusPass, ""},
		"unknown, never failed": {scan.StatusPass, scan.StatusUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var c scan.Comparison
			before, now := compared("a", test.before), compared("a", test.now)
			c.Keep(&before)
			c.Mark(&now)
			if now.Diff != test.want {
				t.Errorf("it is %q, not %q", now.Diff, test.want)
			}
			if rest := c.Rest(comparedSummary()); len(rest) != 0 {
				t.Errorf("and %v", rest)
			}
		})
	}
}

func TestComparisonChanged(t *testing.T) {
	var c scan.Comparison
	before, worse := compared("a", scan.StatusFail), compared("a", scan.StatusFail)
	worse.Severity = scan.High
	c.Keep(&before)
	if c.Mark(&worse); worse.Diff != scan.DiffChanged {
		t.Errorf("it is %q", worse.Diff)
	}
}

// What was not seen says why in words, and once.
func TestUnseenInWords(t *testing.T) {
	var c scan.Comparison
	before := compared("a", scan.StatusFail)
	c.Keep(&before)
	s := comparedSummary()
	s.Checks = nil
	if rest := c.Rest(s); len(rest) != 1 || rest[0].Message != "not seen this time: its account or its check was not asked for" {
		t.Errorf("got %+v", rest)
	}
	missed := &scan.ReadError{Op: "es:DescribeDomains", Why: scan.NotPlanned}
	again := *missed
	if v := scan.Unknown(missed, &again, missed); v.Message != "not known: es:DescribeDomains not asked for" || len(v.Unread) != 1 {
		t.Errorf("got %+v", v)
	}
}

// What is not there any more is fixed only where its list was read.
func TestComparisonGone(t *testing.T) {
	denied := compared("*", scan.StatusUnknown)
	denied.Region, denied.Unread = scan.Global, []*scan.ReadError{{Op: "s3:ListBuckets", Why: scan.Denied}}
	for name, test := range map[string]struct {
		now    []scan.Finding
		change func(*scan.Summary)
		want   string
	}{
		"gone":               {nil, func(*scan.Summary) {}, scan.DiffFixed},
		"list denied":        {[]scan.Finding{denied}, func(*scan.Summary) {}, scan.DiffUnseen},
		"check not asked":    {nil, func(s *scan.Summary) { s.Checks = nil }, scan.DiffUnseen},
		"region left out":    {nil, func(s *scan.Summary) { s.Accounts[0].Regions = nil }, scan.DiffUnseen},
		"account left out":   {nil, func(s *scan.Summary) { s.Accounts = nil }, scan.DiffUnseen},
		"account broken off": {nil, func(s *scan.Summary) { s.Accounts[0].Problem = "cancelled" }, scan.DiffUnseen},
	} {
		t.Run(name, func(t *testing.T) {
			var c scan.Comparison
			before := compared("a", scan.StatusFail)
			c.Keep(&before)
			for i := range test.now {
				c.Mark(&test.now[i])
			}
			s := comparedSummary()
			test.change(s)
			rest := c.Rest(s)
			if len(rest) != 1 || rest[0].Diff != test.want || rest[0].Status == scan.StatusPass || rest[0].Status == scan.StatusFail {
				t.Errorf("got %+v", rest)
			}
		})
	}
}
