package scan

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
)

// Record is a resource as it was read: every field, also those that no check reads.
type Record struct {
	Resource
	Data   map[string]json.RawMessage
	Absent map[string]bool // fields that AWS says there are none of
}

// Records hands out the resources of a snapshot, sorted by account, region, type and
// ARN. want chooses them, nil takes all; only those are held in memory.
func Records(r io.Reader, want func(account, region, typ, arn string) bool, visit func(*Record) error) error {
	type where struct{ account, region, typ, arn string }
	found := map[where]*Record{}
	err := Lines(r, func(l *Line) error {
		if l.K != "res" || want != nil && !want(l.A, l.R, l.T, l.ID) {
			return nil
		}
		at := where{l.A, l.R, l.T, l.ID}
		if found[at] == nil {
			found[at] = &Record{Resource: Resource{Account: l.A, Region: l.R, Type: l.T, ARN: l.ID}, Data: map[string]json.RawMessage{}, Absent: map[string]bool{}}
		}
		found[at].add(l)
		return nil
	})
	if err != nil {
		return err
	}
	all := make([]*Record, 0, len(found))
	for _, rec := range found {
		all = append(all, rec)
	}
	slices.SortFunc(all, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ARN, b.ARN))
	})
	for _, rec := range all {
		if err := visit(rec); err != nil {
			return err
		}
	}
	return nil
}

// add takes what a line says. Later lines add fields and overwrite them.
func (rec *Record) add(l *Line) {
	rec.Name = cmp.Or(l.N, rec.Name)
	if l.Tags != nil {
		rec.Tags = l.Tags
	}
	if l.At != nil {
		rec.At = *l.At
	}
	for name, raw := range l.D {
		rec.Data[name] = raw
		delete(rec.Absent, name)
	}
	for name, state := range l.St {
		if state == "absent" {
			rec.Absent[name] = true
		}
	}
}
