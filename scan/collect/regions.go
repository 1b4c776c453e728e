package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"fob/resolve"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// findRegions is the call that finds the regions, or the one that stands in for it.
const findRegions = "ec2:DescribeRegions"

// regions are the enabled regions that are to be read. Those that are left out, and
// selected ones that are disabled, are written into the snapshot, so that the report can
// say so. A region that was asked for and does not exist is an error: nothing of it would
// be read, and nothing said.
func (r *run) regions(ctx context.Context) ([]string, error) {
	if r.past.has(findRegions, scan.Global, "") {
		return r.past.regions(), nil // their lines are copied
	}
	r.journal.begin(findRegions, scan.Global, "")
	known, unlisted, err := r.knownRegions(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range r.Only {
		if _, ok := known[name]; !ok {
			return nil, fmt.Errorf("region %q: the account has no region of that name", name)
		}
	}
	var out []string
	for _, region := range slices.Sorted(maps.Keys(known)) {
		state := "excluded"
		switch {
		case !known[region] && !r.selected(region):
			continue // neither there nor asked for
		case !known[region]:
			state = "disabled"
		case r.selected(region):
			state = "read"
			out = append(out, region)
		case r.past.keeps(region):
			state = "read"
		}
		r.journal.put(&scan.Line{K: "scope", R: region, S: state})
	}
	if unlisted != nil && len(r.Only) == 0 { // there may be more of them
		day := resolve.RegionsKnown()
		r.journal.put(&scan.Line{K: "scope", R: scan.Global, S: "guessed", At: &day})
		r.journal.refused(unlisted, scan.Global)
		return out, nil
	}
	r.journal.end(findRegions, scan.Global, "")
	return out, nil
}

// selected says whether a region is to be read if it is enabled.
func (c *Collector) selected(region string) bool {
	return (len(c.Only) == 0 || slices.Contains(c.Only, region)) && !slices.Contains(c.Exclude, region)
}

// knownRegions are the regions of the account's partition, and whether they are enabled.
// EC2 is asked, and where it does not answer the account's own list. Without either the
// regions are tried that this program knows, and unlisted says why.
func (r *run) knownRegions(ctx context.Context) (known map[string]bool, unlisted *scan.ReadError, err error) {
	known, err = r.ec2Regions(ctx)
	if err != nil && ctx.Err() == nil {
		unlisted, _ = (&operation{name: findRegions}).classify(ctx, err, "", "")
		var second error
		if known, second = r.accountRegions(ctx); second == nil {
			unlisted, err = nil, nil
		} else {
			err = fmt.Errorf("%w; and %w", err, second)
		}
	}
	if unlisted != nil && ctx.Err() == nil {
		if known = r.tryRegions(ctx); len(known) > 0 {
			err = nil
		}
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("list regions: %w", err)
	}
	for region := range known {
		if resolve.Partition(region) != r.account.Partition {
			delete(known, region)
		}
	}
	if len(known) == 0 {
		return nil, nil, fmt.Errorf("list regions: none is of the partition %s", r.account.Partition)
	}
	return known, unlisted, nil
}

func (r *run) ec2Regions(ctx context.Context) (map[string]bool, error) {
	out, err := r.clients(scan.Global).ec2().DescribeRegions(withOperation(ctx, &operation{name: findRegions}), &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, region := range out.Regions {
		known[aws.ToString(region.RegionName)] = aws.ToString(region.OptInStatus) != "not-opted-in"
	}
	return known, nil
}

func (r *run) accountRegions(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	ctx = withOperation(ctx, &operation{name: "account:ListRegions"})
	err := eachPage(ctx, r.clients(scan.Global).account().ListRegions, &account.ListRegionsInput{MaxResults: aws.Int32(50)},
		func(in *account.ListRegionsInput, out *account.ListRegionsOutput) (*string, error) {
			for _, region := range out.Regions {
				switch region.RegionOptStatus {
				case accounttypes.RegionOptStatusEnabled, accounttypes.RegionOptStatusEnabledByDefault, accounttypes.RegionOptStatusDisabling:
					known[aws.ToString(region.RegionName)] = true
				default:
					known[aws.ToString(region.RegionName)] = false
				}
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	return known, err
}
