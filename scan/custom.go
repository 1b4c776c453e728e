package scan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Custom makes a check of the raw records of a type: c.Type. fields are the fields of the
// record that it looks at, and tags says whether it looks at tags, so that what is
// needed for them is called, and no more. It fails for a type that there is none of.
//
// The question takes fields by [Raw.Field] and answers UNKNOWN where one that decides is
// unread. The facts have to be loaded with raw records of the type.
func Custom(c Check, fields []string, tags bool, ask func(*Raw, *Params) Verdict) (Check, error) {
	k, err := merged(c.Type, fields, tags)
	if err != nil {
		return Check{}, err
	}
	c.kind, c.custom = k, true
	for _, name := range fields {
		if k.Operations(name) != nil {
			c.Reads = append(c.Reads, name)
		}
	}
	if c.Service == "" {
		c.Service = k.Service
	}
	c.run = func(f *Facts, p *Params, region string, emit func(*Resource, Verdict)) {
		c.emitListError(f, region, emit)
		list, kept := f.raw[c.Type]
		if !kept && slices.Contains([]string{Global, ""}, region) {
			err := &ReadError{Op: c.Type, Why: Internal, Code: "its records were not kept"}
			emit(&Resource{Account: f.Account, Region: region, Type: c.Type, Name: "*"}, Unknown(err).For("list"))
		}
		for _, r := range list {
			if r.Region != region {
				continue
			}
			for _, v := range safely(func(r *Raw, p *Params) []Verdict { return []Verdict{ask(r, p)} }, r, p) {
				emit(&r.Resource, v)
			}
		}
	}
	return c, nil
}

// merged is the kind of a custom check: of the kinds that share a type, those that fill
// the fields. What nobody fills by a call of its own may come of any list.
func merged(typ string, fields []string, tags bool) (*Kind, error) {
	var all []*Kind
	names := map[string]string{} // by their lower case
	for _, k := range Kinds() {
		names[strings.ToLower(k.Type)] = k.Type
		if k.Type == typ {
			all = append(all, k)
		}
	}
	if all == nil {
		unknown := &UnknownNameError{What: "resource type", Name: typ}
		for _, name := range near(typ, slices.Sorted(maps.Keys(names))) {
			unknown.Near = append(unknown.Near, names[name])
		}
		return nil, unknown
	}
	fills := func(k *Kind, name string) bool { return k.Operations(name) != nil }
	plain := tags || len(fields) == 0 || slices.ContainsFunc(fields, func(name string) bool {
		return !slices.ContainsFunc(all, func(k *Kind) bool { return fills(k, name) })
	})
	out := &Kind{Type: typ, Service: all[0].Service, Scope: all[0].Scope, fields: map[string][]string{}, names: map[string]bool{}}
	for _, k := range all {
		if k.Scope != out.Scope {
			return nil, fmt.Errorf("the kinds of %s differ in scope", typ)
		}
		if !plain && !slices.ContainsFunc(fields, func(name string) bool { return fills(k, name) }) {
			continue
		}
		for _, op := range k.List {
			if !slices.Contains(out.List, op) {
				out.List = append(out.List, op)
			}
		}
		for name, ops := range k.fields {
			out.fields[name] = ops
		}
	}
	return out, nil
}

// Setting is a parameter of a custom check, nil where there is none.
func (p *Params) Setting(name string) any { return p.values[p.check][name] }
