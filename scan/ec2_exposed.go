package scan

import (
	"fmt"
	"net/netip"
	"slices"

	"fob/scan/netx"
)

// exposedServices are the ports that nobody offers to everyone on purpose:
// administration and databases.
func exposedServices() []netService {
	return slices.Concat(sshService(), rdpService(), []netService{tcp("Telnet", 23)}, databaseServices())
}

// instanceExposed follows each public address inwards: the subnet's route, its packet
// filter, the groups of the interface, in the same family throughout. A closed door
// anywhere on the way is enough; a door that was not seen is not taken for closed.
func instanceExposed(i *EC2Instance, p *Params) Verdict {
	why := i.gone()
	if why == "" && (i.State.Name == "stopped" || i.State.Name == "stopping") {
		why = "the instance is " + i.State.Name
	}
	if why != "" {
		return NotApplicable("%s", why)
	}
	var found []fmt.Stringer
	var addrs []string
	var evidence []Evidence
	var unread []*ReadError
	for _, a := range i.publics() {
		services, by, missing := exposed(p.Facts, i.Region, a)
		if len(services) == 0 {
			unread = append(unread, missing...)
			continue
		}
		addrs = append(addrs, a.addr)
		evidence = append(append(evidence, Evidence{a.path, a.addr}), by...)
		for _, s := range services {
			if !slices.Contains(found, fmt.Stringer(s)) {
				found = append(found, s)
			}
		}
	}
	switch {
	case len(found) > 0:
		v := Fail("everyone reaches %s on %s", someNames(found), someNames(addrs))
		v.Evidence = onceEvidence(evidence)
		if o := i.MetadataOptions; i.IamInstanceProfile == nil && o != nil && (o.HttpTokens == "required" || o.HttpEndpoint == "disabled") {
			v = v.As(High)
		}
		return v
	case len(unread) > 0:
		return Unknown(once(unread)...)
	}
	return Pass("no administration or database port can be reached from the internet")
}

// exposed are the services that everyone reaches at an address, and each door that is
// open on the way. unread is what might open one more.
func exposed(f *Facts, region string, a public) (services []netService, by []Evidence, unread []*ReadError) {
	way := toInternet(f, region, a.nic.VpcId, a.nic.SubnetId, a.family)
	if way.known() && !way.yes {
		return nil, nil, nil
	}
	acl, missing := subnetACL(f, region, a.nic.SubnetId)
	grants, hidden := interfaceGrants(f, region, a.nic)
	for _, s := range exposedServices() {
		d := doorOf(s, a.family, grants, hidden, acl, missing)
		if !d.maybe() {
			continue
		}
		if d.open && way.known() {
			services = append(services, s)
			by = append(append(append(by, way.evidence...), d.acl...), d.groups...)
		} else {
			unread = append(append(unread, way.unread...), d.unread...)
		}
	}
	return services, by, unread
}

// door is what packet filter and groups together do for one service.
type door struct {
	open        bool
	unread      []*ReadError
	acl, groups []Evidence
}

func (d *door) maybe() bool { return d.open || len(d.unread) > 0 }

func doorOf(s netService, of family, grants []ownGrant, hidden []*ReadError, acl *NetworkAcl, missing []*ReadError) (d door) {
	inside := everyone(of)
	d.unread = append(d.unread, missing...)
	if acl != nil {
		var bad *ReadError
		inside, d.acl, bad = acl.letsIn(of, s.protocol, s.from)
		for n := range d.acl {
			d.acl[n].Path = acl.NetworkAclId + ":" + d.acl[n].Path
		}
		switch {
		case bad != nil:
			inside = everyone(of)
			d.unread = append(d.unread, bad)
		case len(netx.Wide(inside)) == 0:
			return door{}
		}
	}
	filtered := len(d.unread) == 0
	var ranges []netip.Prefix
	unsure := slices.Clone(hidden)
	for _, g := range grants {
		if !g.covers(s.protocol) || s.from < g.from || s.from > g.to {
			continue
		}
		if mine := g.of(of); len(mine.ranges) > 0 {
			ranges = append(ranges, mine.ranges...)
			d.groups = append(d.groups, Evidence{g.group + ":" + g.path, g.value})
		}
		if g.unread != nil {
			unsure = append(unsure, g.unread)
		}
	}
	switch {
	case len(netx.Wide(netx.Intersect(ranges, inside))) > 0:
		d.open = filtered
		return d
	case len(unsure) > 0:
		d.unread = append(d.unread, unsure...)
		return d
	}
	return door{}
}

func everyone(of family) []netip.Prefix {
	if of == 4 {
		return []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0)}
	}
	return []netip.Prefix{netip.PrefixFrom(netip.IPv6Unspecified(), 0)}
}

// subnetACL is the packet filter of a subnet. nil comes with the reason.
func subnetACL(f *Facts, region, subnet string) (*NetworkAcl, []*ReadError) {
	for _, n := range All[NetworkAcl](f, region) {
		for _, a := range n.Associations {
			if a.SubnetId == subnet {
				return n, nil
			}
		}
	}
	return nil, notSeen(f, networkAcls.Kind, region, "the network ACL of "+subnet+ownedBy(f, region, subnet))
}

// ownGrant is a grant and the group that has it.
type ownGrant struct {
	grant
	group string
}

// interfaceGrants is the union of an interface's groups.
func interfaceGrants(f *Facts, region string, nic *InstanceInterface) (out []ownGrant, hidden []*ReadError) {
	for _, id := range groupIDs(nic.Groups) {
		all := All[SecurityGroup](f, region)
		n := slices.IndexFunc(all, func(g *SecurityGroup) bool { return g.GroupId == id })
		if n < 0 {
			hidden = append(hidden, notSeen(f, securityGroups.Kind, region, "the security group "+id)...)
			continue
		}
		for _, g := range all[n].grants(f) {
			out = append(out, ownGrant{g, id})
		}
	}
	return out, hidden
}
