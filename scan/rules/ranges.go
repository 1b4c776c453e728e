package rules

import (
	"encoding/json"
	"fmt"
	"net/netip"

	"fob/scan"
	"fob/scan/netx"
)

// parseRanges reads address ranges with names from JSON: {"prefixes": [{"ip_prefix":
// "203.0.113.0/24", "name": "office"}]}, the form of Scout2, or the list of ranges that
// AWS publishes. nameKey is the key of the name; in AWS's list, which has none, region
// and service stand for it.
func parseRanges(file string, data []byte, nameKey string) (out []scan.NamedRange, err error) {
	if nameKey == "" {
		nameKey = "name"
	}
	var list struct {
		Prefixes []map[string]any `json:"prefixes"`
		IPv6     []map[string]any `json:"ipv6_prefixes"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, &Error{File: file, Problem: "this is no file of address ranges: " + err.Error(), Fix: `it looks like {"prefixes": [{"ip_prefix": "203.0.113.0/24", "name": "office"}]}`}
	}
	for i, p := range append(list.Prefixes, list.IPv6...) {
		fail := func(format string, args ...any) error {
			return &Error{File: file, Problem: fmt.Sprintf("prefix %d: ", i+1) + fmt.Sprintf(format, args...)}
		}
		text, _ := p["ip_prefix"].(string)
		if text == "" {
			text, _ = p["ipv6_prefix"].(string)
		}
		prefix, err := parseRange(text)
		if err != nil {
			return nil, fail("%q is no address range", text)
		}
		name, _ := p[nameKey].(string)
		if region, service := p["region"], p["service"]; name == "" && service != nil {
			name = fmt.Sprintf("AWS %v %v", service, region)
		}
		if name == "" {
			return nil, fail("%s has no %q", text, nameKey)
		}
		out = append(out, scan.NamedRange{Range: prefix, Name: name})
	}
	if out == nil {
		return nil, &Error{File: file, Problem: "it has no prefixes"}
	}
	return out, nil
}

func parseRange(s string) (netip.Prefix, error) {
	list, err := netx.Parse(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return list[0], nil
}
