package main

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"fob/cli"
	"fob/scan/collect"
)

// Reading are the flags about what is called.
type Reading struct {
	Regions        []string `group:"where" placeholder:"NAME" predictor:"region" help:"These regions alone. Without it: every enabled one."`
	ExcludeRegions []string `group:"where" name:"exclude-regions" placeholder:"NAME" predictor:"region" help:"Not these regions."`
	MaxCalls       int      `group:"where" name:"max-calls" placeholder:"N" help:"Make no more calls than this; what is left is not checked."`
	MaxRate        float64  `group:"where" name:"max-rate" placeholder:"N" help:"No more calls than this per second, service and region."`
	Jobs           int      `group:"where" placeholder:"N" help:"Calls in flight at a time (64)."`
}

// isRegion is the form of a region's name. Whether there is one is for AWS to say.
func isRegion(name string) bool {
	ok, _ := regexp.MatchString(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`, name)
	return ok
}

func (r *Reading) check() error {
	for _, name := range append(r.Regions, r.ExcludeRegions...) {
		if !isRegion(name) {
			return usage("unknown region "+name, "it does not have the form of a region's name", "--regions eu-west-1,us-east-1")
		}
	}
	if r.MaxCalls < 0 || r.MaxRate < 0 || r.Jobs < 0 {
		return usage("a limit is negative", "--max-calls, --max-rate and --jobs are numbers from 1 on", "leave it out for no limit")
	}
	return nil
}

// collector reads accounts for a selection of checks.
func (r *Reading) collector(p *program, plan *collect.Plan, id string) (*collect.Collector, error) {
	endpoint, err := p.endpoint()
	if err != nil {
		return nil, err
	}
	return &collect.Collector{
		Plan: plan, Now: p.sys.Now, Tool: tool(), Scan: id, Endpoint: endpoint,
		Only: r.Regions, Exclude: r.ExcludeRegions, Jobs: r.Jobs, MaxCalls: r.MaxCalls, MaxRate: r.MaxRate,
	}, nil
}

// tool is how snapshots and results name the program.
func tool() string { return "fob-scan " + cli.Version() }

// endpoint is where AWS is, "" for where it always is: the SDKs' own variables.
func (p *program) endpoint() (string, error) {
	raw := strings.TrimSpace(p.sys.Getenv("AWS_ENDPOINT_URL"))
	if raw == "" || strings.EqualFold(p.sys.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true") {
		return "", nil
	}
	u, err := url.Parse(raw)
	local := err == nil && u.Hostname() == "localhost"
	if err == nil && !local {
		address, no := netip.ParseAddr(u.Hostname())
		local = no == nil && address.IsLoopback()
	}
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return "", cli.Failure(cli.ExitConfig, "AWS_ENDPOINT_URL cannot be used", "it is not an https:// address, nor an http:// one of this machine", "unset AWS_ENDPOINT_URL", nil)
	}
	return raw, nil
}
