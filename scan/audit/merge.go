package audit

import (
	"cmp"
	"container/heap"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"slices"
	"time"

	"fob/scan"
)

// Merge joins findings files: of shards, of accounts, of a try and its repetition. It
// makes no difference in which order they come, which are joined before the others, and
// whether one comes twice. Where an account, a region and a check are in several scans,
// the newest counts, and of a finding the newest, then by content. An expected account
// that is in none makes the result incomplete. The files are read in step, so that memory
// does not grow with them.
func Merge(out io.Writer, files []Findings, expected []string) (*scan.Summary, error) {
	m := &merger{out: newLines(out), sum: &scan.Summary{Complete: true, Expected: expected}, newest: map[string]scan.AccountSummary{}, checks: map[string]scan.CheckInfo{}, uses: map[string]scan.ExceptionUse{}}
	var sums []*scan.Summary
	for _, f := range files {
		s, err := f.Summary()
		if err != nil {
			return nil, err
		}
		m.summary(s)
		sums = append(sums, s)
	}
	if err := m.findings(files); err != nil {
		return nil, err
	}
	if err := m.exposures(files, sums); err != nil {
		return nil, err
	}
	return m.sum, m.finish()
}

type merger struct {
	out    *lines
	sum    *scan.Summary
	tally  scan.Tally
	newest map[string]scan.AccountSummary
	checks map[string]scan.CheckInfo
	uses   map[string]scan.ExceptionUse
	noted  map[scan.ExceptionNote]int
}

// summary takes what a file says of itself.
func (m *merger) summary(s *scan.Summary) {
	m.sum.Scan, m.sum.Tool = max(m.sum.Scan, s.Scan), max(m.sum.Tool, s.Tool)
	if m.sum.At.Before(s.At) {
		m.sum.At = s.At
	}
	m.sum.Redacted = m.sum.Redacted || s.Redacted
	m.sum.Expected = append(m.sum.Expected, s.Expected...)
	m.sum.Warnings = append(m.sum.Warnings, s.Warnings...)
	for _, a := range s.Accounts {
		k := accountKey(a)
		if before, there := m.newest[k]; !there || a.At.After(before.At) || a.At.Equal(before.At) && content(a) > content(before) {
			m.newest[k] = a
		}
	}
	for _, c := range s.Checks {
		if before, there := m.checks[c.ID]; !there || content(c) > content(before) {
			m.checks[c.ID] = c
		}
	}
	for _, u := range s.Exceptions {
		u.Count = 0
		k := u.Name + "\x00" + content(u.ExceptionNote)
		if before, there := m.uses[k]; !there || rank(u.State) > rank(before.State) {
			m.uses[k] = u
		}
	}
}

// accountKey is the id, or, for what was never found out to be an account, its name.
func accountKey(a scan.AccountSummary) string { return cmp.Or(a.ID, "name "+a.Name) }

func content(v any) string {
	raw, _ := json.Marshal(v) // what came out of JSON goes into it
	return string(raw)
}

// rank orders the states of an exception: what one scan used is used.
func rank(state string) int {
	return slices.Index([]string{"unused", "expired", "used", "expiring"}, state)
}

// findings reads all files in step and writes a group of findings after the other.
func (m *merger) findings(files []Findings) error {
	var queue readers
	for _, f := range files {
		next, stop := iter.Pull2(f.All())
		defer stop()
		r := &reader{next: next, name: f.Name}
		ok, err := r.advance()
		if err != nil {
			return err
		}
		if ok {
			queue = append(queue, r)
		}
	}
	heap.Init(&queue)
	var group []*scan.Finding
	for len(queue) > 0 {
		r := queue[0]
		if len(group) > 0 && !sameGroup(group[0], r.at) {
			if err := m.group(group); err != nil {
				return err
			}
			group = group[:0]
		}
		group = append(group, r.at)
		ok, err := r.advance()
		switch {
		case err != nil:
			return err
		case ok:
			heap.Fix(&queue, 0)
		default:
			heap.Pop(&queue)
		}
	}
	return m.group(group)
}

// group writes the findings of a check in a region of an account: those of the newest
// scan, each once.
func (m *merger) group(all []*scan.Finding) error {
	newest := map[string]time.Time{}
	for _, f := range all {
		if newest[f.Scan].Before(f.Observed) {
			newest[f.Scan] = f.Observed
		}
	}
	best := ""
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		if best == "" || !newest[id].Before(newest[best]) {
			best = id
		}
	}
	chosen := map[string]*scan.Finding{}
	for _, f := range all {
		if f.Scan != best {
			continue
		}
		before := chosen[f.ID]
		if before == nil || f.Observed.After(before.Observed) || f.Observed.Equal(before.Observed) && content(f) > content(before) {
			chosen[f.ID] = f
		}
	}
	for _, f := range slices.SortedFunc(maps.Values(chosen), func(a, b *scan.Finding) int { return scan.CompareFindings(*a, *b) }) {
		m.tally.Add(f)
		if f.Exception != nil {
			if m.noted == nil {
				m.noted = map[scan.ExceptionNote]int{}
			}
			m.noted[*f.Exception]++
		}
		if err := m.out.finding(f); err != nil {
			return err
		}
	}
	return nil
}

// exposures writes those of the newest scan of each account, each once, sorted.
func (m *merger) exposures(files []Findings, sums []*scan.Summary) error {
	var all []*scan.Exposure
	for i, f := range files {
		for e, err := range f.Exposures() {
			if err != nil {
				return err
			}
			if at := atOf(sums[i], e.Account.ID); at.Equal(m.newest[e.Account.ID].At) {
				all = append(all, e)
			}
		}
	}
	slices.SortFunc(all, compareExposures)
	last := ""
	for _, e := range all {
		if c := content(e); c != last {
			last = c
			if err := m.out.exposure(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareExposures orders exposures as reports have them.
func compareExposures(a, b *scan.Exposure) int {
	return cmp.Or(cmp.Compare(a.Account.ID, b.Account.ID), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Resource.ARN, b.Resource.ARN), cmp.Compare(content(a), content(b)))
}

func atOf(s *scan.Summary, account string) time.Time {
	for _, a := range s.Accounts {
		if a.ID == account {
			return a.At
		}
	}
	return time.Time{}
}

func (m *merger) finish() error {
	slices.Sort(m.sum.Expected)
	m.sum.Expected = slices.Compact(m.sum.Expected)
	for _, k := range slices.Sorted(maps.Keys(m.newest)) {
		m.sum.Accounts = append(m.sum.Accounts, m.newest[k])
	}
	for _, id := range slices.Sorted(maps.Keys(m.checks)) {
		m.sum.Checks = append(m.sum.Checks, m.checks[id])
	}
	for _, k := range slices.Sorted(maps.Keys(m.uses)) {
		u := m.uses[k]
		u.Count = m.noted[u.ExceptionNote]
		m.sum.Exceptions = append(m.sum.Exceptions, u)
	}
	m.tally.Into(m.sum)
	settle(m.sum)
	return m.out.end(m.sum)
}
