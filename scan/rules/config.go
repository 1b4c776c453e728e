package rules

import (
	"slices"
	"strings"

	"fob/scan"
)

// config reads a configuration into s.
func (s *Set) config(file string, data []byte) error {
	root, err := parse(file, data)
	if err != nil || root.empty() {
		return err
	}
	if err := isRuleset(root); err != nil {
		return err
	}
	later := map[string]value{} // what needs the catalogue, and so the rules
	keep := func(key string) func(value) error {
		return func(v value) error { later[key] = v; return nil }
	}
	err = root.object("a configuration", map[string]func(value) error{
		"trusted_accounts": func(v value) (err error) { s.trusted, err = parseAccounts(v, "trusted_accounts"); return err },
		"cidrs":            s.parseCIDRs,
		"rules":            func(v value) (err error) { s.rules, err = parseRules(v); return err },
		"params":           keep("params"), "severity": keep("severity"), "enable": keep("enable"), "disable": keep("disable"),
	})
	if err != nil {
		return err
	}
	catalogue := s.Catalogue()
	for _, part := range []struct {
		key  string
		read func(value, []scan.Check) error
	}{
		{"params", s.parseParams},
		{"severity", s.parseSeverities},
		{"enable", func(v value, all []scan.Check) (err error) { s.enable, err = selected(v, "enable", all); return err }},
		{"disable", func(v value, all []scan.Check) (err error) { s.disable, err = selected(v, "disable", all); return err }},
	} {
		if v, ok := later[part.key]; ok {
			if err := part.read(v, catalogue); err != nil {
				return err
			}
		}
	}
	for _, r := range s.rules {
		if err := s.fill(r); err != nil {
			return err
		}
	}
	return nil
}

// selected reads names of checks that are turned on or off.
func selected(v value, what string, catalogue []scan.Check) (out []string, err error) {
	list, err := v.list(what)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		name, err := e.filled(what)
		if err != nil {
			return nil, err
		}
		if _, err := named(e, name, catalogue); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

// exact is the check with that id. A parameter belongs to one check, so that neither a
// glob nor an old id will do.
func exact(p pair, catalogue []scan.Check) (scan.Check, error) {
	if i := slices.IndexFunc(catalogue, func(c scan.Check) bool { return c.ID == p.key }); i >= 0 {
		return catalogue[i], nil
	}
	found, err := named(p.at, p.key, catalogue)
	if err == nil {
		err = p.at.fail("name "+strings.Join(found, " or "), "%q is not the id of one check", p.key)
	}
	return scan.Check{}, err
}

func (s *Set) parseSeverities(v value, catalogue []scan.Check) error {
	pairs, err := v.pairs("severity")
	if err != nil {
		return err
	}
	s.severities = map[string]scan.Severity{}
	for _, p := range pairs {
		c, err := exact(p, catalogue)
		if err != nil {
			return err
		}
		if s.severities[c.ID], err = parseSeverity(p.value); err != nil {
			return err
		}
	}
	return nil
}

func parseSeverity(v value) (scan.Severity, error) {
	name, err := v.filled("severity")
	if err != nil {
		return 0, err
	}
	severity, err := scan.ParseSeverity(name)
	if err != nil {
		return 0, v.fail("it is one of info, low, medium, high, critical", "unknown severity %q", name)
	}
	return severity, nil
}

// parseCIDRs reads address ranges by their names.
func (s *Set) parseCIDRs(v value) error {
	pairs, err := v.pairs("cidrs")
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.value.empty() {
			return p.value.fail("list its address ranges", "%q in cidrs has no value", p.key)
		}
		list, err := p.value.list("the ranges of " + p.key)
		if err != nil {
			return err
		}
		for _, e := range list {
			text, err := e.filled("a range of " + p.key)
			if err != nil {
				return err
			}
			prefix, err := parseRange(text)
			if err != nil {
				return e.fail("write it as 203.0.113.0/24", "%q is no address range", text)
			}
			s.ranges = append(s.ranges, scan.NamedRange{Range: prefix, Name: p.key})
		}
	}
	return nil
}
