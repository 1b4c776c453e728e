package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Line is one line of a snapshot. The journal is append-only; readers ignore keys and
// kinds of lines that they do not know.
type Line struct {
	K string `json:"k"` // head, unit, res, err, scope, end

	// Where: account, region (Global where there is none), and the time.
	A  string     `json:"a,omitempty"`
	R  string     `json:"r,omitempty"`
	At *time.Time `json:"at,omitempty"`

	// head
	V         int      `json:"v,omitempty"`
	Tool      string   `json:"tool,omitempty"`
	Scan      string   `json:"scan,omitempty"`
	Accounts  []string `json:"accounts,omitempty"`
	Plan      string   `json:"plan,omitempty"`
	Redacted  bool     `json:"redacted,omitempty"`
	Partition string   `json:"partition,omitempty"`
	Regions   []string `json:"regions,omitempty"`

	// unit, err and res: the operation. Of is the ARN that it was asked about, "" for a
	// list; in a res line the region whose list named what lies in another one.
	Op string `json:"op,omitempty"`
	Of string `json:"of,omitempty"`
	// unit: begin or end; scope: read, disabled, excluded, blocked, guessed; end: stopped
	S string `json:"s,omitempty"`

	// res. Later lines of the same resource add fields and overwrite them.
	T    string                     `json:"t,omitempty"`
	ID   string                     `json:"id,omitempty"`
	N    string                     `json:"n,omitempty"`
	Tags map[string]string          `json:"tags,omitempty"`
	D    map[string]json.RawMessage `json:"d,omitempty"`
	St   map[string]string          `json:"st,omitempty"` // field → absent

	// err
	Action string `json:"action,omitempty"`
	Why    Why    `json:"why,omitempty"`
	By     string `json:"by,omitempty"`
	Code   string `json:"code,omitempty"`
	Req    string `json:"req,omitempty"`

	// end
	Complete  *bool `json:"complete,omitempty"`
	Calls     int   `json:"calls,omitempty"`
	Resources int   `json:"resources,omitempty"`
	Errors    int   `json:"errors,omitempty"`
}

// Set puts a field into a resource's record.
func (l *Line) Set(name string, value json.RawMessage) {
	if l.D == nil {
		l.D = map[string]json.RawMessage{}
	}
	l.D[name] = value
}

// SetAbsent says of a field that AWS answered that there is none.
func (l *Line) SetAbsent(name string) {
	if l.St == nil {
		l.St = map[string]string{}
	}
	l.St[name] = "absent"
}

// SnapshotVersion is the version that is written, and the newest that is read.
const SnapshotVersion = 1

// Lines reads the lines of a snapshot, compressed or not. A torn last line, as a kill
// leaves it, is left out; a broken line elsewhere is an error that names it.
func Lines(r io.Reader, visit func(*Line) error) error {
	lines, err := TextLines(r)
	if err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	var broken error
	for n := 1; lines.Scan(); n++ {
		if broken != nil {
			return broken
		}
		var l Line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			broken = fmt.Errorf("read snapshot: line %d: %w", n, err)
			continue
		}
		if l.K == "head" && l.V > SnapshotVersion {
			return fmt.Errorf("read snapshot: it is of version %d, this program reads version %d", l.V, SnapshotVersion)
		}
		if err := visit(&l); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read snapshot: %w", err)
	}
	return nil
}

