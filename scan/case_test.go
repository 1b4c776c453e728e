package scan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/scan"
)

// A caseFile is one case of a check, testdata/cases/<check>/<status>-<what>.json.
//
// Its lines are those of a snapshot, with what is the same everywhere left out: the
// head, the account, and the end of every list that has no error. Now and the regions
// may be given; a region that a line names is there by itself.
type caseFile struct {
	Now     time.Time            `json:"now"`
	Regions []string             `json:"regions"`
	Params  map[string]any       `json:"params"`
	Trusted []string             `json:"trusted"`
	Lines   []map[string]any     `json:"lines"`
	Want    map[string]scanWants `json:"want"` // by ARN, or region, or "list"
	check   *scan.Check
	asked   func(scan.Parameter) // may be nil
}

// scanWants is what is wanted for one resource: "FAIL Versioning.Status",
// "FAIL:critical Acl", "PASS", one for each part.
type scanWants []string

func (w *scanWants) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*w = scanWants{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(w))
}

const (
	caseAccount = "123456789012"
	caseNow     = "2026-11-22T18:40:00Z"
)

// TestCases asks every check of its cases, and demands of every check at least one that
// fails and one that passes.
func TestCases(t *testing.T) {
	for _, c := range scan.Checks() {
		if c.Manual {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			seen := map[scan.Status]bool{}
			for _, path := range casePaths(t, c.ID) {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
					f := readCase(t, path, c)
					for _, got := range f.run(t, f.Lines) {
						seen[got.Status] = true
					}
					f.compare(t)
					f.deny(t)
				})
			}
			if !seen[scan.StatusFail] || !seen[scan.StatusPass] {
				t.Errorf("%s has no case that fails or none that passes", c.ID)
			}
		})
	}
}

