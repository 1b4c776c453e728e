package picker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"fob/internal/picker"
)

// found are the names that match, in their order.
func found(query string, names []string) (all []string) {
	for _, hit := range picker.Match(query, names) {
		all = append(all, names[hit.Index])
	}
	return all
}

func TestMatchRanks(t *testing.T) {
	for _, tc := range []struct {
		query string
		names []string
		want  []string
	}{
		{"", []string{"b", "a"}, []string{"b", "a"}},
		{" ", []string{"b", "a"}, []string{"b", "a"}},
		{"prod", []string{"reproduce", "p-r-o-d", "x-prod", "production-of-a-long-name", "prod"},
			[]string{"prod", "production-of-a-long-name", "x-prod", "p-r-o-d", "reproduce"}},
		{"PROD", []string{"x", "eu.Prod"}, []string{"eu.Prod"}},
		{"admin", []string{"badminton", "prod/admin", "prodAdmin"}, []string{"prodAdmin", "prod/admin", "badminton"}},
		{"prod adm", []string{"prod-admin", "admin-prod"}, []string{"prod-admin"}},
		{"my prod", []string{"not my-prod", "my prod"}, []string{"my prod", "not my-prod"}},
		{"zoë", []string{"ZOË", "東京-Zoë", "zoe"}, []string{"ZOË", "東京-Zoë"}},
		{"京", []string{"東京"}, []string{"東京"}},
		{"12", []string{"a-1-2", "team-0012"}, []string{"a-1-2", "team-0012"}},
		{"nothing", []string{"a", "b"}, nil},
		{"a\x00", []string{"a"}, nil},
	} {
		if got := found(tc.query, tc.names); !slices.Equal(got, tc.want) {
			t.Errorf("%q in %q: got %q, want %q", tc.query, tc.names, got, tc.want)
		}
	}
}

// TestMatchKeepsTheOrder: what is equally good stays where it was.
func TestMatchKeepsTheOrder(t *testing.T) {
	names := []string{"dev-c", "dev-a", "dev-b"}
	if got := found("dev", names); !slices.Equal(got, names) {
		t.Errorf("got %q", got)
	}
}

func TestMatchSaysWhere(t *testing.T) {
	for _, tc := range []struct {
		query, name string
		want        []int
	}{
		{"prod", "p-prod", []int{2, 3, 4, 5}},
		{"ë東", "Zoë東", []int{2, 4}},
		{"pd", "prod", []int{0, 3}},
	} {
		if got := picker.Match(tc.query, []string{tc.name}); len(got) != 1 || !slices.Equal(got[0].At, tc.want) {
			t.Errorf("%q in %q: %+v, want %v", tc.query, tc.name, got, tc.want)
		}
	}
}

// FuzzMatch: what matches has the characters in their order, what has them
// matches, and the places are within the name.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{{"prod", "x-prod"}, {"tk", "The Black Knight"}, {"aab", "aaab"}, {"ë", "Zoë"}, {"\xff", "a\xffb"}, {"ſ", "S"}, {"a b", "ab"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, query, name string) {
		hits := picker.Match(query, []string{name, "other"})
		for _, hit := range hits {
			for _, i := range hit.At {
				if i < 0 || i >= len([]string{name, "other"}[hit.Index]) {
					t.Errorf("%q in %q: %+v", query, name, hit)
				}
			}
		}
		if strings.IndexFunc(query+name, func(r rune) bool { return r >= unicode.MaxASCII || r < ' ' }) >= 0 {
			return
		}
		matched := slices.ContainsFunc(hits, func(h picker.Hit) bool { return h.Index == 0 })
		if want := subsequence(strings.ReplaceAll(query, " ", ""), name); matched != want {
			t.Errorf("%q in %q: %v, want %v", query, name, matched, want)
		}
	})
}

func subsequence(query, name string) bool {
	name = strings.ToLower(name)
	for _, r := range strings.ToLower(query) {
		i := strings.IndexRune(name, r)
		if i < 0 {
			return false
		}
		name = name[i+1:]
	}
	return true
}

// TestMatchIsQuick: nobody notices the filter of ten thousand names.
func TestMatchIsQuick(t *testing.T) {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("customer-%04d-production-administrator", i)
	}
	best := time.Hour
	for range 5 { // the machine may be busy
		start := time.Now()
		if got := len(picker.Match("c1prodadm", names)); got == 0 {
			t.Fatal("no match")
		}
		best = min(best, time.Since(start))
	}
	t.Logf("%v", best)
	if best > 200*time.Millisecond { // 6 ms without the race detector
		t.Errorf("took %v", best)
	}
}
