package scan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Params are what checks are told beside the facts.
type Params struct {
	*Facts
	// Trusted are foreign accounts that may be named in policies.
	Trusted []string
	// Ranges are address ranges that somebody has a name for.
	Ranges []NamedRange
	// values are the settings of each check, from a config file.
	values map[string]map[string]any
	check  string
	asked  func(Parameter) // for tests; may be nil
}

// Days is a check's number of days: what the configuration says, else normal.
func (p *Params) Days(name string, normal int) time.Duration {
	return time.Duration(p.Int(name, normal)) * 24 * time.Hour
}

// Int is a check's number: what the configuration says, else normal.
func (p *Params) Int(name string, normal int) int {
	switch v := p.value(name, TakesNumber, normal).(type) {
	case int:
		return v
	case uint64:
		return int(v)
	case float64:
		return int(v)
	}
	return normal
}

// Strings is a check's list: what the configuration says, else normal.
func (p *Params) Strings(name string, normal ...string) []string {
	list, ok := p.value(name, TakesTexts, normal).([]any)
	if !ok {
		return normal
	}
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// Ints is a check's list of numbers: what the configuration says, else normal.
func (p *Params) Ints(name string, normal ...int) []int {
	list, ok := p.value(name, TakesNumbers, normal).([]any)
	if !ok {
		return normal
	}
	out := []int{}
	for _, v := range list {
		switch v := v.(type) {
		case int:
			out = append(out, v)
		case uint64:
			out = append(out, int(v))
		case float64:
			out = append(out, int(v))
		}
	}
	return out
}

func (p *Params) value(name string, takes ParameterType, normal any) any {
	if p.asked != nil {
		text := strings.ReplaceAll(strings.Trim(fmt.Sprint(normal), "[]"), " ", ", ")
		p.asked(Parameter{p.check, name, takes, text})
	}
	return p.values[p.check][name]
}

// OlderThan says whether t lies more than d before the snapshot: exactly d is not yet
// older.
func (p *Params) OlderThan(t time.Time, d time.Duration) bool { return p.Now.Sub(t) > d }

// Options are what Judge is told beside facts and checks.
type Options struct {
	Scan    string // the scan's id
	Trusted []string
	Ranges  []NamedRange
	Values  map[string]map[string]any // check → parameter → value; [Parameters] are what there is
	asked   func(Parameter)
}

// NamedRange is an address range with a name, as a configuration gives it.
type NamedRange struct {
	Range netip.Prefix
	Name  string
}

// Judge asks every check of every resource and hands out the findings, sorted by
// region, service, check and resource.
func Judge(f *Facts, checks []Check, o Options, emit func(Finding)) {
	checks = slices.Clone(checks)
	slices.SortFunc(checks, func(a, b Check) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.ID, b.ID))
	})
	// What lies in a disabled region is judged where a list of all regions names it, such
	// as a bucket: it is there, and nobody knows how it is.
	regions := slices.Concat([]string{Global}, f.Regions, f.Disabled)
	slices.Sort(regions)
	for _, region := range regions {
		for _, c := range checks {
			p := &Params{Facts: f, Trusted: o.Trusted, Ranges: o.Ranges, values: o.Values, check: c.ID, asked: o.asked}
			c.run(f, p, region, func(r *Resource, v Verdict) {
				if v.Status != "" {
					emit(c.finding(f, o.Scan, r, v))
				}
			})
		}
	}
}
