package collect

import (
	"maps"
	"slices"

	"fob/scan"
)

// Expected is how many calls a plan takes, retries aside.
type Expected struct {
	Empty     int           // by an account without resources
	Resources []PerResource // by each resource on top of that, by type
}

// PerResource are the calls that each resource of a type takes at most: some of them are
// left out where an earlier one made them needless. Lists of many pages take a call more
// for every page.
type PerResource struct {
	Type  string
	Calls int
}

// Expected counts the calls of an account with so many regions that are read.
func (p *Plan) Expected(regions int) Expected {
	e := Expected{Empty: 1} // finding the regions
	each := map[string]int{}
	for _, o := range p.ops {
		times := 1
		switch {
		case o.read != nil && o.of == "AWS::Region":
			times = regions
		case o.read != nil && o.of != "AWS::Account":
			each[o.of]++
			continue
		case o.list != nil && o.scope == scan.Regional:
			times = regions
		}
		e.Empty += times * o.whenEmpty()
	}
	for _, typ := range slices.Sorted(maps.Keys(each)) {
		e.Resources = append(e.Resources, PerResource{typ, each[typ]})
	}
	return e
}
