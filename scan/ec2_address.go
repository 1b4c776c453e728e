package scan

import (
	"net/netip"
	"reflect"
	"slices"
)

// ElasticAddress is an IPv4 address that the account keeps, in use or not.
type ElasticAddress struct {
	Resource
	PublicIp string
}

var elasticAddresses = newKind[ElasticAddress]("AWS::EC2::EIP", "ec2", Regional, "ec2:DescribeAddresses")

func addressKinds() []*Kind { return []*Kind{elasticAddresses.Kind} }

// AddressTypes are the types of resources that the addresses of an account are known
// from: what a check that asks for them Reads.
func AddressTypes() []string {
	return []string{elasticAddresses.Type, networkInterfaces.Type, vpcs.Type}
}

// Addresses are the public addresses that an account has.
type Addresses struct {
	single map[netip.Addr]bool
	ranges []netip.Prefix
	// unread says for each region why some may be missing.
	unread map[string][]*ReadError
}

func (a *Addresses) has(addr netip.Addr) bool {
	return a.single[addr] || slices.ContainsFunc(a.ranges, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// missing says why some addresses of a region may not be known, of all regions for
// Global.
func (a *Addresses) missing(region string) (out []*ReadError) {
	for r, errs := range a.unread {
		if region == Global || r == region {
			out = append(out, errs...)
		}
	}
	slices.SortFunc(out, func(x, y *ReadError) int {
		return slices.Compare([]string{x.Region, x.Op}, []string{y.Region, y.Op})
	})
	return out
}

// KeepAddresses gathers the account's public addresses for [ShareAddresses], and lets go
// of the resources that have them.
func (f *Facts) KeepAddresses() {
	f.addresses()
	for _, t := range []reflect.Type{reflect.TypeFor[ElasticAddress](), reflect.TypeFor[NetworkInterface](), reflect.TypeFor[VPC]()} {
		delete(f.resources, t)
		delete(f.index, t)
	}
}

// addresses are the account's public addresses, gathered when they are first asked for.
func (f *Facts) addresses() *Addresses {
	f.own.Do(func() { f.kept = f.gatherAddresses() })
	return f.kept
}

func (f *Facts) gatherAddresses() *Addresses {
	a := &Addresses{single: map[netip.Addr]bool{}, unread: map[string][]*ReadError{}}
	for _, e := range All[ElasticAddress](f, "") {
		a.add(e.PublicIp)
	}
	for _, n := range All[NetworkInterface](f, "") {
		if n.Association != nil {
			a.add(n.Association.PublicIp)
		}
		for _, p := range n.PrivateIpAddresses {
			if p.Association != nil {
				a.add(p.Association.PublicIp)
			}
		}
		for _, p := range n.Ipv6Addresses {
			a.add(p.Ipv6Address)
		}
		for _, p := range n.Ipv6Prefixes {
			a.addRange(p.Ipv6Prefix)
		}
	}
	for _, v := range All[VPC](f, "") {
		for _, r := range v.Ipv6CidrBlockAssociationSet {
			a.addRange(r.Ipv6CidrBlock)
		}
	}
	for _, region := range f.Regions {
		for _, k := range []*Kind{elasticAddresses.Kind, networkInterfaces.Kind, vpcs.Kind} {
			if err := f.ListError(k, region); err != nil {
				a.unread[region] = append(a.unread[region], err)
			}
		}
	}
	for _, region := range f.Excluded {
		const op = "ec2:DescribeAddresses"
		a.unread[region] = append(a.unread[region], &ReadError{Op: op, Action: op, Region: region, Why: NotPlanned, Code: "the region is left out"})
	}
	return a
}

func (a *Addresses) add(addr string) {
	if ip, err := netip.ParseAddr(addr); err == nil {
		a.single[ip] = true
	}
}

func (a *Addresses) addRange(cidr string) {
	if p, err := netip.ParsePrefix(cidr); err == nil {
		a.ranges = append(a.ranges, p)
	}
}

// Neighbours are what other scanned accounts tell an account.
type Neighbours struct {
	Addresses map[string]*Addresses // by account
	// Members are the accounts of its organization, as another one was told of them.
	Members Val[[]OrganizationAccount]
}

// ShareAddresses tells scanned accounts about each other's addresses, and about the
// members of their organization where one of them was told.
func ShareAddresses(all []*Facts) {
	for _, from := range all {
		mine, members := from.addresses(), from.self().OrganizationAccounts
		for _, to := range all {
			if to == from {
				continue
			}
			if to.Neighbours.Addresses == nil {
				to.Neighbours.Addresses = map[string]*Addresses{}
			}
			to.Neighbours.Addresses[from.Account] = mine
			if members.Present() && to.sameOrganization(from) {
				to.Neighbours.Members = members
			}
		}
	}
}
