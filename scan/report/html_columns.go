package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"fob/scan"
)

// columns are the findings and their resources, a list of numbers for each property.
// Compressed they take a few bytes per finding, and the page filters hundreds of
// thousands in a blink.
type columns struct {
	summary *scan.Summary
	checks  []scan.CheckInfo
	checkNo map[string]int
	fails   []int // by check: failures that are not suppressed

	accounts, regions, types, prefixes texts
	keys, values                       texts // of tags
	messages, unread, exceptions       texts
	resourceNo                         map[resourceKey]int
	resources                          []resourceRow
	findings                           []findingRow
	evidence                           [][]byte // by finding, JSON; nil for none
}

// resourceKey is what tells resources apart. What could not be listed has no ARN.
type resourceKey struct{ account, region, typ, arn string }

type resourceRow struct {
	account, region, typ int
	prefix               int    // of the ARN, up to its last mark
	tail, name           string // the rest of it, and the name
	tags                 []int  // key, value, key, value, ...
	observed             time.Time
	rank                 scan.Severity // of its worst failure that is not suppressed
	unsure               bool          // it has an unknown verdict, or a suppressed failure
}

type findingRow struct{ check, resource, status, severity, message, unread, exception, diff int }

// texts gives every text a number.
type texts struct {
	no   map[string]int
	list []string
}

func (t *texts) at(s string) int {
	n, ok := t.no[s]
	if !ok {
		if t.no == nil {
			t.no = map[string]int{}
		}
		n = len(t.list)
		t.no[s] = n
		t.list = append(t.list, s)
	}
	return n
}

func newColumns(s *scan.Summary) *columns {
	c := &columns{summary: s, checkNo: map[string]int{}, resourceNo: map[resourceKey]int{}}
	for _, info := range s.Checks {
		c.check(info)
	}
	for _, none := range []*texts{&c.messages, &c.unread, &c.exceptions} {
		none.at("")
	}
	return c
}

func (c *columns) check(info scan.CheckInfo) int {
	n, ok := c.checkNo[info.ID]
	if !ok {
		n = len(c.checks)
		c.checkNo[info.ID] = n
		c.checks = append(c.checks, info)
		c.fails = append(c.fails, 0)
	}
	return n
}

// add takes a finding.
func (c *columns) add(f *scan.Finding) error {
	unread, err := unreadText(f)
	if err != nil {
		return err
	}
	row := findingRow{
		check:  c.check(scan.CheckInfo{ID: f.Check, Title: f.Title, Severity: f.Severity, Service: f.Service, Type: f.Resource.Type, Fix: f.Fix, Refs: f.Refs}),
		status: slices.Index(scan.Statuses(), f.Status), severity: int(f.Severity), message: c.messages.at(f.Message),
		unread: c.unread.at(unread), diff: slices.Index(diffs(), f.Diff),
	}
	if row.status < 0 || row.diff < 0 {
		return fmt.Errorf("finding %s: unknown status %q or difference %q", f.ID, f.Status, f.Diff)
	}
	row.resource = c.resource(scan.Resource{Account: f.Account.ID, Region: f.Region, Type: f.Resource.Type, ARN: f.Resource.ARN, Name: f.Resource.Name, Tags: f.Resource.Tags, At: f.Observed})
	r := &c.resources[row.resource]
	switch {
	case f.Status == scan.StatusFail && f.Exception == nil:
		c.fails[row.check]++
		r.rank = max(r.rank, f.Severity)
	case f.Status == scan.StatusFail || f.Status == scan.StatusUnknown:
		r.unsure = true
	}
	if f.Exception != nil {
		text, err := json.Marshal(f.Exception)
		if err != nil {
			return err
		}
		row.exception = c.exceptions.at(string(text))
	}
	evidence, err := evidenceText(f.Evidence)
	if err != nil {
		return err
	}
	c.findings, c.evidence = append(c.findings, row), append(c.evidence, evidence)
	return nil
}

