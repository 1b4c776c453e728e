package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fob/scan"

	"github.com/expr-lang/expr"
	"github.com/goccy/go-yaml/token"
)

// rule is a check that a configuration brings.
type rule struct {
	check  scan.Check
	line   int
	params map[string]any // normal values of its parameters

	when    *expression // nil for always
	failIf  *expression
	message *expression // nil for the title
}

func parseRules(v value) (out []*rule, err error) {
	list, err := v.items("rules")
	if err != nil {
		return nil, err
	}
	taken := map[string]string{} // id → whose
	for _, c := range scan.Checks() {
		taken[c.ID] = "a check of fob"
		for _, ref := range c.Refs {
			if old, ok := strings.CutPrefix(ref, "scoutsuite:"); ok {
				taken[old] = "an old name of " + c.ID
			}
		}
	}
	for _, e := range list {
		r, err := parseRule(e, taken)
		if err != nil {
			return nil, err
		}
		taken[r.check.ID] = fmt.Sprintf("the rule of line %d", r.line)
		out = append(out, r)
	}
	return out, nil
}

func parseRule(v value, taken map[string]string) (*rule, error) {
	r := &rule{line: v.line}
	text := func(to *string, what string) func(value) error {
		return func(v value) (err error) { *to, err = v.filled(what); return err }
	}
	var resource, failIf value
	err := v.object("a rule", map[string]func(value) error{
		"id":       func(v value) error { return r.parseID(v, taken) },
		"title":    text(&r.check.Title, "title"),
		"severity": func(v value) (err error) { r.check.Severity, err = parseSeverity(v); return err },
		"resource": func(v value) (err error) { resource = v; r.check.Type, err = v.filled("resource"); return err },
		"why":      text(&r.check.Why, "why"),
		"fix":      text(&r.check.Fix, "fix"),
		"refs":     func(v value) (err error) { r.check.Refs, err = v.texts("refs"); return err },
		"params":   r.parseParams,
		"when":     func(v value) (err error) { r.when, err = parseExpression(v, "when", expr.AsBool()); return err },
		"fail_if": func(v value) (err error) {
			failIf = v
			r.failIf, err = parseExpression(v, "fail_if", expr.AsBool())
			return err
		},
		"message": func(v value) (err error) { r.message, err = parseExpression(v, "message"); return err },
	})
	if err != nil {
		return nil, err
	}
	for _, need := range []struct {
		key   string
		there bool
	}{{"id", r.check.ID != ""}, {"title", r.check.Title != ""}, {"severity", r.check.Severity != 0}, {"resource", r.check.Type != ""}, {"fail_if", r.failIf != nil}} {
		if !need.there {
			return nil, v.fail("", "the rule has no %s", need.key)
		}
	}
	return r, r.make(resource, failIf)
}

// parseID reads an id: a prefix of one's own, a dash, and more in small letters. Prefixes
// of fob's own checks are kept for checks to come.
func (r *rule) parseID(v value, taken map[string]string) error {
	id, err := v.filled("id")
	if err != nil {
		return err
	}
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`).MatchString(id) {
		return v.fail("write it as acme-instance-owner", "the id %q is not small letters and digits with dashes between", id)
	}
	if whose, ok := taken[id]; ok {
		return v.fail("choose another", "the id %q is %s", id, whose)
	}
	prefix, _, _ := strings.Cut(id, "-")
	if slices.Contains(reserved(), prefix) {
		return v.fail("begin it with a prefix of your own, as acme-"+id, "ids that begin with %s- are fob's", prefix)
	}
	r.check.ID = id
	return nil
}

// reserved are the prefixes of fob's checks.
func reserved() (out []string) {
	for _, c := range scan.Checks() {
		prefix, _, _ := strings.Cut(c.ID, "-")
		out = append(out, prefix)
	}
	for _, k := range scan.Kinds() {
		out = append(out, k.Service)
	}
	return out
}

func (r *rule) parseParams(v value) error {
	pairs, err := v.pairs("params")
	if err != nil {
		return err
	}
	r.params = map[string]any{}
	for _, p := range pairs {
		if r.params[p.key], err = setting(p.value, p.key, takesAny); err != nil {
			return err
		}
	}
	return nil
}

func parseExpression(v value, what string, options ...expr.Option) (*expression, error) {
	source, err := v.filled(what)
	if err != nil {
		return nil, err
	}
	e, err := compile(source, options...)
	if err != nil {
		return nil, v.fail(unended(v, source, err), "%s: %v", what, err)
	}
	return e, nil
}

// unended says what to do where an expression ends too early, "" for any other error.
func unended(v value, source string, err error) string {
	t := v.node.GetToken()
	switch {
	case !strings.Contains(err.Error(), "EOF"):
		return ""
	case t.Type == token.StringType && t.Next != nil && t.Next.Type == token.CommentType:
		return "put it in quotes: a # after a blank begins a comment"
	case strings.Count(source, "(") > strings.Count(source, ")"):
		return "close the bracket"
	}
	return "write it to its end"
}

// make makes the check.
func (r *rule) make(resource, failIf value) error {
	var fields []string
	tags := false
	for _, e := range r.expressions() {
		for _, name := range e.fields {
			fields = sorted(fields, name)
		}
		tags = tags || e.tags
		for _, name := range e.params {
			if _, ok := r.params[name]; !ok {
				return failIf.fail("give it a normal value under params of the rule", "the rule uses params.%s, which it does not have", name)
			}
		}
	}
	r.check.Logic = r.logic()
	check, err := scan.Custom(r.check, fields, tags, r.ask)
	if unknown, ok := errors.AsType[*scan.UnknownNameError](err); ok {
		fix := "types are written as AWS::EC2::Instance"
		if len(unknown.Near) > 0 {
			fix = "did you mean " + unknown.Near[0] + "?"
		}
		return resource.fail(fix, "there is no %s %q", unknown.What, unknown.Name)
	}
	r.check = check
	return err
}

// logic says when the rule fails, as it is written.
func (r *rule) logic() string {
	if r.when == nil {
		return r.failIf.source
	}
	return r.failIf.source + ", where " + r.when.source
}

func (r *rule) expressions() (out []*expression) {
	for _, e := range []*expression{r.when, r.failIf, r.message} {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}