func casePaths(t *testing.T, id string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "cases", id, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func readCase(t *testing.T, path string, c scan.Check) *caseFile {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &caseFile{check: &c}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if f.Now.IsZero() {
		f.Now, _ = time.Parse(time.RFC3339, caseNow)
	}
	var notRead []any
	for _, l := range f.Lines {
		if l["k"] == "scope" {
			notRead = append(notRead, l["r"])
		}
	}
	for _, l := range f.Lines {
		if r, ok := l["r"].(string); ok && r != scan.Global && !slices.Contains(notRead, l["r"]) && !slices.Contains(f.Regions, r) {
			f.Regions = append(f.Regions, r)
		}
	}
	return f
}

// run judges lines and returns the findings.
func (f *caseFile) run(t *testing.T, lines []map[string]any) (out []scan.Finding) {
	t.Helper()
	facts, err := scan.Load(bytes.NewReader(f.snapshot(t, lines)), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	if len(facts) != 1 {
		t.Fatalf("the case is about %d accounts", len(facts))
	}
	o := scan.Options{Trusted: f.Trusted, Values: map[string]map[string]any{f.check.ID: f.Params}}
	scan.Watch(&o, f.asked)
	scan.Judge(facts[0], []scan.Check{*f.check}, o, func(x scan.Finding) { out = append(out, x) })
	return out
}

// snapshot completes the lines of a case.
func (f *caseFile) snapshot(t *testing.T, lines []map[string]any) []byte {
	t.Helper()
	var out bytes.Buffer
	put := func(l map[string]any) {
		raw, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(raw, '\n'))
	}
	put(map[string]any{"k": "head", "v": 1, "at": f.Now, "accounts": []string{caseAccount}, "partition": "aws"})
	failed := map[string]bool{}
	for _, l := range lines {
		if l["k"] == "err" && l["of"] == nil {
			failed[fmt.Sprint(l["op"], l["r"])] = true
		}
	}
	for _, r := range append(f.Regions, scan.Global) {
		if r != scan.Global {
			put(map[string]any{"k": "scope", "a": caseAccount, "r": r, "s": "read"})
		}
		for _, op := range f.check.Operations() {
			if !failed[fmt.Sprint(op, r)] {
				put(map[string]any{"k": "unit", "a": caseAccount, "r": r, "op": op, "s": "end"})
			}
		}
	}
	for _, l := range lines {
		l = maps.Clone(l)
		l["a"] = caseAccount
		if l["r"] == nil {
			l["r"] = scan.Global
		}
		put(l)
	}
	return out.Bytes()
}

// compare holds the findings against what the case wants.
func (f *caseFile) compare(t *testing.T) {
	t.Helper()
	got := map[string]scanWants{}
	for _, x := range f.run(t, f.Lines) {
		s := string(x.Status)
		if x.Severity != f.check.Severity {
			s += ":" + x.Severity.String()
		}
		if x.Severity > max(f.check.Severity, f.check.Worst) {
			t.Errorf("%s: %s is more than the check says, so that --severity leaves it out", x.Resource.ARN, x.Severity)
		}
		for _, e := range x.Evidence {
			s += " " + e.Path
		}
		if x.Message == "" || strings.Contains(x.Message, "%!") {
			t.Errorf("%s: the message is %q", x.Resource.ARN, x.Message)
		}
		at := x.Resource.ARN
		if at == "" {
			at = "list"
		}
		got[at] = append(got[at], s)
	}
	for at := range maps.Keys(f.Want) {
		slices.Sort(f.Want[at])
	}
	for at := range maps.Keys(got) {
		slices.Sort(got[at])
		if !slices.Equal(got[at], f.Want[at]) {
			t.Errorf("%s: got %q, want %q", at, got[at], f.Want[at])
		}
	}
	for at := range maps.Keys(f.Want) {
		if got[at] == nil {
			t.Errorf("%s: no verdict, want %q", at, f.Want[at])
		}
	}
}

// deny takes away what each operation read, in turn. No verdict may become another but
// UNKNOWN that names the operation, and none may come that was not there.
func (f *caseFile) deny(t *testing.T) {
	t.Helper()
	before := map[string]scan.Finding{}
	for _, x := range f.run(t, f.Lines) {
		before[x.ID] = x
	}
	for _, op := range f.check.Operations() {
		for _, x := range f.run(t, f.without(op)) {
			was, ok := before[x.ID]
			switch {
			case x.Status == scan.StatusUnknown:
				if !names(x, op) && (!ok || was.Status != x.Status) {
					t.Errorf("%s denied: %s is UNKNOWN and does not name it: %s", op, x.Resource.ARN, x.Message)
				}
			case !ok:
				t.Errorf("%s denied: %s is %s, and had no verdict before", op, x.Resource.ARN, x.Status)
			case was.Status != x.Status:
				t.Errorf("%s denied: %s turned from %s into %s", op, x.Resource.ARN, was.Status, x.Status)
			}
		}
	}
}

func names(x scan.Finding, op string) bool {
	return slices.ContainsFunc(x.Unread, func(e *scan.ReadError) bool { return e.Op == op })
}

// without is the case where op was denied: what it lists is not there, what it fills
// is unread.
func (f *caseFile) without(op string) []map[string]any {
	var out []map[string]any
	denied := map[string]any{"k": "err", "op": op, "action": op, "why": "denied", "code": "AccessDenied"}
	for _, l := range f.Lines {
		if l["k"] == "err" && l["op"] == op {
			continue
		}
		if l["k"] != "res" {
			out = append(out, l)
			continue
		}
		keep := true
		l = maps.Clone(l)
		for _, k := range scan.Kinds() {
			if k.Type != l["t"] {
				continue
			}
			if slices.Contains(k.List, op) && len(k.List) == 1 {
				keep = false
			}
			l["d"] = dropFields(k, l["d"], op)
			l["st"] = dropFields(k, l["st"], op)
		}
		if keep {
			out = append(out, l)
		}
	}
	for _, r := range append(f.Regions, scan.Global) {
		e := maps.Clone(denied)
		e["r"] = r
		out = append(out, e)
	}
	return out
}

func dropFields(k *scan.Kind, fields any, op string) map[string]any {
	m, _ := fields.(map[string]any)
	m = maps.Clone(m)
	for name := range m {
		if slices.Contains(k.Operations(name), op) {
			delete(m, name)
		}
	}
	return m
}
