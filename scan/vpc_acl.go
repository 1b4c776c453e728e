package scan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"fob/scan/netx"
)

// letsIn are the sources of a family that may send to a port through the packet filter,
// and the entries that say so. Of the entries that fit a source the lowest number
// decides; what none fits is dropped.
func (n *NetworkAcl) letsIn(of family, protocol string, port int) (sources []netip.Prefix, by []Evidence, bad *ReadError) {
	order := make([]int, len(n.Entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(n.Entries[a].RuleNumber, n.Entries[b].RuleNumber) })
	var decided []netip.Prefix
	for _, i := range order {
		e := &n.Entries[i]
		field, value := "CidrBlock", e.CidrBlock
		if of == 6 {
			field, value = "Ipv6CidrBlock", e.Ipv6CidrBlock
		}
		if e.Egress || value == "" || !e.fits(protocol, port) {
			continue
		}
		g := grant{}.cidr(&n.Resource, "ec2:DescribeNetworkAcls", fmt.Sprintf("Entries[%d].%s", i, field), value)
		if g.unread != nil {
			return nil, nil, g.unread
		}
		rest := netx.Subtract(g.ranges, decided)
		if e.RuleAction == "allow" && len(rest) > 0 {
			sources = append(sources, rest...)
			by = append(by, Evidence{g.path, g.value})
		}
		decided = netx.Merge(append(decided, g.ranges...))
	}
	return netx.Merge(sources), by, nil
}

func (e *NetworkAclEntry) fits(protocol string, port int) bool {
	number := "6"
	if protocol == "udp" {
		number = "17"
	}
	switch e.Protocol {
	case "-1":
		return true
	case number, protocol:
		return e.PortRange == nil || e.PortRange.From <= port && port <= e.PortRange.To
	}
	return false
}

// aclAdmin judges what a packet filter lets in from everyone to the ports of
// administration, either family by its own entries.
func aclAdmin(n *NetworkAcl, p *Params) Verdict {
	if why := sharedBy(n.OwnerId, p); why != "" {
		return NotApplicable("%s", why)
	}
	if len(n.Associations) == 0 {
		return NotApplicable("no subnet uses it")
	}
	var open []string
	var evidence []Evidence
	for _, s := range []netService{tcp("SSH", 22), tcp("RDP", 3389)} {
		var families []string
		for _, of := range []family{4, 6} {
			sources, by, bad := n.letsIn(of, s.protocol, s.from)
			if bad != nil {
				return Unknown(bad)
			}
			if len(netx.Wide(sources)) > 0 {
				families = append(families, of.String())
				evidence = append(evidence, by...)
			}
		}
		if len(families) > 0 {
			open = append(open, s.name+" over "+strings.Join(families, " and "))
		}
	}
	if len(open) == 0 {
		return Pass("neither SSH nor RDP is let in from everyone")
	}
	v := Fail("everyone is let in to %s", strings.Join(open, ", "))
	v.Evidence = onceEvidence(evidence)
	if n.IsDefault {
		v = v.As(Info)
	}
	return v
}

func onceEvidence(list []Evidence) (out []Evidence) {
	for _, e := range list {
		if !slices.ContainsFunc(out, func(x Evidence) bool { return x.Path == e.Path }) {
			out = append(out, e)
		}
	}
	return out
}

func networkChecks() []Check {
	return []Check{
		Each(vpcs, Check{
			ID: "vpc-flow-logs", Title: "VPC without flow logs", Severity: Medium,
			Service: "ec2", Type: "AWS::EC2::VPC",
			Why:   "After an incident nobody can tell which host spoke with whom.",
			Fix:   "Create a flow log for the VPC, to CloudWatch Logs or S3.",
			Refs:  []string{"cis-1.2:2.9", "cis-3.0:3.7", "cis-5.0:3.7", "cis-7.0:4.7", "fsbp:EC2.6", "scoutsuite:vpc-subnet-without-flow-log"},
			Reads: []string{"AWS::EC2::FlowLog", "AWS::EC2::Subnet"},
		}, vpcFlowLogs),
		Each(networkAcls, Check{
			ID: "vpc-nacl-admin-open", Title: "NACL admits SSH or RDP from anywhere", Severity: Medium,
			Service: "ec2", Type: "AWS::EC2::NetworkAcl",
			Why:  "One mistake in a security group then opens a host of the subnet to everyone; the packet filter is the second line.",
			Fix:  "Deny TCP 22 and 3389 from 0.0.0.0/0 and ::/0 with a lower number than any rule that allows them.",
			Refs: []string{"cis-3.0:5.1", "cis-5.0:5.2", "cis-7.0:6.2", "fsbp:EC2.21"},
		}, aclAdmin),
	}
}

// vpcFlowLogs wants an active flow log on the VPC, or on each of its subnets. One that AWS
// may not deliver records nothing, and one of accepted traffic not who was turned away.
func vpcFlowLogs(v *VPC, p *Params) Verdict {
	if why := sharedBy(v.OwnerId, p); why != "" {
		return NotApplicable("%s", why)
	}
	active, accepted := activeFlowLogs(p.Facts, v.Region)
	if id := active[v.VpcId]; id != "" {
		return Pass("the flow log %s is active", id)
	}
	if err := p.ListError(flowLogs.Kind, v.Region); err != nil {
		return Unknown(err)
	}
	all := 0
	var bare, silent []string // subnets without rejected traffic, and without any
	for _, s := range All[Subnet](p.Facts, v.Region) {
		if s.VpcId != v.VpcId {
			continue
		}
		all++
		if active[s.SubnetId] == "" {
			bare = append(bare, s.SubnetId)
			if accepted[s.SubnetId] == "" {
				silent = append(silent, s.SubnetId)
			}
		}
	}
	err := p.ListError(subnets.Kind, v.Region)
	switch half := accepted[v.VpcId]; {
	case err != nil && len(bare) == 0:
		return Unknown(err)
	case half != "" && (all == 0 || len(bare) > 0):
		return Fail("the flow log %s records accepted traffic alone", half).At("VpcId", v.VpcId).As(Low)
	case len(bare) > 0 && len(silent) == 0 && err == nil:
		return Fail("the flow logs of these subnets record accepted traffic alone: %s", someNames(bare)).At("VpcId", v.VpcId).As(Low)
	case len(bare) > 0:
		return Fail("neither the VPC has an active flow log nor these of its %d subnets: %s", all, someNames(bare)).At("VpcId", v.VpcId)
	case all == 0:
		return Fail("the VPC has no active flow log").At("VpcId", v.VpcId)
	}
	return Pass("all %d subnets have an active flow log", all)
}

// activeFlowLogs are the flow logs of a region that work, by what they are on: those that
// record rejected traffic, and the others.
func activeFlowLogs(f *Facts, region string) (active, accepted map[string]string) {
	active, accepted = map[string]string{}, map[string]string{}
	for _, l := range All[FlowLog](f, region) {
		switch {
		case l.FlowLogStatus != "ACTIVE" || l.DeliverLogsErrorMessage == "Access error":
		case l.TrafficType == "ACCEPT":
			accepted[l.ResourceId] = l.FlowLogId
		default:
			active[l.ResourceId] = l.FlowLogId
		}
	}
	return active, accepted
}
