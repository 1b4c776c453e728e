package collect

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"fob/resolve"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// knownNames are the regions of all partitions as of tableMade, from the AWS SDK's
// partition data.
const knownNames = `
af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
cn-north-1 cn-northwest-1
us-gov-east-1 us-gov-west-1
eusc-de-east-1
us-iso-east-1 us-iso-west-1
us-isob-east-1 us-isob-west-1
eu-isoe-west-1
us-isof-east-1 us-isof-south-1`

func tableMade() time.Time { return time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC) }

// tableOf are the regions of a partition as of tableMade.
func tableOf(partition string) (out []string) {
	for name := range strings.FieldsSeq(knownNames) {
		if resolve.Partition(name) == partition {
			out = append(out, name)
		}
	}
	return out
}

// tryRegions asks the regions that were named, or else all that the table has, whether
// they take the account's credentials: a disabled region knows of no account. Those that
// do not answer are given up, and their checks are unknown. The result is nil if none
// answers as it should.
func (r *run) tryRegions(ctx context.Context) map[string]bool {
	table := tableOf(r.account.Partition)
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
		all.Go(func() {
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
		})
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
