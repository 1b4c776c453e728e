package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// instanceSurface are the public addresses of running instances that everyone reaches.
func instanceSurface(p *Params) []Exposure {
	out := p.unlisted(ec2Instances.Kind)
	for _, i := range All[EC2Instance](p.Facts, "") {
		if i.gone() != "" || i.State.Name == "stopped" || i.State.Name == "stopping" {
			continue
		}
		says := "the instance has it"
		if i.IamInstanceProfile != nil {
			says += ", and the role of " + i.IamInstanceProfile.Arn
		}
		for _, a := range i.publics() {
			out = append(out, p.address(&i.Resource, a, says)...)
		}
	}
	return out
}

// ofNATGateway says whether the interface is a NAT gateway's. The API's list of types spells
// the type in another way than its answers.
func (n *NetworkInterface) ofNATGateway() bool {
	return n.InterfaceType == "nat_gateway" || n.InterfaceType == "natGateway"
}

// interfaceSurface are the addresses of interfaces that no listed instance has: of
// databases, tasks, and of load balancers, which are named by their host. Gateways that
// let nobody in are left out.
func interfaceSurface(p *Params) []Exposure {
	out := p.unlisted(networkInterfaces.Kind)
	for _, n := range All[NetworkInterface](p.Facts, "") {
		instances := p.ListError(ec2Instances.Kind, n.Region) == nil
		if n.ofNATGateway() || instances && n.Attachment != nil && n.Attachment.InstanceId != "" {
			continue
		}
		says := "the interface has it"
		if n.Description != "" {
			says += ": " + n.Description
		}
		for _, a := range n.publics() {
			list := p.address(&n.Resource, a, says)
			if x := n.frontOf(p.Facts); x != nil {
				list = x.behind(list)
			}
			out = append(out, list...)
		}
	}
	return out
}

// publics are an interface's public addresses, found as those of an instance are.
func (n *NetworkInterface) publics() []public {
	one := EC2Instance{NetworkInterfaces: []InstanceInterface{{
		NetworkInterfaceId: n.NetworkInterfaceId, SubnetId: n.SubnetId, VpcId: n.VpcId, Groups: n.Groups,
		Association: n.Association, PrivateIpAddresses: n.PrivateIpAddresses, Ipv6Addresses: n.Ipv6Addresses, Ipv6Prefixes: n.Ipv6Prefixes,
	}}}
	return one.publics()
}

// address follows a public address inwards, as instanceExposed does, for every port.
// What is surely open is one exposure; what may be open, as a door on the way was not
// seen, another.
func (p *Params) address(r *Resource, a public, says string) (out []Exposure) {
	way := toInternet(p.Facts, r.Region, a.nic.VpcId, a.nic.SubnetId, a.family)
	if way.known() && !way.yes {
		return nil
	}
	w := wayIn{public: a, region: r.Region, way: way}
	w.acl, w.missing = subnetACL(p.Facts, r.Region, a.nic.SubnetId)
	w.grants, w.hidden = interfaceGrants(p.Facts, r.Region, a.nic)
	if len(a.nic.Groups) == 0 { // as of network load balancers: nothing filters
		all := grant{protocol: "-1", to: lastPort, value: "everyone", ranges: everyone(a.family)}
		w.grants = []ownGrant{{grant: all}}
	}
	sure, unsure := w.doors()
	x := Exposure{Region: r.Region, Service: "ec2", Resource: r.reference(), Where: a.addr, Who: Everyone}
	last := ChainStep{ARN: r.ARN, Type: r.Type, Says: says}
	if len(sure.ports) > 0 {
		x.What, x.Chain = w.names(&sure), append(w.chain(p.Facts, &sure), last)
		out = append(out, x)
	}
	if len(unsure.unread) > 0 {
		x.What, x.Chain, x.Unread = w.names(&unsure), append(w.chain(p.Facts, &unsure), last), once(unsure.unread)
		out = append(out, x)
	}
	return out
}

// wayIn is all that stands before an address.
type wayIn struct {
	public
	region  string
	way     answer
	acl     *NetworkAcl
	missing []*ReadError
	grants  []ownGrant
	hidden  []*ReadError
}

// openings are ports, and who opens them.
type openings struct {
	ports  []ports
	acl    []Evidence
	groups []groupPorts
	unread []*ReadError
}

type groupPorts struct {
	group  string
	ranges []string
	ports  []ports
}

