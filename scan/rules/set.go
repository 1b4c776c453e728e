package rules

import (
	"slices"
	"time"

	"fob/scan"
)

// Set is what a run was told beside its facts. The zero Set changes nothing.
type Set struct {
	// Now is when the account was read that findings are about: exceptions end by it, not
	// by the clock. The zero Now is the time of each finding.
	Now time.Time

	enable, disable []string
	trusted         []string
	values          map[string]map[string]any
	severities      map[string]scan.Severity
	ranges          []scan.NamedRange
	rules           []*rule
	exceptions      []*exception
	newest          time.Time // of the findings that were seen, for want of Now
}

// Select adds what the configuration enables and disables to a selection.
func (s *Set) Select(to *scan.Selection) {
	to.Enable = slices.Concat(to.Enable, s.enable)
	to.Disable = slices.Concat(to.Disable, s.disable)
}

// Options adds parameters, trusted accounts and named ranges to what checks are told.
func (s *Set) Options(to *scan.Options) {
	to.Trusted = slices.Concat(to.Trusted, s.trusted)
	to.Ranges = slices.Concat(to.Ranges, s.ranges)
	if to.Values == nil {
		to.Values = map[string]map[string]any{}
	}
	for check, values := range s.values {
		to.Values[check] = values
	}
}

// Checks are the rules of the configuration, as checks.
func (s *Set) Checks() (out []scan.Check) {
	for _, r := range s.rules {
		out = append(out, r.check)
	}
	return out
}

// Catalogue is everything that may be selected: all checks, with the severities that the
// configuration gives them, and its own rules.
func (s *Set) Catalogue() []scan.Check {
	all := slices.Concat(scan.Checks(), s.Checks())
	for i := range all {
		if severity, ok := s.severities[all[i].ID]; ok {
			all[i] = all[i].Rated(severity)
		}
	}
	return all
}

// Records are the types of resources that rules among checks look into: what [scan.Load]
// has to keep raw records of.
func Records(checks []scan.Check) (types []string) {
	for _, c := range checks {
		if c.Custom() {
			types = append(types, c.Kind().Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}
