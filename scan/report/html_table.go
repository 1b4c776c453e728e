package report

import (
	"fob/scan"
)

// table is the block of columns as the page reads it. What mostly grows is written as
// the difference to the row before, and what is mostly new as 0.
type table struct {
	Statuses   []scan.Status `json:"statuses,omitempty"`
	Diffs      []string      `json:"diffs,omitempty"`
	Accounts   []string      `json:"accounts"`
	Regions    []string      `json:"regions"`
	Types      []string      `json:"types"`
	Prefixes   []string      `json:"prefixes"`
	Keys       []string      `json:"keys"`
	Values     []string      `json:"values"`
	Messages   []string      `json:"messages,omitempty"`
	Unread     []string      `json:"unread,omitempty"`     // each is JSON, "" for none
	Exceptions []string      `json:"exceptions,omitempty"` // likewise
	Resources  resourceTable `json:"resources"`
	Findings   *findingTable `json:"findings,omitempty"`
}

type resourceTable struct {
	Account []int    `json:"account"`
	Region  []int    `json:"region"`
	Type    []int    `json:"type"`
	Prefix  []int    `json:"prefix"`
	Tail    []string `json:"tail"`
	Name    []any    `json:"name"`   // 0 where it is the tail
	Tags    []int    `json:"tags"`   // key, value, key, value, ... of one resource after the other
	Tagged  []int    `json:"tagged"` // how many tags each resource has
	Seen    []int    `json:"seen"`   // seconds after the resource before
}

type findingTable struct {
	Check     []int `json:"check"`
	Resource  []int `json:"resource"` // difference
	Status    []int `json:"status"`
	Severity  []int `json:"severity"`
	Message   []int `json:"message"` // 0 is the first that was not there yet
	Unread    []int `json:"unread"`
	Exception []int `json:"exception"`
	Diff      []int `json:"diff"`
}

// marks say how much of the columns has been written.
type marks struct{ accounts, regions, types, prefixes, keys, values, resources int }

func (c *columns) marks() marks {
	return marks{len(c.accounts.list), len(c.regions.list), len(c.types.list), len(c.prefixes.list), len(c.keys.list), len(c.values.list), len(c.resources)}
}

// others returns the columns of the resources that came after a mark, without findings.
func (c *columns) others(from marks) *table {
	t := &table{
		Accounts: orNone(c.accounts.list[from.accounts:]), Regions: orNone(c.regions.list[from.regions:]), Types: orNone(c.types.list[from.types:]), Prefixes: orNone(c.prefixes.list[from.prefixes:]),
		Keys: orNone(c.keys.list[from.keys:]), Values: orNone(c.values.list[from.values:]),
	}
	t.Resources.fill(c.resources[from.resources:])
	return t
}

// table returns the columns of all findings and their resources.
func (c *columns) table() *table {
	t := &table{
		Statuses: scan.Statuses(), Diffs: diffs(),
		Accounts: orNone(c.accounts.list), Regions: orNone(c.regions.list), Types: orNone(c.types.list), Prefixes: orNone(c.prefixes.list),
		Keys: orNone(c.keys.list), Values: orNone(c.values.list), Messages: orNone(c.messages.list), Unread: orNone(c.unread.list), Exceptions: orNone(c.exceptions.list),
	}
	t.Resources.fill(c.resources)
	t.Findings = new(findingTable)
	t.Findings.fill(c.findings)
	return t
}

func (t *resourceTable) fill(rows []resourceRow) {
	n := len(rows)
	*t = resourceTable{make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]string, 0, n), make([]any, 0, n), []int{}, make([]int, 0, n), make([]int, 0, n)}
	before := int64(0)
	for i := range rows {
		r := &rows[i]
		t.Account = append(t.Account, r.account)
		t.Region = append(t.Region, r.region)
		t.Type = append(t.Type, r.typ)
		t.Prefix = append(t.Prefix, r.prefix)
		t.Tail = append(t.Tail, r.tail)
		name := any(r.name)
		if r.name == r.tail {
			name = 0
		}
		t.Name = append(t.Name, name)
		t.Tags = append(t.Tags, r.tags...)
		t.Tagged = append(t.Tagged, len(r.tags)/2)
		now := r.observed.Unix()
		t.Seen = append(t.Seen, int(now-before))
		before = now
	}
}

func (t *findingTable) fill(rows []findingRow) {
	n := len(rows)
	*t = findingTable{make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n)}
	resource, messages := 0, 0
	for i := range rows {
		f := &rows[i]
		t.Check = append(t.Check, f.check)
		t.Resource = append(t.Resource, f.resource-resource)
		resource = f.resource
		t.Status = append(t.Status, f.status)
		t.Severity = append(t.Severity, f.severity)
		message := f.message + 1
		if f.message == messages+1 {
			message = 0
			messages++
		}
		t.Message = append(t.Message, message)
		t.Unread = append(t.Unread, f.unread)
		t.Exception = append(t.Exception, f.exception)
		t.Diff = append(t.Diff, f.diff)
	}
}
