package rules

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fob/scan/netx"
	"fob/scan/policy"

	"github.com/expr-lang/expr"
)

// functions are what rules can call beside the language's own, and what expressions are
// rewritten to. They have no effect but their result.
func functions() []expr.Option {
	return []expr.Option{
		expr.Function("has", func(p ...any) (any, error) { return has(p[0]) }, new(func(any) bool)),
		expr.Function("policy_public", func(p ...any) (any, error) { return policyPublic(p[0]) }, new(func(any) bool)),
		expr.Function("internet_wide", func(p ...any) (any, error) { return internetWide(p[0]) }, new(func(any) bool)),
		expr.Function("days_since", func(p ...any) (any, error) { return daysSince(p[0].(*run), p[1]) }, new(func(any, any) float64)),
		expr.Function("glob", func(p ...any) (any, error) { return glob(p[0], p[1]) }, new(func(any, any) bool)),
		expr.Function("list", func(p ...any) (any, error) { return list(p[0]), nil }, new(func(any) []any)),
		expr.Function("join", func(p ...any) (any, error) { return join(p...) }, new(func(any) string), new(func(any, string) string)),

		expr.Function(getName, func(p ...any) (any, error) {
			return p[0].(*run).get(p[1], p[2], mode(p[3].(int)), p[4].(string))
		}, new(func(any, any, any, int, string) any)),
		expr.Function(tagsName, func(p ...any) (any, error) { return p[0].(*run).tags() }, new(func(any) map[string]string)),
		expr.Function(chargeName, func(p ...any) (any, error) { return p[1], p[0].(*run).charge(p[1]) }, new(func(any, any) any)),
	}
}

func (r *run) tags() (map[string]string, error) {
	tags, err := r.TagsRead()
	if err != nil {
		return nil, &unknownError{err}
	}
	return tags, nil
}

// has says whether a path leads to something. What was not read has ended the
// evaluation before.
func has(v any) (bool, error) {
	switch v.(type) {
	case nil, missing:
		return false, nil
	}
	return true, nil
}

// policyPublic says whether a policy lets everyone act. No policy does not.
func policyPublic(doc any) (bool, error) {
	if doc == nil {
		return false, nil
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return false, err
	}
	d, err := policy.Parse(raw)
	if err != nil {
		return false, err
	}
	return len(d.Public(policy.Query{})) > 0, nil
}

// internetWide says whether address ranges, taken together, are everyone.
func internetWide(cidrs any) (bool, error) {
	var list []string
	switch c := cidrs.(type) {
	case string:
		list = []string{c}
	case []any:
		for _, x := range c {
			s, ok := x.(string)
			if !ok {
				return false, fmt.Errorf("internet_wide takes texts, not %T", x)
			}
			list = append(list, s)
		}
	default:
		return false, fmt.Errorf("internet_wide takes a list of address ranges, not %T", cidrs)
	}
	ranges, err := netx.Parse(list...)
	if err != nil {
		return false, err
	}
	return len(netx.Wide(ranges)) > 0, nil
}

// daysSince is how many days a time lies before the snapshot.
func daysSince(r *run, t any) (float64, error) {
	at, ok := t.(time.Time)
	if s, text := t.(string); text {
		for _, layout := range []string{time.RFC3339, day} {
			if parsed, err := time.Parse(layout, s); err == nil {
				at, ok = parsed, true
			}
		}
	}
	if !ok {
		return 0, fmt.Errorf("days_since: %.40q is no time", fmt.Sprint(t))
	}
	return r.params.Now.Sub(at).Hours() / 24, nil
}

// glob says whether a text matches a pattern of * and ?, as a whole.
func glob(pattern, s any) (bool, error) {
	p, ok1 := pattern.(string)
	text, ok2 := s.(string)
	if !ok1 || !ok2 {
		return false, fmt.Errorf("glob takes two texts, not %T and %T", pattern, s)
	}
	return policy.Match(p, text), nil
}

// list is a list as it is, nothing as an empty one, and anything else as a list of one:
// policies write one action without brackets.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return []any{}
	case []any:
		return v
	}
	return []any{v}
}

// maxText bounds a text that a rule makes.
const maxText = 64 << 10

// join writes the elements of a list one after the other.
func join(p ...any) (string, error) {
	list, ok := p[0].([]any)
	if !ok {
		return "", fmt.Errorf("join takes a list, not %T", p[0])
	}
	between := ""
	if len(p) > 1 {
		between = p[1].(string)
	}
	var out strings.Builder
	for i, x := range list {
		if i > 0 {
			out.WriteString(between)
		}
		_, _ = fmt.Fprint(&out, x)
		if out.Len() > maxText {
			return "", errSteps
		}
	}
	return out.String(), nil
}
