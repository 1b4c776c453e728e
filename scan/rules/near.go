package rules

import (
	"maps"
	"slices"
	"strings"

	"fob/scan"
)

// oneOf says which name was meant, or which names there are.
func oneOf[V any](name string, known map[string]V) string {
	names := slices.Sorted(maps.Keys(known))
	if near := scan.Near(name, names); len(near) > 0 {
		return "did you mean " + near[0] + "?"
	}
	return "known are " + strings.Join(names, ", ")
}

// meant says which name was meant, and else where they are listed.
func meant(name string, names []string, listed string) string {
	if near := scan.Near(name, names); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "?"
	}
	return listed
}
