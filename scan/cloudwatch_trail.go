package scan

import (
	"slices"
	"strings"

	"fob/scan/filter"
)

// record says whether a trail with these selectors records every management event of that
// kind. In doubt it does not, but for the sources that a trail may leave out, which count
// only for events that have one of them.
func (s *EventSelectors) record(e filter.Event) bool {
	for _, b := range s.EventSelectors {
		if b.managementEvents() && (b.ReadWriteType == "All" || b.ReadWriteType == "WriteOnly" && valueOf(e, "readOnly") == "false") &&
			!slices.Contains(b.ExcludeManagementEventSources, valueOf(e, "eventSource")) {
			return true
		}
	}
	for _, a := range s.AdvancedEventSelectors {
		management := slices.ContainsFunc(a.FieldSelectors, func(f FieldSelector) bool {
			return f.Field == "eventCategory" && slices.Contains(f.Equals, "Management")
		})
		if management && !slices.ContainsFunc(a.FieldSelectors, func(f FieldSelector) bool { return f.Field != "eventCategory" && !f.takes(e) }) {
			return true
		}
	}
	return false
}

// valueOf is what an event surely has in a field, "" if that is not known.
func valueOf(e filter.Event, field string) string {
	for _, f := range e {
		if f.Field == field && f.Op == filter.Equal && !strings.Contains(f.Value, "*") {
			return f.Value
		}
	}
	return ""
}

// takes says whether a selector surely lets an event through.
func (f *FieldSelector) takes(e filter.Event) bool {
	v := valueOf(e, f.Field)
	if v == "" {
		return f.Field == "eventSource" && f.Equals == nil && f.StartsWith == nil && f.EndsWith == nil
	}
	is := func(other string) bool { return v == other }
	begins := func(prefix string) bool { return strings.HasPrefix(v, prefix) }
	ends := func(suffix string) bool { return strings.HasSuffix(v, suffix) }
	for _, t := range []struct {
		wanted, unwanted []string
		test             func(string) bool
	}{{f.Equals, f.NotEquals, is}, {f.StartsWith, f.NotStartsWith, begins}, {f.EndsWith, f.NotEndsWith, ends}} {
		if t.wanted != nil && !slices.ContainsFunc(t.wanted, t.test) || slices.ContainsFunc(t.unwanted, t.test) {
			return false
		}
	}
	return true
}
