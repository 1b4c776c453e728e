package policy

import (
	"slices"
	"strings"
)

// variables are what policy variables stand for, by name in lower case:
// "${aws:username}". One with "" is left as it is.
type variables map[string]string

// callers are the variables that are known of every caller of an identity's policy: its
// own account. That of the resource may be any.
func callers(account string) variables {
	return variables{"${aws:principalaccount}": account, "${aws:resourceaccount}": "*"}
}

// in puts the values in place of the variables of a text. Their case does not count.
func (v variables) in(s string) string {
	var out strings.Builder
	for {
		start := strings.Index(s, "${")
		if start < 0 {
			break
		}
		length := strings.Index(s[start:], "}") + 1
		if length == 0 {
			break
		}
		name := s[start : start+length]
		if value := v[strings.ToLower(name)]; value != "" {
			name = value
		}
		out.WriteString(s[:start] + name)
		s = s[start+length:]
	}
	if out.Len() == 0 {
		return s
	}
	return out.String() + s
}

// with is the statement with values in place of the variables of its resources.
func (s *Statement) with(v variables) *Statement {
	if !slices.ContainsFunc(s.Resources, func(r string) bool { return strings.Contains(r, "${") }) {
		return s
	}
	named := *s
	named.Resources = make([]string, 0, len(s.Resources))
	for _, r := range s.Resources {
		named.Resources = append(named.Resources, v.in(r))
	}
	return &named
}