// diffs are what a comparison may say; the first is nothing.
func diffs() []string {
	return []string{"", scan.DiffNew, scan.DiffFixed, scan.DiffChanged, scan.DiffSame, scan.DiffUnseen}
}

// resource returns the number of a resource, a new one if it was not seen before.
func (c *columns) resource(r scan.Resource) int {
	k := resourceKey{r.Account, r.Region, r.Type, r.ARN}
	if r.ARN == "" {
		k.arn = "\x00" + r.Name
	}
	n, ok := c.resourceNo[k]
	if ok {
		return n
	}
	cut := strings.LastIndexAny(r.ARN, ":/") + 1
	row := resourceRow{
		account: c.accounts.at(r.Account), region: c.regions.at(r.Region), typ: c.types.at(r.Type),
		prefix: c.prefixes.at(r.ARN[:cut]), tail: r.ARN[cut:], name: r.Name, observed: r.At,
	}
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		row.tags = append(row.tags, c.keys.at(key), c.values.at(r.Tags[key]))
	}
	n = len(c.resources)
	c.resourceNo[k] = n
	c.resources = append(c.resources, row)
	return n
}

// key is what a resource is found by in a snapshot.
func (c *columns) key(resource int) resourceKey {
	r := &c.resources[resource]
	return resourceKey{c.accounts.list[r.account], c.regions.list[r.region], c.types.list[r.typ], c.prefixes.list[r.prefix] + r.tail}
}

// unreadText is why a verdict is unknown, without what differs from call to call: most
// verdicts share a few reasons.
func unreadText(f *scan.Finding) (string, error) {
	if len(f.Unread) == 0 {
		return "", nil
	}
	var reasons []scan.ReadError
	for _, e := range f.Unread {
		if e == nil {
			continue
		}
		short := *e
		short.Request = ""
		if short.Resource == f.Resource.ARN {
			short.Resource = ""
		}
		if short.Region == f.Region {
			short.Region = ""
		}
		reasons = append(reasons, short)
	}
	text, err := json.Marshal(reasons)
	return string(text), err
}

// longestValue is how long a value of evidence may be: beyond, its place has to do.
const longestValue = 8 << 10

func evidenceText(list []scan.Evidence) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	short := slices.Clone(list)
	for i, e := range short {
		text, err := json.Marshal(e.Value)
		if err != nil {
			return nil, fmt.Errorf("evidence %s: %w", e.Path, err)
		}
		if short[i].Value = json.RawMessage(text); len(text) > longestValue {
			short[i].Value = fmt.Sprintf("(%d bytes, see the record)", len(text))
		}
	}
	return json.Marshal(short)
}

// write writes what every page of the report needs, and the evidence behind it.
func (c *columns) write(w io.Writer) error {
	summary := *c.summary
	summary.Checks = c.checks
	if err := writeBlock(w, "summary", &summary); err != nil {
		return err
	}
	if err := writeBlock(w, "columns", c.table()); err != nil {
		return err
	}
	return c.writeEvidence(w)
}

// writeEvidence writes for every resource the evidence of its findings, by their
// numbers. The last block says in which each resource's lies.
func (c *columns) writeEvidence(w io.Writer) error {
	of := make([][]int, len(c.resources))
	for i := range c.findings {
		if c.evidence[i] != nil {
			of[c.findings[i].resource] = append(of[c.findings[i].resource], i)
		}
	}
	s := series{to: w, name: "evidence"}
	var starts []int // the first resource of each block
	for resource, findings := range of {
		if len(findings) == 0 {
			continue
		}
		if s.block == nil {
			starts = append(starts, resource)
		}
		text := []byte{'{'}
		for n, i := range findings {
			if n > 0 {
				text = append(text, ',')
			}
			text = fmt.Appendf(text, "\"%d\":%s", i, c.evidence[i])
		}
		if _, err := s.add(resource, append(text, '}')); err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	c.evidence = nil
	return writeBlock(w, "evidence", orNone(starts))
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
