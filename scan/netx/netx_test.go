package netx

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestWide(t *testing.T) {
	for _, c := range []struct{ ranges, want string }{
		{"0.0.0.0/0", "0.0.0.0/0"},
		{"::/0", "::/0"},
		{"2000::/3", "2000::/3"},
		{"0.0.0.0/1", "0.0.0.0/1"},
		{"128.0.0.0/1 0.0.0.0/1", "0.0.0.0/0"},
		{"0.0.0.0/2 64.0.0.0/2 128.0.0.0/2 192.0.0.0/2", "0.0.0.0/0"},
		{"10.0.0.0/7", "10.0.0.0/7"},
		{"10.0.0.0/8", ""},
		{"8.0.0.0/8", ""},
		{"8.0.0.0/8 9.0.0.0/8", "8.0.0.0/7"},
		{"203.0.113.0/24", ""},
		{"203.0.113.7", ""},
		{"2001:db8::/32", ""},
		{"2001:db8::/31", "2001:db8::/31"},
		{"fc00::/7", ""},
		{"ff00::/8", ""},
		{"224.0.0.0/4 240.0.0.0/4", ""},
		{"::ffff:0.0.0.0/96", "0.0.0.0/0"},
		{"::ffff:10.1.2.3", ""},
		{"", ""},
	} {
		ranges, err := Parse(strings.Fields(c.ranges)...)
		if err != nil {
			t.Errorf("%s: %v", c.ranges, err)
		}
		if got := strings.Trim(fmt.Sprint(Wide(ranges)), "[]"); got != c.want {
			t.Errorf("Wide(%s) = %s, want %s", c.ranges, got, c.want)
		}
	}
}

// A range that was never set covers nothing, and is surely not everyone.
func TestZeroPrefix(t *testing.T) {
	if got := Wide([]netip.Prefix{{}}); got != nil {
		t.Errorf("Wide of a zero prefix is %v", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "all", "10.0.0.0/33", "10.0.0/8", "fe80::1%eth0", "*", "10.0.0.0/8,"} {
		if got, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v", s, got)
		}
	}
}

// Merged ranges hold the same addresses as before, do not overlap, and no two of them
// could be one.
func TestMergeKeepsAddresses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var ranges []netip.Prefix
		for range random.IntN(12) {
			// Ranges within 10.0.0.0/27, so that every address can be tried.
			a := netip.AddrFrom4([4]byte{10, 0, 0, byte(random.IntN(32))})
			ranges = append(ranges, netip.PrefixFrom(a, 27+random.IntN(6)))
		}
		merged := Merge(ranges)
		for i := range 32 {
			a := netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})
			if holds(ranges, a) != holds(merged, a) {
				t.Fatalf("%v became %v: %s differs", ranges, merged, a)
			}
		}
		for i := 1; i < len(merged); i++ {
			if merged[i-1].Overlaps(merged[i]) {
				t.Fatalf("%v became %v, which overlap", ranges, merged)
			}
			if whole, ok := join(merged[i-1], merged[i]); ok {
				t.Fatalf("%v became %v, which holds %s in two", ranges, merged, whole)
			}
		}
	}
}

func holds(ranges []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Masked().Contains(a) })
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0.0.0.0/0", "::/0", "::ffff:1.2.3.4/100", "::ffff:1.2.3.4/90", "10.1.2.3", "a b", "10.0.0.0/8 11.0.0.0/8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ranges, err := Parse(strings.Fields(s)...)
		if err != nil {
			return
		}
		merged := Merge(ranges)
		for _, p := range ranges {
			if !p.IsValid() || !holds(merged, p.Addr()) {
				t.Errorf("%q: %s is lost in %v", s, p, merged)
			}
		}
		if again := Merge(merged); !slices.Equal(again, merged) {
			t.Errorf("%q: merged again, %v became %v", s, merged, again)
		}
		if len(ranges) > 0 && len(Wide(ranges[:1])) > 0 && len(Wide(ranges)) == 0 {
			t.Errorf("%q: more ranges are less", s)
		}
	})
}
