package scan

import (
	"fmt"
	"net/netip"
	"strings"

	"fob/scan/netx"
)

// family is 4 or 6.
type family int

func (f family) String() string { return fmt.Sprintf("IPv%d", int(f)) }

func familyOf(p netip.Prefix) family {
	if p.Addr().Is4() {
		return 4
	}
	return 6
}

// answer is yes, no, or not known.
type answer struct {
	yes      bool
	unread   []*ReadError // what would decide; then yes means nothing
	evidence []Evidence
}

func (a *answer) known() bool { return len(a.unread) == 0 }

// notSeen is for what the list of this account does not hold.
func notSeen(f *Facts, k *Kind, region, what string) []*ReadError {
	if err := f.ListError(k, region); err != nil {
		return []*ReadError{err}
	}
	return []*ReadError{{Op: k.List[0], Action: k.List[0], Region: region, Why: Context, Code: what + " is not visible to this account"}}
}

// routeTable is the table that routes a subnet: its own, or the VPC's main one. nil
// comes with the reason.
func routeTable(f *Facts, region, vpc, subnet string) (*RouteTable, []*ReadError) {
	var usual *RouteTable
	for _, t := range All[RouteTable](f, region) {
		for _, a := range t.Associations {
			switch {
			case a.SubnetId != "" && a.SubnetId == subnet:
				return t, nil
			case a.Main && t.VpcId == vpc:
				usual = t
			}
		}
	}
	if err := f.ListError(routeTables.Kind, region); err != nil || usual == nil {
		return nil, notSeen(f, routeTables.Kind, region, "the route table of "+subnet+ownedBy(f, region, subnet))
	}
	return usual, nil
}

// ownedBy names the account to ask about a subnet that is shared.
func ownedBy(f *Facts, region, subnet string) string {
	for _, s := range All[Subnet](f, region) {
		if s.SubnetId == subnet && s.OwnerId != "" && s.OwnerId != f.Account {
			return " of account " + s.OwnerId
		}
	}
	return ""
}

// toInternet says whether a subnet sends everyone's traffic to an internet gateway:
// only then answers leave, and an address of it can be reached.
func toInternet(f *Facts, region, vpc, subnet string, of family) (a answer) {
	t, missing := routeTable(f, region, vpc, subnet)
	if t == nil {
		return answer{unread: missing}
	}
	var to []netip.Prefix
	for i, r := range t.Routes {
		if !strings.HasPrefix(r.GatewayId, "igw-") || r.State == "blackhole" {
			continue
		}
		const op = "ec2:DescribeRouteTables"
		path := fmt.Sprintf("%s:Routes[%d].", t.RouteTableId, i)
		g := grant{}
		switch {
		case r.DestinationCidrBlock != "":
			g = g.cidr(&t.Resource, op, path+"DestinationCidrBlock", r.DestinationCidrBlock)
		case r.DestinationIpv6CidrBlock != "":
			g = g.cidr(&t.Resource, op, path+"DestinationIpv6CidrBlock", r.DestinationIpv6CidrBlock)
		case r.DestinationPrefixListId != "":
			g = g.list(f, &t.Resource, path+"DestinationPrefixListId", r.DestinationPrefixListId)
		}
		if g.unread != nil {
			a.unread = append(a.unread, g.unread)
		}
		for _, p := range g.ranges {
			if familyOf(p) == of {
				to = append(to, p)
				a.evidence = append(a.evidence, Evidence{g.path, g.value})
			}
		}
	}
	if a.yes = len(netx.Wide(to)) > 0; a.yes {
		a.unread = nil
	}
	return a
}
