package audit_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/audit"
)

var day = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// finding is one of a scan, hours after day.
func finding(scanID, account, check, resource string, hours int, status scan.Status) scan.Finding {
	return scan.Finding{
		Schema: scan.Schema, ID: scan.FindingID(check, account, "eu-west-1", resource, ""), Scan: scanID, Check: check, Status: status, Severity: scan.High,
		Account: scan.AccountRef{ID: account}, Region: "eu-west-1", Service: "s3", Resource: scan.ResourceRef{ARN: resource, Name: resource},
		Evidence: []scan.Evidence{}, Unread: []*scan.ReadError{}, Observed: day.Add(time.Duration(hours) * time.Hour),
	}
}

// file is a findings file of these findings, of accounts that were read hours after day.
func file(t *testing.T, name string, hours int, all ...scan.Finding) audit.Findings {
	t.Helper()
	sum := &scan.Summary{Scan: name, Tool: "test", At: day.Add(time.Duration(hours) * time.Hour), Complete: true}
	tally := &scan.Tally{}
	seen := map[string]bool{}
	for i := range all {
		tally.Add(&all[i])
		if id := all[i].Account.ID; !seen[id] {
			seen[id] = true
			sum.Accounts = append(sum.Accounts, scan.AccountSummary{AccountRef: all[i].Account, At: sum.At, Complete: true, Regions: []string{"eu-west-1"}})
		}
		sum.Checks = append(sum.Checks, scan.CheckInfo{ID: all[i].Check, Severity: scan.High})
	}
	tally.Into(sum)
	return written(t, name, sum, all)
}

// withChecks is a findings file of these findings with these checks.
func withChecks(t *testing.T, checks []scan.CheckInfo, all ...scan.Finding) audit.Findings {
	t.Helper()
	sum, err := file(t, "a", 0, all...).Summary()
	if err != nil {
		t.Fatal(err)
	}
	sum.Checks = checks
	return written(t, "a", sum, all)
}

// written is a findings file of this summary.
func written(t *testing.T, name string, sum *scan.Summary, all []scan.Finding) audit.Findings {
	t.Helper()
	var out bytes.Buffer
	err := audit.Write(&out, func(yield func(*scan.Finding, error) bool) {
		for i := range all {
			if !yield(&all[i], nil) {
				return
			}
		}
	}, func(func(*scan.Exposure, error) bool) {}, sum)
	if err != nil {
		t.Fatal(err)
	}
	return inMemory(name, out.Bytes())
}

func inMemory(name string, raw []byte) audit.Findings {
	return audit.Findings{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }}
}

