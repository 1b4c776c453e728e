package picker

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// Hit is a name that matches.
type Hit struct {
	Index int   // in the names
	At    []int // the bytes where the matching characters begin, for highlighting

	class, score int
}

// The classes of hits, the best first.
const (
	whole = iota // the name itself
	prefix
	word      // the beginning of a word in it
	scattered // its characters, in their order
)

// Match returns the names that have the characters of query in their order, in
// either case, blanks left out. The best come first: a name that is the query, one
// that begins with it, one with a word that does, then the others as
// [fuzzy.Find] ranks them; what is equal stays in the order of names. An empty
// query matches all.
func Match(query string, names []string) []Hit {
	query = strings.TrimSpace(query)
	if query == "" {
		hits := make([]Hit, len(names))
		for i := range hits {
			hits[i].Index = i
		}
		return hits
	}
	found := fuzzy.FindNoSort(strings.Join(strings.Fields(query), ""), names)
	hits := make([]Hit, len(found))
	for i, m := range found {
		hits[i] = classify(query, m)
	}
	slices.SortStableFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(x.class, y.class), cmp.Compare(y.score, x.score))
	})
	return hits
}

func classify(query string, m fuzzy.Match) Hit {
	hit := Hit{Index: m.Index, At: m.MatchedIndexes, class: scattered, score: m.Score}
	before := rune(0)
	for i, r := range m.Str {
		if begins(before, r) {
			if n := foldedPrefix(m.Str[i:], query); n > 0 {
				hit.At = span(m.Str, i, i+n)
				switch {
				case i > 0:
					hit.class = word
				case n < len(m.Str):
					hit.class = prefix
				default:
					hit.class = whole
				}
				return hit
			}
		}
		before = r
	}
	return hit
}

// begins says whether r begins a word after before; 0 stands for the beginning.
func begins(before, r rune) bool {
	inWord := unicode.IsLetter(before) || unicode.IsDigit(before)
	return !inWord || unicode.IsLower(before) && unicode.IsUpper(r)
}

// foldedPrefix is the length of what s has in common with all of prefix, in either
// case; 0 when it begins otherwise.
func foldedPrefix(s, prefix string) (n int) {
	for _, p := range prefix {
		r, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || unicode.ToLower(r) != unicode.ToLower(p) {
			return 0
		}
		n += size
	}
	return n
}

// span lists where the characters between two bytes begin.
func span(s string, from, to int) (at []int) {
	for i := range s[from:to] {
		at = append(at, from+i)
	}
	return at
}
