package collect

import (
	"context"
	"slices"
	"sync"

	"fob/resolve"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// tryRegions asks the regions that were named, or else all that the table has, whether
// they take the account's credentials: a disabled region knows of no account. Those that
// do not answer are given up, and their checks are unknown. The result is nil if none
// answers as it should.
func (r *run) tryRegions(ctx context.Context) map[string]bool {
	table := resolve.Regions(r.account.Partition)
	names := table
	if len(r.Only) > 0 {
		names = slices.DeleteFunc(slices.Clone(r.Only), func(name string) bool { return resolve.Partition(name) != r.account.Partition })
	}
	known := map[string]bool{}
	var silent []string
	good := false
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, region := range names {
		if !r.selected(region) {
			known[region] = true // as far as anybody wants to know
			continue
		}
		all.Go(r.guarded(func() {
			enabled, lost := r.try(ctx, region)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case lost == "":
				known[region] = enabled
				good = good || enabled || len(r.Only) > 0
			case lost != "no-such-host" || slices.Contains(table, region):
				silent = append(silent, region)
			}
		}))
	}
	all.Wait()
	if !good {
		return nil
	}
	for _, region := range silent {
		known[region] = true
		if region != r.account.Region { // through which global services are asked, too
			r.breaker(region).giveUp()
			r.journal.put(&scan.Line{K: "scope", R: region, S: "blocked"})
		}
	}
	return known
}

// try asks a region once. What it says does not matter if it knows who asks; lost is why
// it did not answer.
func (r *run) try(ctx context.Context, region string) (enabled bool, lost string) {
	o := &operation{name: findRegions}
	_, err := r.clients(region).ec2().DescribeRegions(withOperation(ctx, o), &ec2.DescribeRegionsInput{}, func(o *ec2.Options) { o.RetryMaxAttempts = 1 })
	if isUnknownHere(apiCode(err)) {
		return false, ""
	}
	if e, _ := o.classify(ctx, err, "", region); e != nil && isLost(e.Code) {
		return false, e.Code
	}
	return true, ""
}

// isUnknownHere says that AWS knows nothing of the credentials. Where others of the same
// account's regions take them, it is not enabled in this one.
func isUnknownHere(code string) bool {
	switch code {
	case "AuthFailure", "OptInRequired", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClient":
		return true
	}
	return false
}

func isLost(code string) bool {
	return code == "timeout" || code == "no-connection" || code == "no-such-host"
}
