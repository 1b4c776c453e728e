package policy

import (
	"strings"
	"testing"
)

// every returns all texts over an alphabet up to a length.
func every(alphabet string, length int) []string {
	out, last := []string{""}, []string{""}
	for range length {
		var longer []string
		for _, s := range last {
			for _, c := range alphabet {
				longer = append(longer, s+string(c))
			}
		}
		out, last = append(out, longer...), longer
	}
	return out
}

// Patterns of a and wildcards are compared by all the texts that they match. The
// texts have a letter that no pattern has.
func TestPatternsAgainstEnumeration(t *testing.T) {
	texts := every("abz", 6)
	patterns := every("ab*?", 3)
	matched := map[string]map[string]bool{}
	for _, p := range patterns {
		matched[p] = map[string]bool{}
		for _, s := range texts {
			if naive(p, s) {
				matched[p][s] = true
			}
			if Match(p, s) != naive(p, s) {
				t.Fatalf("Match(%q, %q) = %v", p, s, Match(p, s))
			}
		}
		if c := canonical(p); !sameTexts(texts, p, c) {
			t.Fatalf("canonical(%q) = %q", p, c)
		}
	}
	for _, p := range patterns {
		for _, q := range patterns {
			both, inside := false, true
			for s := range matched[p] {
				both = both || matched[q][s]
				inside = inside && matched[q][s]
			}
			if got := Overlap(p, q); got != both {
				t.Errorf("Overlap(%q, %q) = %v", p, q, got)
			}
			got := Within(p, q)
			if got && !inside {
				t.Errorf("Within(%q, %q), and yet it is not", p, q)
			}
			if exact := !strings.Contains(p+q, "?") || !strings.Contains(p+q, "*"); exact && inside && !got {
				t.Errorf("Within(%q, %q) is false, and yet it is", p, q)
			}
			if got && !both {
				t.Errorf("%q lies within %q and does not overlap it", p, q)
			}
		}
	}
}

// naive is matching as it is defined.
func naive(pattern, s string) bool {
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return naive(pattern[1:], s) || s != "" && naive(pattern, s[1:])
	}
	return s != "" && (pattern[0] == '?' || pattern[0] == s[0]) && naive(pattern[1:], s[1:])
}

func sameTexts(texts []string, p, q string) bool {
	for _, s := range texts {
		if naive(p, s) != naive(q, s) {
			return false
		}
	}
	return true
}

func FuzzPatterns(f *testing.F) {
	f.Add("s3:Get*", "s3:*Object", "s3:GetObject")
	f.Add("a*?*b", "??", "ab")
	f.Add("*a*a*a*a*a*a*b", "*a*", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, p, q, s string) {
		if len(p)+len(q)+len(s) > 600 {
			return
		}
		inP, inQ := Match(p, s), Match(q, s)
		if inP && inQ && !Overlap(p, q) {
			t.Errorf("%q and %q both match %q and do not overlap", p, q, s)
		}
		if inP && !inQ && Within(p, q) {
			t.Errorf("%q lies within %q, which does not match %q", p, q, s)
		}
		if Within(p, q) && !Overlap(p, q) {
			t.Errorf("%q lies within %q and does not overlap it", p, q)
		}
		if Overlap(p, q) != Overlap(q, p) || !Within(p, p) || canonical(canonical(p)) != canonical(p) || Match(canonical(p), s) != inP {
			t.Errorf("%q and %q", p, q)
		}
	})
}
