package rules

import (
	"strconv"
	"strings"

	"fob/scan"
)

// Evidence shows what is small; a policy is looked up in the record.
const (
	maxEvidence = 8
	maxElements = 8
)

// evidence adds what stands at a path of the record. A path through a list, or to what
// is not there, adds nothing.
func (r *run) evidence(v scan.Verdict, path string) scan.Verdict {
	steps := strings.Split(strings.ReplaceAll(path, "[", ".["), ".")[1:] // without resource
	var at any = r.Raw
	for _, s := range steps {
		var key any = s
		if inner, ok := strings.CutPrefix(s, "["); ok {
			i, err := strconv.Atoi(strings.TrimSuffix(inner, "]"))
			if err != nil {
				return v
			}
			key = i
		}
		next, there, err := r.look(at, key, path)
		if err != nil || !there {
			return v
		}
		at = next
	}
	path = strings.TrimPrefix(path, "resource.")
	for _, e := range v.Evidence {
		if e.Path == path {
			return v
		}
	}
	if len(v.Evidence) == maxEvidence {
		return v
	}
	if !small(at) {
		return v.At(path, nil)
	}
	return v.At(path, at)
}

func small(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return false
	case string:
		return len(v) <= 200
	case []any:
		for _, x := range v {
			if list, ok := x.([]any); ok && len(list) > 0 || !small(x) {
				return false
			}
		}
		return len(v) <= maxElements
	}
	return true
}
