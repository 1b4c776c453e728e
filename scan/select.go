package scan

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Selection says which checks are asked. The zero Selection is every check that is not
// off by default.
type Selection struct {
	// Checks are ids, globs of ids, or ids of ScoutSuite, for each of which the checks
	// that took it over are selected.
	Checks []string
	// Frameworks select the checks that one names, those off by default, too: one of
	// [Frameworks].
	Frameworks []string
	// Services and Skip select by service, as services name them or their aliases.
	Services, Skip []string
	// Severity leaves out the checks all of whose failures are milder; zero leaves out
	// none.
	Severity Severity
	// Enable and Disable are ids or globs from a configuration file.
	Enable, Disable []string
}

// Frameworks are the names that select by framework, but for "all".
func Frameworks() []string {
	return []string{"cis-1.2", "cis-3.0", "cis-5.0", "cis-7.0", "fsbp", "scoutsuite"}
}

// UnknownNameError is a name of a check, framework or service that there is none of.
type UnknownNameError struct {
	What, Name string
	Near       []string // names that look like it, the nearest first
}

// Error implements error.
func (e *UnknownNameError) Error() string { return fmt.Sprintf("unknown %s %q", e.What, e.Name) }

// ServiceName is the name of a service for one of its aliases.
func ServiceName(name string) string {
	switch name {
	case "vpc":
		return "ec2"
	case "awslambda":
		return "lambda"
	case "es":
		return "opensearch"
	case "logs":
		return "cloudwatch"
	}
	return name
}

// Services are the services that checks are about, sorted.
func Services(all []Check) (names []string) {
	for _, c := range all {
		names = append(names, c.Service)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Of selects from all, in their order. It fails with an [UnknownNameError] for a name
// that matches nothing: a typo must not turn a check off.
func (s Selection) Of(all []Check) ([]Check, error) {
	if err := s.known(all); err != nil {
		return nil, err
	}
	var out []Check
	for _, c := range all {
		if s.takes(&c) {
			out = append(out, c)
		}
	}
	return out, nil
}

func (s Selection) takes(c *Check) bool {
	is := func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return ServiceName(n) == c.Service })
	}
	named := func(list []string) bool {
		return slices.ContainsFunc(list, func(n string) bool { return c.named(n) })
	}
	switch {
	case len(s.Services) > 0 && !is(s.Services), is(s.Skip), max(c.Severity, c.Worst) < s.Severity:
		return false
	case len(s.Checks) > 0:
		return named(s.Checks)
	case named(s.Disable):
		return false
	case len(s.Frameworks) > 0:
		return slices.ContainsFunc(s.Frameworks, c.inFramework)
	}
	return !c.Off || named(s.Enable)
}

// named says whether a check has that id, matches that glob, or took over that old id.
func (c *Check) named(name string) bool {
	match, _ := path.Match(name, c.ID)
	return match || slices.Contains(c.Refs, "scoutsuite:"+name)
}

func (c *Check) inFramework(name string) bool {
	return name == "all" || slices.ContainsFunc(c.Refs, func(ref string) bool { return strings.HasPrefix(ref, name+":") })
}

// known says which name matches nothing.
func (s Selection) known(all []Check) error {
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	for _, list := range [][]string{s.Checks, s.Enable, s.Disable} {
		for _, name := range list {
			if !slices.ContainsFunc(all, func(c Check) bool { return c.named(name) }) {
				return &UnknownNameError{"check", name, near(name, ids)}
			}
		}
	}
	for _, name := range s.Frameworks {
		if name != "all" && !slices.Contains(Frameworks(), name) {
			return &UnknownNameError{"framework", name, append(near(name, Frameworks()), "all")}
		}
	}
	services := Services(all)
	for _, name := range slices.Concat(s.Services, s.Skip) {
		if !slices.Contains(services, ServiceName(name)) {
			return &UnknownNameError{"service", name, near(name, services)}
		}
	}
	return nil
}

// near are the names that share the most pairs of letters with one: three, and those that
// are as near as the third.
func near(name string, names []string) []string {
	pairs := func(s string) map[string]bool {
		out := map[string]bool{}
		for i := range len(s) - 1 {
			out[s[i:i+2]] = true
		}
		return out
	}
	mine := pairs(strings.ToLower(name))
	score := func(other string) (n float64) {
		theirs := pairs(other)
		for p := range theirs {
			if mine[p] {
				n++
			}
		}
		return 2 * n / float64(max(1, len(mine)+len(theirs)))
	}
	var out []string
	for _, n := range names {
		if score(n) > 0.4 {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int {
		switch x, y := score(a), score(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	most := min(3, len(out))
	for most > 0 && most < len(out) && score(out[most]) == score(out[most-1]) {
		most++
	}
	return out[:most]
}