func merged(t *testing.T, files ...audit.Findings) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := audit.Merge(&out, files, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMergeLaws(t *testing.T) {
	const one, two, three = "111111111111", "222222222222", "333333333333"
	a := file(t, "a", 0, finding("a", one, "c1", "x", 0, scan.StatusFail), finding("a", one, "c1", "y", 0, scan.StatusUnknown), finding("a", two, "c1", "x", 0, scan.StatusPass))
	b := file(t, "b", 2, finding("b", one, "c1", "x", 2, scan.StatusPass), finding("b", one, "c2", "x", 2, scan.StatusFail))
	c := file(t, "c", 1, finding("c", one, "c1", "x", 1, scan.StatusFail), finding("c", one, "c1", "z", 1, scan.StatusFail), finding("c", three, "c1", "x", 1, scan.StatusFail))
	want := merged(t, a, b, c)
	for name, got := range map[string][]byte{
		"another order":       merged(t, c, a, b),
		"two first":           merged(t, inMemory("ab", merged(t, a, b)), c),
		"the others first":    merged(t, a, inMemory("bc", merged(t, b, c))),
		"one twice":           merged(t, a, b, c, a),
		"the result again":    merged(t, inMemory("abc", want)),
		"the result and one":  merged(t, inMemory("abc", want), c),
		"old ones once more":  merged(t, inMemory("ac", merged(t, a, c)), b, a),
		"the result and more": merged(t, inMemory("abc", want), inMemory("bc", merged(t, c, b))),
	} {
		if !bytes.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	var statuses []string
	for f, err := range inMemory("abc", want).All() {
		if err != nil {
			t.Fatal(err)
		}
		statuses = append(statuses, fmt.Sprintf("%s %s %s %s", f.Account.ID[:1], f.Check, f.Resource.Name, f.Status))
	}
	if got, want := fmt.Sprint(statuses), "[1 c1 x PASS 1 c2 x FAIL 2 c1 x PASS 3 c1 x FAIL]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMergeExpects(t *testing.T) {
	a := file(t, "a", 0, finding("a", "111111111111", "c1", "x", 0, scan.StatusPass))
	sum, err := audit.Merge(io.Discard, []audit.Findings{a}, []string{"111111111111", "999999999999"})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Complete || audit.Exit(sum, 0, false) != 3 || fmt.Sprint(audit.Missing(sum)) != "[999999999999]" {
		t.Errorf("complete %v, exit %d, missing %v", sum.Complete, audit.Exit(sum, 0, false), audit.Missing(sum))
	}
	if audit.Exit(sum, 0, true) != 0 {
		t.Error("what is missing counts although it may")
	}
}

func TestMergeRefusesUnsorted(t *testing.T) {
	a := file(t, "a", 0, finding("a", "222222222222", "c1", "x", 0, scan.StatusPass), finding("a", "111111111111", "c1", "x", 0, scan.StatusPass))
	if _, err := audit.Merge(io.Discard, []audit.Findings{a}, nil); err == nil {
		t.Error("no error for findings that are not sorted")
	}
}

// Results from before the summary had the logic of checks go with newer ones, in any
// order, and the logic is there.
func TestMergeKeepsLogic(t *testing.T) {
	older := scan.CheckInfo{ID: "c1", Title: "T", Severity: scan.High, Why: "w", Fix: "f", Refs: []string{}}
	newer := older
	newer.Logic = "It is open."
	a := withChecks(t, []scan.CheckInfo{older}, finding("a", "111111111111", "c1", "x", 0, scan.StatusFail))
	b := withChecks(t, []scan.CheckInfo{newer}, finding("b", "222222222222", "c1", "x", 0, scan.StatusFail))
	for _, files := range [][]audit.Findings{{a, b}, {b, a}} {
		sum, err := audit.Merge(io.Discard, files, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(sum.Checks) != 1 || sum.Checks[0].Logic != newer.Logic {
			t.Errorf("checks %+v", sum.Checks)
		}
	}
}

func TestExit(t *testing.T) {
	account := func(exit int) scan.AccountSummary { return scan.AccountSummary{Exit: exit, Complete: exit == 0} }
	for _, tt := range []struct {
		exits  []int
		fails  bool
		allow  bool
		status int
	}{
		{nil, false, false, 0},
		{[]int{0, 0}, true, false, 1},
		{[]int{0, 3}, false, false, 3},
		{[]int{3}, true, false, 1},
		{[]int{3, 7}, false, false, 3},
		{[]int{0, 7}, false, false, 7},
		{[]int{3, 7}, false, true, 7},
		{[]int{5}, false, true, 5},
		{[]int{3}, false, true, 0},
		{[]int{130, 3}, true, false, 130},
	} {
		s := &scan.Summary{Complete: true, Counts: map[string]map[string]int{}}
		for _, e := range tt.exits {
			s.Accounts = append(s.Accounts, account(e))
			s.Complete = s.Complete && e == 0
		}
		if tt.fails {
			s.Counts["high"] = map[string]int{"FAIL": 1}
		}
		if got := audit.Exit(s, scan.Medium, tt.allow); got != tt.status {
			t.Errorf("%+v: exit %d", tt, got)
		}
	}
}

func TestParseMembers(t *testing.T) {
	for text, want := range map[string]string{
		"123456789012\n# one\n\n 210987654321 , arn:aws:iam::210987654321:role/R , shop # two\n": "[{123456789012  } {210987654321 shop arn:aws:iam::210987654321:role/R}]",
		`["123456789012",{"id":"111111111111","name":"a"}]`:                                      "[{111111111111 a } {123456789012  }]",
		"12345678901": "", "": "", "123456789012\n123456789012": "", "[{\"idd\":\"123456789012\"}]": "", "123456789012,a,b": "", "[1": "",
	} {
		got, err := audit.ParseMembers([]byte(text))
		if want == "" && err == nil || want != "" && fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func FuzzParseMembers(f *testing.F) {
	f.Add([]byte("123456789012,arn:aws:iam::123456789012:role/R,x"))
	f.Add([]byte(`[{"id":"123456789012"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := audit.ParseMembers(data)
		if (err == nil) != (len(all) > 0) {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// TestShard: every account has one shard, another shard takes no more than its share.
func TestShard(t *testing.T) {
	counts, moved := map[int]int{}, 0
	for i := range 1000 {
		account := fmt.Sprintf("%012d", 100000000000+i*7919)
		counts[audit.Shard(account, 10)]++
		before, after := audit.Shard(account, 10), audit.Shard(account, 11)
		if before != after {
			moved++
			if after != 10 {
				t.Errorf("%s moved from %d to %d", account, before, after)
			}
		}
	}
	if len(counts) != 10 || moved < 50 || moved > 140 {
		t.Errorf("shards %v, %d of 1000 moved", counts, moved)
	}
	if audit.Shard("123456789012", 1) != 0 {
		t.Error("one shard has all")
	}
}
