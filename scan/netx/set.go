package netx

import "net/netip"

// Intersect returns the prefixes that lie in both a and b.
func Intersect(a, b []netip.Prefix) (out []netip.Prefix) {
	for _, x := range Merge(a) {
		for _, y := range Merge(b) {
			switch {
			case within(x, y):
				out = append(out, x)
			case within(y, x):
				out = append(out, y)
			}
		}
	}
	return out
}

// Subtract returns what of a lies outside b.
func Subtract(a, b []netip.Prefix) []netip.Prefix {
	rest := Merge(a)
	for _, y := range Merge(b) {
		var left []netip.Prefix
		for _, x := range rest {
			left = append(left, cut(x, y)...)
		}
		rest = left
	}
	return rest
}

// cut returns x without y: the halves on the way down from x to y that y is not in.
func cut(x, y netip.Prefix) (out []netip.Prefix) {
	switch {
	case within(x, y):
		return nil
	case !within(y, x):
		return []netip.Prefix{x}
	}
	for x.Bits() < y.Bits() {
		low, high := halves(x)
		if within(y, low) {
			x, out = low, append(out, high)
		} else {
			x, out = high, append(out, low)
		}
	}
	return out
}

// within says whether all of x lies in y.
func within(x, y netip.Prefix) bool { return y.Bits() <= x.Bits() && y.Contains(x.Addr()) }

func halves(p netip.Prefix) (low, high netip.Prefix) {
	bits := p.Bits()
	addr := p.Masked().Addr().AsSlice()
	low = netip.PrefixFrom(p.Masked().Addr(), bits+1)
	addr[bits/8] |= 0x80 >> (bits % 8)
	other, _ := netip.AddrFromSlice(addr)
	return low, netip.PrefixFrom(other, bits+1)
}
