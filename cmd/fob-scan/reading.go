package main

import (
	"net/http"
	"regexp"

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
func (r *Reading) collector(p *program, plan *collect.Plan, id string) *collect.Collector {
	return &collect.Collector{
		Plan: plan, Now: p.sys.Now, Tool: tool(), Scan: id, Proxy: http.ProxyFromEnvironment,
		Only: r.Regions, Exclude: r.ExcludeRegions, Jobs: r.Jobs, MaxCalls: r.MaxCalls, MaxRate: r.MaxRate,
	}
}

// tool is how snapshots and results name the program.
func tool() string { return "fob-scan " + cli.Version() }
