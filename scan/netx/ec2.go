package netx

import (
	_ "embed" // of the table
	"net/netip"
	"strings"
	"sync"
)

// ec2Ranges is AWS's list of the ranges that EC2 gives addresses from, a line for each
// region, as of the date that stands in it. AWS adds ranges; hardly any goes.
//
//go:embed ec2-ranges.txt
var ec2Ranges string

// EC2 are the ranges that EC2 gives public addresses from, by AWS's own list.
type EC2 struct {
	// Date is the day of the list: "2025-10-31".
	Date   string
	ranges []ec2Range
}

type ec2Range struct {
	netip.Prefix
	region string
}

// EC2Ranges is the list that comes with the program, read when it is first asked for.
var EC2Ranges = sync.OnceValue(readEC2Ranges)

func readEC2Ranges() *EC2 {
	t := &EC2{}
	for line := range strings.Lines(ec2Ranges) {
		line = strings.TrimSpace(line)
		if date, ok := strings.CutPrefix(line, "# createDate "); ok {
			t.Date = date[:min(len(date), len("2006-01-02"))]
		}
		region, ranges, _ := strings.Cut(line, " ")
		for r := range strings.FieldsSeq(ranges) {
			if p, err := netip.ParsePrefix(r); err == nil {
				t.ranges = append(t.ranges, ec2Range{p, strings.ToLower(region)})
			}
		}
	}
	return t
}

// Region returns the region that EC2 gives an address in, "global" where AWS names none.
// ok is false for an address that is not of EC2, or is of a range that is newer than the
// list.
func (t *EC2) Region(a netip.Addr) (region string, ok bool) {
	for _, r := range t.ranges {
		if r.Contains(a) {
			return r.region, true
		}
	}
	return "", false
}
