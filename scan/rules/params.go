package rules

import (
	"maps"
	"strconv"

	"fob/scan"
)

func (s *Set) parseParams(v value, catalogue []scan.Check) error {
	pairs, err := v.pairs("params")
	if err != nil {
		return err
	}
	s.values = map[string]map[string]any{}
	for _, p := range pairs {
		c, err := exact(p, catalogue)
		if err != nil {
			return err
		}
		known := s.parameters(c.ID)
		settings, err := p.value.pairs("the parameters of " + c.ID)
		if err != nil {
			return err
		}
		s.values[c.ID] = map[string]any{}
		for _, x := range settings {
			takes, ok := known[x.key]
			switch {
			case !ok && len(known) == 0:
				return x.at.fail("", "%s has no parameters", c.ID)
			case !ok:
				return x.at.fail(oneOf(x.key, known), "%s has no parameter %q", c.ID, x.key)
			}
			if s.values[c.ID][x.key], err = setting(x.value, x.key, takes); err != nil {
				return err
			}
		}
	}
	return nil
}

// parameters are what a check can be told.
func (s *Set) parameters(check string) map[string]scan.ParameterType {
	out := map[string]scan.ParameterType{}
	for _, p := range scan.Parameters() {
		if p.Check == check {
			out[p.Name] = p.Takes
		}
	}
	for _, r := range s.rules {
		if r.check.ID == check {
			for name := range r.params {
				out[name] = takesAny
			}
		}
	}
	return out
}

// takesAny is what a rule's own parameter takes.
const takesAny scan.ParameterType = "a value"

func setting(v value, name string, takes scan.ParameterType) (any, error) {
	whole := func(v value) (any, error) {
		s, err := v.filled(name)
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return nil, v.fail("", "%s takes %s, not %q", name, takes, s)
		}
		return n, nil
	}
	if v.empty() {
		return nil, v.fail("give it a value, or take it away", "%q has no value", name)
	}
	switch takes {
	case scan.TakesNumber:
		return whole(v)
	case scan.TakesNumbers, scan.TakesTexts:
		list, err := v.list(name)
		out := []any{}
		for _, e := range list {
			var x any
			if takes == scan.TakesNumbers {
				x, err = whole(e)
			} else {
				x, err = e.filled(name)
			}
			if err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return out, err
	}
	return v.any(name)
}

// fill gives a rule its parameters, what the configuration says first.
func (s *Set) fill(r *rule) error {
	if len(r.params) == 0 {
		return nil
	}
	values := maps.Clone(r.params)
	maps.Copy(values, s.values[r.check.ID])
	if s.values == nil {
		s.values = map[string]map[string]any{}
	}
	s.values[r.check.ID] = values
	return nil
}
