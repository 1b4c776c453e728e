package scan

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Raw is a record as AWS gave it, for custom checks, which may ask for any field.
type Raw struct {
	Resource
	data   map[string]json.RawMessage
	absent map[string]bool
	unread map[string]*ReadError // fields with a call of their own that gave nothing
	kinds  []*Kind               // of its type
	facts  *Facts
}

// Field returns a field of the record. [Absent] is what AWS says there is none of, or
// what it left out of an answer that was read. An error says why it is [Unread]; it is
// never left out.
func (r *Raw) Field(name string) (json.RawMessage, State, *ReadError) {
	if raw, ok := r.data[name]; ok {
		return raw, Read, nil
	}
	if r.absent[name] {
		return nil, Absent, nil
	}
	if err := r.unread[name]; err != nil {
		return nil, Unread, err
	}
	if err := r.partial(); err != nil {
		return nil, Unread, err
	}
	return nil, Absent, nil
}

// LeftOut says whether AWS did not name a field that it was not asked for by a call of
// its own: there may be no such field at all.
func (r *Raw) LeftOut(name string) bool {
	_, state, _ := r.Field(name)
	return state == Absent && !r.absent[name]
}

// TagsRead returns the tags of the resource, or why they are not known: not every list
// gives tags.
func (r *Raw) TagsRead() (map[string]string, *ReadError) {
	if r.Tags != nil {
		return r.Tags, nil
	}
	if err := r.partial(); err != nil {
		return nil, err
	}
	if !slices.Contains(tagged(), r.Type) {
		return nil, &ReadError{Op: r.ListedBy(), Action: r.ListedBy(), Resource: r.ARN, Region: r.Region, Why: Context, Code: "it gives no tags"}
	}
	return map[string]string{}, nil
}

// tagged are the types whose list gives all tags, so that none means that there are none.
func tagged() []string {
	return []string{
		"AWS::AccessAnalyzer::Analyzer",
		"AWS::EC2::FlowLog", "AWS::EC2::Image", "AWS::EC2::Instance", "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkInterface", "AWS::EC2::PrefixList",
		"AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::Snapshot", "AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::EC2::Volume",
		"AWS::IAM::Role", "AWS::IAM::User",
	}
}

// partial says why something that a list gives may be missing: a record may come of
// several lists, and one was not read, or does not have the resource.
func (r *Raw) partial() *ReadError {
	for _, k := range r.kinds {
		if err := r.facts.ListError(k, r.Region); err != nil {
			return err
		}
		for _, op := range k.List {
			if fields := r.filledBy(op); len(fields) > 0 && !slices.ContainsFunc(fields, r.has) {
				return &ReadError{Op: op, Action: op, Resource: r.ARN, Region: r.Region, Why: Context, Code: "it does not have the resource"}
			}
		}
	}
	return nil
}

func (r *Raw) has(field string) bool { return r.data[field] != nil || r.absent[field] }

// filledBy are the fields that an operation fills, whatever the kind.
func (r *Raw) filledBy(op string) (out []string) {
	for _, k := range r.kinds {
		out = append(out, k.FilledBy(op)...)
	}
	return out
}

// ListedBy is the operation that lists the resource, "" where there is none.
func (r *Raw) ListedBy() string {
	for _, k := range r.kinds {
		for _, op := range k.List {
			return op
		}
	}
	return ""
}

// raw makes a record one that is kept.
func (a *account) raw(r *record, kinds []*Kind) *Raw {
	out := &Raw{Resource: r.Resource, data: r.raw, absent: r.absent, unread: map[string]*ReadError{}, kinds: kinds}
	for _, k := range kinds {
		for name := range k.fields {
			if state, err := a.missing(k, r, name); state == Unread && !out.has(name) {
				out.unread[name] = err
			}
		}
	}
	return out
}

func (f *Facts) keep(r *Raw) {
	r.facts = f
	if f.raw == nil {
		f.raw = map[string][]*Raw{}
	}
	f.raw[r.Type] = append(f.raw[r.Type], r)
}

// sortRaw orders what is kept of a type, and notes that it is kept if there is nothing.
func (f *Facts) sortRaw(typ string) {
	if f.raw == nil {
		f.raw = map[string][]*Raw{}
	}
	list := f.raw[typ]
	slices.SortFunc(list, func(a, b *Raw) int { return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.ARN, b.ARN)) })
	f.raw[typ] = list
}

func merge(to, more map[string]json.RawMessage) map[string]json.RawMessage {
	if to == nil {
		to = map[string]json.RawMessage{}
	}
	maps.Copy(to, more)
	return to
}
