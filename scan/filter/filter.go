// Package filter reads the metric filter patterns of CloudWatch Logs and says which
// events they match. Patterns are compared by what they mean: order, spacing, quotes
// and nesting are free.
package filter

import (
	"regexp"
	"strings"

	"fob/scan/policy"
)

// Filter is a pattern for events in JSON. The zero Filter matches nothing.
type Filter struct{ root node }

// Fact is what is known of one field of an event.
type Fact struct {
	Field string // "eventName", "userIdentity.type"
	// Op is Equal, Differ, Exist or Missing.
	Op    Op
	Value string // for Equal and Differ; * stands for any text
}

// Op is how a field compares.
type Op string

// The operators. The last ones compare numbers.
const (
	Equal   Op = "="
	Differ  Op = "!="
	Exist   Op = "EXISTS"
	Missing Op = "NOT EXISTS"
	Null    Op = "IS NULL"
	True    Op = "IS TRUE"
	False   Op = "IS FALSE"
	Less    Op = "<"
	More    Op = ">"
	AtMost  Op = "<="
	AtLeast Op = ">="
)

// Event is a kind of event: all of its facts hold. A filter that asks for anything else
// may miss such an event.
type Event []Fact

// Is makes an event of one field's value, with more facts.
func Is(field, value string, more ...Fact) Event {
	return append(Event{{Field: field, Op: Equal, Value: value}}, more...)
}

// Covers says whether the filter surely matches every event of that kind.
func (f *Filter) Covers(e Event) bool { return f.root != nil && f.root.follows(e) }

// Misses returns the events that the filter does not cover.
func (f *Filter) Misses(events ...Event) (out []Event) {
	for _, e := range events {
		if !f.Covers(e) {
			out = append(out, e)
		}
	}
	return out
}

// node is a part of a pattern: whether it follows from facts.
type node interface{ follows(Event) bool }

type (
	everything struct{}
	and        struct{ left, right node }
	or         struct{ left, right node }
)

func (everything) follows(Event) bool { return true }
func (n and) follows(e Event) bool    { return n.left.follows(e) && n.right.follows(e) }
func (n or) follows(e Event) bool     { return n.left.follows(e) || n.right.follows(e) }

// test is one comparison.
type test struct {
	field   string
	op      Op
	value   string
	pattern *regexp.Regexp // for values such as %Denied%
}

func (t test) follows(e Event) bool {
	for _, f := range e {
		if f.Field == t.field && t.from(f) {
			return true
		}
	}
	return false
}

// from says whether the comparison follows from a fact about its field.
func (t test) from(f Fact) bool {
	switch t.op {
	case Exist:
		return f.Op == Equal || f.Op == Exist
	case Missing:
		return f.Op == Missing
	case Equal:
		return f.Op == Equal && t.takes(f.Value)
	case Differ:
		return f.Op == Equal && t.spares(f.Value) || f.Op == Differ && t.pattern == nil && policy.Within(stars(t.value), stars(f.Value))
	}
	return f.Op == t.op && f.Value == t.value
}

// takes says whether the value takes every text of a pattern.
func (t test) takes(texts string) bool {
	switch plain, ok := t.plain(); {
	case ok:
		return policy.Within(stars(texts), plain)
	case t.pattern != nil:
		return !strings.Contains(texts, "*") && t.pattern.MatchString(texts)
	}
	return policy.Within(stars(texts), stars(t.value))
}

// plain writes an expression of nothing but text as a pattern: %Denied% is *Denied*, and
// what ^ or $ fix has no star there.
func (t test) plain() (pattern string, ok bool) {
	rest, begins := strings.CutPrefix(t.value, "^")
	rest, ends := strings.CutSuffix(rest, "$")
	if t.pattern == nil || rest != regexp.QuoteMeta(rest) {
		return "", false
	}
	if !begins {
		rest = "*" + rest
	}
	if !ends {
		rest += "*"
	}
	return rest, true
}

// spares says whether the value takes no text of a pattern.
func (t test) spares(texts string) bool {
	if t.pattern != nil {
		return !strings.Contains(texts, "*") && !t.pattern.MatchString(texts)
	}
	return !policy.Overlap(stars(texts), stars(t.value))
}

// stars leaves * the only wildcard: here ? stands for itself.
func stars(pattern string) string { return strings.ReplaceAll(pattern, "?", "\x00") }
