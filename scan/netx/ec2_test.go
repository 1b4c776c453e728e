package netx

import (
	"net/netip"
	"testing"
	"time"
)

func TestEC2Region(t *testing.T) {
	table := EC2Ranges()
	for addr, want := range map[string]string{
		"54.74.0.27":     "eu-west-1",
		"3.120.0.1":      "eu-central-1",
		"52.94.76.1":     "", // of AWS, and not of EC2
		"10.0.0.1":       "",
		"203.0.113.9":    "",
		"2a05:d018::1":   "eu-west-1",
		"2001:db8::1":    "",
		"3.2.99.0":       "cn-north-1",
		"::ffff:8.8.8.8": "",
	} {
		if got, ok := table.Region(netip.MustParseAddr(addr)); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
	if _, err := time.Parse(time.DateOnly, table.Date); err != nil || len(table.ranges) < 2000 {
		t.Errorf("%d ranges of %q", len(table.ranges), table.Date)
	}
}
