// Package netx says which address ranges are everyone.
package netx

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// A merged prefix outside private space that is shorter than these is everyone. AWS
// defines public buckets by the same numbers.
const (
	wide4 = 8
	wide6 = 32
)

// Parse reads ranges as AWS writes them: "10.0.0.0/8", "2001:db8::/32", or a single
// address. Bits beyond the prefix are cleared, and IPv4 written as IPv6 is IPv4. One
// that is no range is an error, since leaving it out could hide that it is everyone.
func Parse(ranges ...string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(ranges))
	for _, s := range ranges {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, second := netip.ParseAddr(s)
			if second != nil || a.Zone() != "" {
				return nil, fmt.Errorf("parse address range %q: %w", s, err)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, plain(p))
	}
	return out, nil
}

// plain clears the bits beyond the prefix, and writes IPv4 as such.
func plain(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// Wide returns the merged prefixes among ranges that reach the whole internet, nil if
// none does. Ranges that touch are taken together, so that 0.0.0.0/1 and 128.0.0.0/1
// are 0.0.0.0/0. Private space counts as nothing.
func Wide(ranges []netip.Prefix) (out []netip.Prefix) {
	for _, p := range Merge(ranges) {
		limit := wide4
		if p.Addr().Is6() {
			limit = wide6
		}
		if p.Bits() < limit && !Private(p) {
			out = append(out, p)
		}
	}
	return out
}

// Private says whether a whole range lies in space that no packet of the internet
// comes from: private, shared, loopback, link-local, multicast and reserved addresses.
func Private(p netip.Prefix) bool {
	p = plain(p)
	for _, s := range [...]string{
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3",
		"fc00::/7", "fe80::/10", "ff00::/8", "::1/128",
	} {
		whole := netip.MustParsePrefix(s)
		if whole.Contains(p.Addr()) && whole.Bits() <= p.Bits() {
			return true
		}
	}
	return false
}

// Merge returns the fewest prefixes that cover the same addresses, sorted, IPv4 first.
// A zero Prefix covers nothing and is left out.
func Merge(ranges []netip.Prefix) []netip.Prefix {
	var list []netip.Prefix
	for _, p := range ranges {
		if p.IsValid() {
			list = append(list, plain(p))
		}
	}
	slices.SortFunc(list, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var out []netip.Prefix
	for _, p := range list {
		if n := len(out); n > 0 && out[n-1].Contains(p.Addr()) {
			continue // sorted by length too: what begins earlier is no shorter
		}
		out = append(out, p)
		for len(out) > 1 {
			whole, ok := join(out[len(out)-2], out[len(out)-1])
			if !ok {
				break
			}
			out = append(out[:len(out)-2], whole)
		}
	}
	return out
}

// join puts the two halves of a prefix together.
func join(a, b netip.Prefix) (netip.Prefix, bool) {
	if a.Bits() != b.Bits() || a.Bits() == 0 {
		return netip.Prefix{}, false
	}
	whole := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
	return whole, whole.Addr() == a.Addr() && whole.Contains(b.Addr())
}
