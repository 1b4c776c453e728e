package policy

import "strings"

// canonical writes the wildcards of a pattern that stand side by side in one way: "?"
// before a single "*", as in "a??*" for "a?*?".
func canonical(pattern string) string {
	if !strings.ContainsAny(pattern, "*") {
		return pattern
	}
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		run := i
		for run < len(pattern) && (pattern[run] == '*' || pattern[run] == '?') {
			run++
		}
		if run == i {
			out.WriteByte(pattern[i])
			continue
		}
		wild := pattern[i:run]
		out.WriteString(strings.Repeat("?", strings.Count(wild, "?")))
		if strings.Contains(wild, "*") {
			out.WriteByte('*')
		}
		i = run - 1
	}
	return out.String()
}

// Match says whether an AWS pattern matches a text: * takes any text, ? any one byte.
// Case counts.
func Match(pattern, s string) bool {
	star, mark := -1, 0 // the last star, and where what it takes ends
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// unlike leaves away what two patterns begin with alike, up to the first wildcard of one.
// ok is false where they differ there: no text is matched by both. Most pairs do, and what
// compares patterns as wholes takes a time that grows with the product of their lengths.
func unlike(a, b string) (restA, restB string, ok bool) {
	for a != "" && b != "" && a[0] != '*' && a[0] != '?' && b[0] != '*' && b[0] != '?' {
		if a[0] != b[0] {
			return a, b, false
		}
		a, b = a[1:], b[1:]
	}
	return a, b, true
}

// Overlap says whether some text is matched by both patterns.
func Overlap(a, b string) bool {
	a, b, ok := unlike(a, b)
	switch {
	case !ok:
		return false
	case !strings.ContainsAny(a, "*?"):
		return Match(b, a)
	case !strings.ContainsAny(b, "*?"):
		return Match(a, b)
	}
	// reach[j] is whether a[:i] and b[:j] can match the same text, for the last i.
	reach, next := make([]bool, len(b)+1), make([]bool, len(b)+1)
	for i := 0; i <= len(a); i++ {
		for j := 0; j <= len(b); j++ {
			aStar, bStar := i > 0 && a[i-1] == '*', j > 0 && b[j-1] == '*'
			switch {
			case i == 0 && j == 0:
				next[j] = true
			case aStar && reach[j], bStar && next[j-1]: // the star takes nothing
				next[j] = true
			case i == 0 || j == 0:
				next[j] = false
			default:
				next[j] = aStar && next[j-1] || bStar && reach[j] || // the star takes what the other has
					reach[j-1] && (a[i-1] == b[j-1] || a[i-1] == '?' || b[j-1] == '?')
			}
		}
		reach, next = next, reach
	}
	return reach[len(b)]
}

// Within says whether everything that inner matches is matched by outer. Of patterns
// that mix ? and * it may say no where yes would be right, never the other way round.
//
// A wildcard of inner stands for any text, also for one that outer does not spell out;
// so outer has to take it with a wildcard of its own, as if it were a character that
// no pattern has.
func Within(inner, outer string) bool {
	inner, outer, ok := unlike(inner, outer)
	switch {
	case !ok:
		return false
	case !strings.ContainsAny(inner, "*?"):
		return Match(outer, inner)
	}
	inner, outer = canonical(inner), canonical(outer)
	reach, next := make([]bool, len(inner)+1), make([]bool, len(inner)+1)
	reach[0] = true
	for p := range len(outer) {
		star := outer[p] == '*'
		next[0] = star && reach[0]
		for i := 1; i <= len(inner); i++ {
			c := inner[i-1]
			if star {
				next[i] = reach[i] || next[i-1]
			} else {
				next[i] = reach[i-1] && c != '*' && (outer[p] == '?' || outer[p] == c)
			}
		}
		reach, next = next, reach
	}
	return reach[len(inner)]
}
