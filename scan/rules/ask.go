package rules

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"fob/scan"
)

// ask is the question of the check.
func (r *rule) ask(raw *scan.Raw, p *scan.Params) scan.Verdict {
	at := &run{Raw: raw, params: p}
	params := maps.Clone(r.params)
	for name := range params {
		if v := p.Setting(name); v != nil {
			params[name] = v
		}
	}
	if r.when != nil {
		yes, err := r.when.holds(at, params)
		if err != nil {
			return r.unknown(at, err)
		}
		if !yes {
			return scan.NotApplicable("it is only for resources with %s", short(r.when.source))
		}
	}
	yes, err := r.failIf.holds(at, params)
	switch {
	case err != nil:
		return r.unknown(at, err)
	case !yes:
		return scan.Pass("not so: %s", short(r.failIf.source))
	}
	v := scan.Fail("%s", r.says(at, params))
	for _, path := range append(paths(r.when), paths(r.failIf)...) {
		v = at.evidence(v, path)
	}
	return v
}

func paths(e *expression) []string {
	if e == nil {
		return nil
	}
	return e.paths
}

// unknown is the verdict where an expression gave none: what decides is not known, or the
// rule itself is at fault for this resource.
func (r *rule) unknown(at *run, err error) scan.Verdict {
	if e, ok := errors.AsType[*unknownError](err); ok {
		return scan.Unknown(e.ReadError)
	}
	return scan.Unknown(&scan.ReadError{Op: "rule " + r.check.ID, Resource: at.ARN, Region: at.Region, Why: scan.Failed, Code: reason(err)})
}

// reason is why an expression gave nothing, in a line.
func reason(err error) string {
	if e, ok := errors.AsType[*unknownError](err); ok {
		return e.Error()
	}
	return short(plain(err).Error())
}

// says is the message of a failure. What it cannot say for want of data is no reason to
// pass over the failure.
func (r *rule) says(at *run, params map[string]any) string {
	if r.message == nil {
		return r.check.Title
	}
	v, err := r.message.eval(at, params)
	if err != nil {
		return r.check.Title + " (no message: " + reason(err) + ")"
	}
	return short(fmt.Sprint(v))
}

// short cuts a text that is long for a line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if cut := []rune(s); len(cut) > 300 {
		return string(cut[:300]) + "…"
	}
	return s
}