// Load reads the facts of every account in a snapshot. A field that no kind has a
// place for is left out, but for the types named by raw: their records are kept as they
// are, too, for custom checks, which ask about those types.
func Load(r io.Reader, kinds []*Kind, raw ...string) ([]*Facts, error) {
	b := builder{kinds: map[string][]*Kind{}, accounts: map[string]*account{}, raw: raw}
	for _, k := range kinds {
		b.kinds[k.Type] = append(b.kinds[k.Type], k)
	}
	if err := Lines(r, b.line); err != nil {
		return nil, err
	}
	var out []*Facts
	for _, id := range slices.Sorted(maps.Keys(b.accounts)) {
		f, err := b.facts(b.accounts[id])
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// builder gathers lines until everything about a resource is there.
type builder struct {
	kinds    map[string][]*Kind // by type
	accounts map[string]*account
	raw      []string // types of which records are kept
	head     Line
}

type account struct {
	id      string
	names   map[string]string          // regions and types, which come again and again
	scopes  map[string]map[string]bool // read, excluded, ... → regions
	records map[key]*record
	ends    map[call]bool
	errs    map[unit]*ReadError
	end     *Line
	until   time.Time
	guessed time.Time
}

type key struct{ region, typ, id string }

type unit struct{ op, region, of string }

// record is a resource before it has its Go form.
type record struct {
	Resource
	data   map[string]json.RawMessage
	absent map[string]bool
	raw    map[string]json.RawMessage // every field; nil unless the record is kept
}

func (b *builder) line(l *Line) error {
	switch l.K {
	case "head":
		b.head = *l
	case "unit":
		b.account(l.A).unit(l)
	case "res":
		b.account(l.A).resource(l, b.kinds[l.T], slices.Contains(b.raw, l.T))
	case "err":
		b.account(l.A).errs[unit{l.Op, l.R, l.Of}] = &ReadError{
			Op: l.Op, Action: l.Action, Resource: l.Of, Region: l.R, Why: l.Why, By: l.By, Code: l.Code, Request: l.Req,
		}
	case "scope":
		if l.R == Global {
			if l.S == "guessed" && l.At != nil {
				b.account(l.A).guessed = *l.At
			}
			break
		}
		scopes := b.account(l.A).scopes
		if scopes[l.S] == nil {
			scopes[l.S] = map[string]bool{}
		}
		scopes[l.S][l.R] = true
	case "end":
		b.account(l.A).end = l
	}
	return nil
}

func (b *builder) account(id string) *account {
	if b.accounts[id] == nil {
		b.accounts[id] = &account{id: id, names: map[string]string{}, scopes: map[string]map[string]bool{}, records: map[key]*record{}, ends: map[call]bool{}, errs: map[unit]*ReadError{}}
	}
	return b.accounts[id]
}

// unit takes the begin or the end of a call's work. What began and has no end was cut
// off, unless a later line says how it went: a resumed scan gets what an earlier try did
// not.
func (a *account) unit(l *Line) {
	u := unit{l.Op, l.R, l.Of}
	switch l.S {
	case "begin":
		a.errs[u] = &ReadError{Op: l.Op, Action: l.Op, Resource: l.Of, Region: l.R, Why: Cancelled}
	case "end":
		delete(a.errs, u)
		if l.Of == "" {
			a.ends[call{l.Op, l.R}] = true
		}
	}
}

func (a *account) resource(l *Line, kinds []*Kind, raw bool) {
	at := key{a.name(l.R), a.name(l.T), l.ID}
	r := a.records[at]
	if r == nil {
		r = &record{Resource: Resource{Account: a.id, Region: at.region, Type: at.typ, ARN: l.ID}, data: map[string]json.RawMessage{}}
		a.records[at] = r
	}
	if l.N != "" {
		r.Name = l.N
	}
	if l.Tags != nil {
		r.Tags = l.Tags
	}
	if l.At != nil {
		r.At = *l.At
		if a.until.Before(r.At) {
			a.until = r.At
		}
	}
	for name, value := range l.D {
		if slices.ContainsFunc(kinds, func(k *Kind) bool { return k.Has(name) }) {
			r.data[name] = value
			delete(r.absent, name)
		}
	}
	if raw {
		r.raw = merge(r.raw, l.D)
	}
	for name, state := range l.St {
		if state == "absent" {
			if r.absent == nil {
				r.absent = map[string]bool{}
			}
			r.absent[name] = true
		}
	}
}

// name returns the one copy of a name.
func (a *account) name(s string) string {
	if a.names[s] == "" {
		a.names[s] = s
	}
	return a.names[s]
}

// facts gives every record its Go form, and lets go of what it was made from: both at
// once would be the most that is ever held.
func (b *builder) facts(a *account) (*Facts, error) {
	f := &Facts{
		Account: a.id, Partition: b.head.Partition,
		Regions:   slices.Sorted(maps.Keys(a.scopes["read"])),
		Analyzers: map[string]string{},
		Excluded:  slices.Sorted(maps.Keys(a.scopes["excluded"])),
		Disabled:  slices.Sorted(maps.Keys(a.scopes["disabled"])),
		Blocked:   slices.Sorted(maps.Keys(a.scopes["blocked"])),
		Scan:      b.head.Scan, Tool: b.head.Tool, Redacted: b.head.Redacted,
		Until:   a.until,
		Guessed: a.guessed,
		lists:   map[call]listState{},
	}
	if b.head.At != nil {
		f.Now = *b.head.At
	}
	if end := a.end; end != nil {
		f.Ended, f.Complete = true, end.Complete != nil && *end.Complete
		f.Calls, f.Resources = end.Calls, end.Resources
	}
	for c := range a.ends {
		f.lists[c] = listState{done: true}
	}
	for u, err := range a.errs {
		if u.of == "" {
			f.lists[call{u.op, u.region}] = listState{err: err}
		}
	}
	a.resource(&Line{T: accounts.Type, R: Global, ID: a.id, N: a.id}, nil, false)
	for _, region := range f.Regions {
		a.resource(&Line{T: regions.Type, R: region, ID: region, N: region}, nil, false)
	}
	all := found{}
	for at, r := range a.records {
		delete(a.records, at)
		f.countKept(r.At)
		for _, k := range b.kinds[at.typ] {
			data, err := json.Marshal(r.data)
			if err != nil {
				return nil, err
			}
			decoded, err := k.decode(r.Resource, data, func(field string) (State, *ReadError) { return a.missing(k, r, field) })
			if err != nil {
				return nil, err
			}
			all.add(decoded)
		}
		if slices.Contains(b.raw, at.typ) {
			f.keep(a.raw(r, b.kinds[at.typ]))
		}
	}
	for _, typ := range b.raw {
		f.sortRaw(typ)
	}
	f.take(all)
	return f, nil
}

// countKept counts a resource if it was last read before the snapshot was taken.
func (f *Facts) countKept(at time.Time) {
	if at.IsZero() || !at.Before(f.Now) {
		return
	}
	f.Kept++
	if f.KeptFrom.IsZero() || at.Before(f.KeptFrom) {
		f.KeptFrom = at
	}
}

// missing says why a field is not in the record: AWS said that there is none, a call
// failed, or nobody asked.
func (a *account) missing(k *Kind, r *record, field string) (State, *ReadError) {
	if r.absent[field] {
		return Absent, nil
	}
	for _, op := range k.Operations(field) {
		for _, u := range []unit{{op, r.Region, r.ARN}, {op, Global, r.ARN}, {op, r.Region, ""}, {op, Global, ""}} {
			if err := a.errs[u]; err != nil {
				return Unread, err
			}
		}
	}
	op := ""
	if ops := k.Operations(field); len(ops) > 0 {
		op = ops[0]
	}
	why := NotPlanned
	if a.scopes["disabled"][r.Region] {
		why = Disabled
	}
	return Unread, &ReadError{Op: op, Action: op, Resource: r.ARN, Region: r.Region, Why: why}
}
