package netx_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"fob/scan/netx"
)

func prefixes(t testing.TB, list string) (out []netip.Prefix) {
	t.Helper()
	for s := range strings.FieldsSeq(list) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestIntersect(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"0.0.0.0/0", "10.0.0.0/8 2001:db8::/32", "10.0.0.0/8"},
		{"0.0.0.0/1", "128.0.0.0/1", ""},
		{"10.0.0.0/8 11.0.0.0/8", "10.1.0.0/16 11.0.0.0/8 12.0.0.0/8", "10.1.0.0/16 11.0.0.0/8"},
		{"::/0", "0.0.0.0/0", ""},
		{"", "0.0.0.0/0", ""},
	} {
		if got := netx.Merge(netx.Intersect(prefixes(t, c.a), prefixes(t, c.b))); !slices.Equal(got, prefixes(t, c.want)) {
			t.Errorf("Intersect(%s, %s) = %v, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestSubtract(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"},
		{"0.0.0.0/0", "0.0.0.0/1 128.0.0.0/1", ""},
		{"10.0.0.0/8", "10.0.0.0/10", "10.64.0.0/10 10.128.0.0/9"},
		{"10.0.0.0/30", "10.0.0.2/32", "10.0.0.0/31 10.0.0.3/32"},
		{"10.0.0.0/8", "::/0", "10.0.0.0/8"},
		{"::/0", "8000::/1", "::/1"},
		{"10.0.0.0/8", "", "10.0.0.0/8"},
	} {
		if got := netx.Merge(netx.Subtract(prefixes(t, c.a), prefixes(t, c.b))); !slices.Equal(got, prefixes(t, c.want)) {
			t.Errorf("Subtract(%s, %s) = %v, want %s", c.a, c.b, got, c.want)
		}
	}
}

// FuzzSet holds the sets against the question asked of single addresses.
func FuzzSet(f *testing.F) {
	f.Add("0.0.0.0/0", "10.0.0.0/8", "10.1.2.3")
	f.Add("::/0", "2000::/3", "2001:db8::1")
	f.Add("10.0.0.0/30", "10.0.0.2/32", "10.0.0.2")
	f.Fuzz(func(t *testing.T, a, b, addr string) {
		x, err1 := netip.ParsePrefix(a)
		y, err2 := netip.ParsePrefix(b)
		at, err3 := netip.ParseAddr(addr)
		if err1 != nil || err2 != nil || err3 != nil || x.Addr().Is4In6() || y.Addr().Is4In6() || at.Zone() != "" {
			return
		}
		in := func(list []netip.Prefix) bool {
			return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(at) })
		}
		if got, want := in(netx.Intersect([]netip.Prefix{x}, []netip.Prefix{y})), x.Contains(at) && y.Contains(at); got != want {
			t.Errorf("%s in the intersection of %s and %s: %v", at, x, y, got)
		}
		if got, want := in(netx.Subtract([]netip.Prefix{x}, []netip.Prefix{y})), x.Contains(at) && !y.Contains(at); got != want {
			t.Errorf("%s in %s without %s: %v", at, x, y, got)
		}
	})
}
