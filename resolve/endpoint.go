package resolve

import (
	"net/netip"
	"net/url"
	"strings"
)

// Service says where a plan's AWS calls go.
type Service struct {
	Region    string // never empty in a finished plan
	FIPS      bool
	DualStack bool
	STS       string // endpoint override, "" for AWS's own
	CABundle  string // path of a PEM file, "" for the system's
}

// Partition is the AWS partition of a region, by the prefix that names it.
func Partition(region string) string {
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-isob-", "aws-iso-b"}, {"us-isof-", "aws-iso-f"},
		{"us-iso-", "aws-iso"}, {"eu-isoe-", "aws-iso-e"}, {"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

// inputs of every STS call.
func (s Service) inputs(w *keyWriter) {
	w.add("partition", Partition(s.Region))
	w.add("sts", s.STS)
}

// checkEndpoint refuses an endpoint that is no URL of https, or of http on loopback:
// a signed request and its session token would travel in clear.
func checkEndpoint(raw string, at Origin) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return &ConfigError{At: at, Fact: "the endpoint is not an https:// URL"}
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return &ConfigError{At: at, Fact: "the endpoint http://" + u.Host + " would carry credentials in clear; plain http is for loopback only", Fix: "use https://"}
	}
	return nil
}

// isLoopback takes literal addresses, and "localhost", which no resolver may send elsewhere (RFC 6761).
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
