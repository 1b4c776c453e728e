package scan

import (
	"fmt"
	"slices"
	"strings"
)

// EventSelectors say which events a trail takes: the basic ones, or the advanced ones.
type EventSelectors struct {
	EventSelectors         []EventSelector
	AdvancedEventSelectors []AdvancedEventSelector
}

// EventSelector is a basic one.
type EventSelector struct {
	ReadWriteType                 string // All, ReadOnly, WriteOnly
	IncludeManagementEvents       *bool  // AWS documents true as the default
	ExcludeManagementEventSources []string
	DataResources                 []struct {
		Type   string
		Values []string // ARNs, or their beginnings
	}
}

// AdvancedEventSelector is what takes an event if all its fields do.
type AdvancedEventSelector struct{ FieldSelectors []FieldSelector }

// FieldSelector is a test of one field of an event. All that is given has to hold.
type FieldSelector struct {
	Field                                 string
	Equals, StartsWith, EndsWith          []string
	NotEquals, NotStartsWith, NotEndsWith []string
}

// selection is what one selector takes, whatever its form.
type selection struct {
	path          string
	management    bool // management events; else those on objects of S3
	reads, writes bool
	only          []string // nothing but these, nil for all
	without       []string // all but these
}

// whole says whether nothing is left out beside reads or writes.
func (s *selection) whole() bool { return s.only == nil && s.without == nil }

// selections are what the selectors take of management events and of events on objects
// of S3.
func (e *EventSelectors) selections() (out []selection) {
	for n := range e.EventSelectors {
		out = append(out, e.EventSelectors[n].selections(fmt.Sprintf("Selectors.EventSelectors[%d]", n))...)
	}
	for n := range e.AdvancedEventSelectors {
		if s, ok := e.AdvancedEventSelectors[n].selection(); ok {
			s.path = fmt.Sprintf("Selectors.AdvancedEventSelectors[%d]", n)
			out = append(out, s)
		}
	}
	return out
}

const s3Objects = "AWS::S3::Object"

func (e *EventSelector) managementEvents() bool {
	return e.IncludeManagementEvents == nil || *e.IncludeManagementEvents
}

func (e *EventSelector) selections(path string) (out []selection) {
	s := selection{path: path, reads: e.ReadWriteType != "WriteOnly", writes: e.ReadWriteType != "ReadOnly"}
	if e.managementEvents() {
		s.management, s.without = true, e.ExcludeManagementEventSources
		if len(s.without) == 0 {
			s.without = nil
		}
		out = append(out, s)
	}
	s.management, s.without = false, nil
	for n, r := range e.DataResources {
		if r.Type != s3Objects || len(r.Values) == 0 {
			continue
		}
		s.path, s.only = fmt.Sprintf("%s.DataResources[%d]", path, n), nil
		if !slices.ContainsFunc(r.Values, everyBucket) {
			s.only = r.Values
		}
		out = append(out, s)
	}
	return out
}

// everyBucket says whether the beginning of an ARN is that of every bucket's, in any
// partition.
func everyBucket(prefix string) bool {
	parts := strings.SplitN(prefix, ":", 3)
	return len(parts) == 3 && parts[0] == "arn" && strings.HasPrefix("s3:::", parts[2])
}

func (a *AdvancedEventSelector) selection() (s selection, ok bool) {
	s.reads, s.writes = true, true
	for _, f := range a.FieldSelectors {
		switch f.Field {
		case "eventCategory":
			s.management = slices.Contains(f.Equals, "Management")
			ok = s.management || slices.Contains(f.Equals, "Data")
		case "resources.type":
			if !slices.Contains(f.Equals, s3Objects) {
				return s, false
			}
		case "readOnly":
			s.reads, s.writes = slices.Contains(f.Equals, "true"), slices.Contains(f.Equals, "false")
		default:
			s.without = slices.Concat(s.without, f.NotEquals, f.NotStartsWith, f.NotEndsWith)
			if f.Field != "resources.ARN" || !slices.ContainsFunc(f.StartsWith, everyBucket) {
				s.only = slices.Concat(s.only, f.Equals, f.StartsWith, f.EndsWith)
			}
		}
	}
	return s, ok
}
