package scan

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// SummarySchema is the version of the line that ends a findings file.
const SummarySchema = "fob.summary/1"

// Summary is what a report says beside its findings: what was looked at, what was not,
// and why.
type Summary struct {
	Schema   string    `json:"schema"`
	Scan     string    `json:"scan"`
	Tool     string    `json:"tool"`
	At       time.Time `json:"at"`       // when the newest account was read: ages are counted up to it
	Complete bool      `json:"complete"` // nothing selected was left unread
	Redacted bool      `json:"redacted,omitempty"`

	Accounts []AccountSummary `json:"accounts"`
	Expected []string         `json:"expected,omitempty"` // accounts that the run was to cover
	// Counts are numbers of findings: severity → status → number. A suppressed failure
	// counts as SUPPRESSED alone.
	Counts     map[string]map[string]int `json:"counts"`
	Checks     []CheckInfo               `json:"checks"` // all that were asked
	Gaps       []Gap                     `json:"gaps"`
	Exceptions []ExceptionUse            `json:"exceptions"`
	Warnings   []string                  `json:"warnings,omitempty"`
}

// Suppressed is how [Summary.Counts] names a failure with an exception.
const Suppressed = "SUPPRESSED"

// AccountSummary is what became of one account.
type AccountSummary struct {
	AccountRef
	Partition string    `json:"partition"`
	At        time.Time `json:"at"`
	Complete  bool      `json:"complete"`
	// Problem says why nothing or not all could be read, "" when the account was read to
	// its end; Exit is the exit code that goes with it.
	Problem  string   `json:"problem,omitempty"`
	Exit     int      `json:"exit,omitempty"`
	Regions  []string `json:"regions"`
	Excluded []string `json:"excluded,omitempty"`
	Disabled []string `json:"disabled,omitempty"`
	Blocked  []string `json:"blocked,omitempty"` // given up, as they answered nothing
	// Guessed is set where the account's list of regions could not be read: those were tried
	// that this program knew then.
	Guessed   time.Time `json:"guessed,omitzero"`
	Resources int       `json:"resources"`
	Calls     int       `json:"calls"`             // of this scan; what an update keeps took none
	Seconds   float64   `json:"seconds,omitempty"` // how long reading took

	// Kept are the resources that an update did not read again, the first of them read at
	// KeptFrom.
	Kept     int       `json:"kept,omitempty"`
	KeptFrom time.Time `json:"kept_from,omitzero"`
}

// CheckInfo is a check as reports show it, so that they need no catalogue.
type CheckInfo struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Service  string   `json:"service"`
	Type     string   `json:"type"`
	Why      string   `json:"why"`
	// Logic says when it fails. Earlier results do not have it; behind Why it makes that of
	// two results which has it the greater one, which is what merging keeps.
	Logic  string   `json:"logic,omitempty"`
	Fix    string   `json:"fix"`
	Refs   []string `json:"refs"`
	Custom bool     `json:"custom,omitempty"`
}

// Info describes a check.
func (c *Check) Info() CheckInfo {
	return CheckInfo{ID: c.ID, Title: c.Title, Severity: c.Severity, Service: c.Service, Type: c.Type, Why: c.Why, Logic: c.Logic, Fix: c.Fix, Refs: orNone(c.Refs), Custom: c.custom}
}

// Gap is something that was not read, and what is unknown for it.
type Gap struct {
	Account string   `json:"account"`
	Region  string   `json:"region"`
	Op      string   `json:"op"`
	Action  string   `json:"action"`
	Why     Why      `json:"why"`
	By      string   `json:"by,omitempty"`
	Code    string   `json:"code,omitempty"`
	Count   int      `json:"count"`  // of verdicts that are unknown for it
	Checks  []string `json:"checks"` // sorted
}

// ExceptionUse is an exception of the run and what became of it.
type ExceptionUse struct {
	Name string `json:"name"` // file and place: "fob-exceptions.yaml:12"
	ExceptionNote
	State string `json:"state"` // used, unused, expired, expiring
	Count int    `json:"count"` // findings that it suppresses, or would if it had not expired
}

// Tally gathers a summary while findings pass by. The zero Tally is ready for use.
type Tally struct {
	counts map[string]map[string]int
	gaps   map[gapKey]*Gap
}

type gapKey struct{ account, region, op, action, by, code string }

// Add counts a finding.
func (t *Tally) Add(f *Finding) {
	if t.counts == nil {
		t.counts, t.gaps = map[string]map[string]int{}, map[gapKey]*Gap{}
	}
	status := string(f.Status)
	if f.Status == StatusFail && f.Exception != nil {
		status = Suppressed
	}
	severity := f.Severity.String()
	if t.counts[severity] == nil {
		t.counts[severity] = map[string]int{}
	}
	t.counts[severity][status]++
	for _, e := range f.Unread {
		t.unread(f, e)
	}
}

func (t *Tally) unread(f *Finding, e *ReadError) {
	region := cmp.Or(e.Region, f.Region)
	k := gapKey{f.Account.ID, region, e.Op, e.Action + string(e.Why), e.By, e.Code}
	g := t.gaps[k]
	if g == nil {
		g = &Gap{Account: f.Account.ID, Region: region, Op: e.Op, Action: e.Action, Why: e.Why, By: e.By, Code: e.Code}
		t.gaps[k] = g
	}
	g.Count++
	if i, there := slices.BinarySearch(g.Checks, f.Check); !there {
		g.Checks = slices.Insert(g.Checks, i, f.Check)
	}
}

// Into puts what was counted into a summary. Complete stays true only if no gap makes
// the scan incomplete.
func (t *Tally) Into(s *Summary) {
	s.Schema, s.Counts = SummarySchema, map[string]map[string]int{}
	maps.Copy(s.Counts, t.counts)
	s.Gaps = []Gap{}
	for _, g := range t.gaps {
		s.Gaps = append(s.Gaps, *g)
		s.Complete = s.Complete && !g.Why.Incomplete()
	}
	slices.SortFunc(s.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Op, b.Op), cmp.Compare(a.Region, b.Region),
			strings.Compare(a.Action, b.Action), strings.Compare(string(a.Why), string(b.Why)), strings.Compare(a.By, b.By), strings.Compare(a.Code, b.Code))
	})
	s.Exceptions, s.Checks = orNone(s.Exceptions), orNone(s.Checks)
}

// Count returns the number of findings of a status, of one severity or worse.
func (s *Summary) Count(status string, least Severity) (n int) {
	for severity := least; severity <= Critical; severity++ {
		n += s.Counts[severity.String()][status]
	}
	return n
}