// doors sorts all ports of TCP and UDP, and ICMP, into those that everyone reaches, and
// those that everyone may reach.
func (w *wayIn) doors() (sure, unsure openings) {
	for _, protocol := range []string{"tcp", "udp"} {
		starts := w.starts(protocol)
		for i, from := range starts {
			s := ports{protocol, from, lastPort}
			if i+1 < len(starts) {
				s.to = starts[i+1] - 1
			}
			d := doorOf(netService{protocol: protocol, from: from, to: s.to}, w.family, w.grants, w.hidden, w.acl, w.missing)
			w.sort(s, &d, &sure, &unsure)
		}
	}
	w.icmp(&sure, &unsure)
	return sure, unsure
}

// sort adds ports to those that everyone reaches, or to those that everyone may reach.
func (w *wayIn) sort(s ports, d *door, sure, unsure *openings) {
	switch {
	case !d.maybe():
	case d.open && w.way.known():
		sure.add(s, d)
	default:
		unsure.add(s, d)
		unsure.unread = append(append(unsure.unread, w.way.unread...), d.unread...)
	}
}

// starts are the ports from which on other rules may hold.
func (w *wayIn) starts(protocol string) []int {
	starts := []int{0}
	for _, g := range w.grants {
		if g.covers(protocol) {
			starts = append(starts, g.from, g.to+1)
		}
	}
	if w.acl != nil {
		for i := range w.acl.Entries {
			if r := w.acl.Entries[i].PortRange; r != nil {
				starts = append(starts, r.From, r.To+1)
			}
		}
	}
	starts = slices.DeleteFunc(starts, func(port int) bool { return port < 0 || port > lastPort })
	slices.Sort(starts)
	return slices.Compact(starts)
}

func (o *openings) add(s ports, d *door) {
	o.ports = joined(append(o.ports, s))
	o.acl = onceEvidence(append(o.acl, d.acl...))
	for _, e := range d.groups {
		group, _, _ := strings.Cut(e.Path, ":")
		i := slices.IndexFunc(o.groups, func(g groupPorts) bool { return g.group == group })
		if i < 0 {
			i = len(o.groups)
			o.groups = append(o.groups, groupPorts{group: group})
		}
		g := &o.groups[i]
		g.ports = joined(append(g.ports, s))
		if from := fmt.Sprint(e.Value); !slices.Contains(g.ranges, from) {
			g.ranges = append(g.ranges, from)
		}
	}
}

// whatListens is what is open where no group filters.
const whatListens = "the ports that it listens on"

// names are what is open. Where nothing filters, the listener decides.
func (w *wayIn) names(o *openings) []string {
	if len(w.nic.Groups) == 0 {
		return []string{whatListens}
	}
	return spanNames(o.ports)
}

// spanNames names neighbouring ports: "tcp 22", "all of udp".
func spanNames(list []ports) (out []string) {
	for _, s := range joined(list) {
		name := s.String()
		if strings.HasPrefix(s.protocol, "icmp") {
			name = s.protocol
		} else if s.from <= 1 && s.to == lastPort {
			name = "all of " + s.protocol
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// chain is the way from the internet to the interface.
func (w *wayIn) chain(f *Facts, o *openings) (out []ChainStep) {
	if t, _ := routeTable(f, w.region, w.nic.VpcId, w.nic.SubnetId); t != nil && w.way.yes {
		out = append(out, ChainStep{ARN: t.ARN, Type: t.Type, Says: "sends " + valuesOf(w.way.evidence) + " to an internet gateway"})
	}
	if w.acl != nil && len(o.acl) > 0 {
		out = append(out, ChainStep{ARN: w.acl.ARN, Type: w.acl.Type, Says: "lets " + valuesOf(o.acl) + " in"})
	}
	slices.SortFunc(o.groups, func(a, b groupPorts) int { return cmp.Compare(a.group, b.group) })
	for _, g := range o.groups {
		if g.group == "" {
			continue
		}
		step := ChainStep{ARN: f.ec2ARN(w.region, "security-group", g.group), Type: securityGroups.Type,
			Says: "lets " + someNames(g.ranges) + " in on " + someNames(spanNames(g.ports))}
		for _, s := range All[SecurityGroup](f, w.region) {
			if s.GroupId == g.group {
				step.ARN = s.ARN
			}
		}
		out = append(out, step)
	}
	return append(out, ChainStep{ARN: f.ec2ARN(w.region, "network-interface", w.nic.NetworkInterfaceId), Type: networkInterfaces.Type, Says: "has the public address " + w.addr})
}

// valuesOf names what evidence shows, each once.
func valuesOf(list []Evidence) string {
	var out []string
	for _, e := range list {
		if v := fmt.Sprint(e.Value); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return someNames(out)
}
