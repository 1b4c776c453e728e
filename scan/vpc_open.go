package scan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"fob/scan/netx"
)

// opened gathers what a group opens to everyone, and what it may open.
type opened struct {
	what     []fmt.Stringer
	wide     []netip.Prefix
	by       []grant
	unread   []*ReadError
	evidence map[string]bool
}

// take looks for a service among the open ports.
func (o *opened) take(grants []grant, s netService) {
	found := false
	near := slices.DeleteFunc(slices.Clone(grants), func(g grant) bool { return s.to < g.from || s.from > g.to })
	for _, span := range portSpans(near, s.protocol) {
		if span.to < s.from || span.from > s.to {
			continue
		}
		if len(span.wide()) > 0 {
			o.open(span.wide(), span.openers())
			found = true
		}
		o.unread = append(o.unread, span.unread()...)
	}
	if found {
		o.what = append(o.what, s)
	}
}

func (o *opened) open(wide []netip.Prefix, by []grant) {
	o.wide = netx.Merge(append(o.wide, wide...))
	if o.evidence == nil {
		o.evidence = map[string]bool{}
	}
	for _, g := range by {
		if !o.evidence[g.path] {
			o.evidence[g.path] = true
			o.by = append(o.by, g)
		}
	}
}

func (o *opened) verdict(fine string, args ...any) Verdict {
	switch {
	case len(o.what) > 0:
		return o.cite(Fail("%s open to %s", someNames(o.what), someNames(o.wide)))
	case len(o.unread) > 0:
		return Unknown(once(o.unread)...)
	}
	return Pass(fine, args...)
}

// cite adds the rules that open, in the order of the record.
func (o *opened) cite(v Verdict) Verdict {
	slices.SortFunc(o.by, func(a, b grant) int { return cmp.Compare(a.number, b.number) })
	for _, g := range o.by {
		v = v.At(g.path, g.value)
	}
	return v
}

// once names each error once.
func once(errs []*ReadError) (out []*ReadError) {
	for _, e := range errs {
		if !slices.ContainsFunc(out, func(x *ReadError) bool { return x != nil && e != nil && *x == *e }) {
			out = append(out, e)
		}
	}
	return out
}

// allOpen says whether all ports of TCP, or of UDP, are open to everyone, and by which
// rules: those that open all at once if they are enough, else every part. If it hangs
// on prefix lists that were not read, it says which.
func allOpen(grants []grant) (o opened, all bool) {
	for _, of := range []family{4, 6} {
		for _, enough := range []func(grant) bool{
			func(g grant) bool { return g.protocol == "-1" },
			func(g grant) bool { return g.from <= 1 && g.to == lastPort },
			func(grant) bool { return true },
		} {
			var some []grant
			for _, g := range grants {
				if enough(g) {
					some = append(some, g.of(of))
				}
			}
			if openTogether(some, &o) {
				all = true
				break
			}
		}
	}
	return o, all
}

// openTogether adds what opens all ports to o.
func openTogether(grants []grant, o *opened) (all bool) {
	for _, protocol := range []string{"tcp", "udp"} {
		sure := opened{}
		var unread []*ReadError
		at, atMost := 1, 1 // the lowest port not yet known to be open: nothing listens on 0
		for _, s := range portSpans(grants, protocol) {
			open := len(s.wide()) > 0
			if open && s.from <= at {
				at = max(at, s.to+1)
				sure.open(s.wide(), s.openers())
			}
			if (open || len(s.unread()) > 0) && s.from <= atMost {
				atMost = max(atMost, s.to+1)
				unread = append(unread, s.unread()...)
			}
		}
		switch {
		case at > lastPort:
			all = true
			o.open(sure.wide, sure.by)
		case atMost > lastPort:
			o.unread = append(o.unread, unread...)
		}
	}
	return all
}
