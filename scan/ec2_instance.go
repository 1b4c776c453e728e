package scan

import (
	"fmt"
	"net/netip"
)

func instanceChecks() []Check {
	const instance = "AWS::EC2::Instance"
	return []Check{
		Each(ec2Instances, Check{
			ID: "ec2-instance-imdsv2", Title: "Instance answers IMDSv1", Severity: High,
			Service: "ec2", Type: instance,
			Why:  "A web application that can be made to fetch a URL hands out the credentials of the instance's role.",
			Fix:  "Require IMDSv2 (aws ec2 modify-instance-metadata-options --http-tokens required), after the software on it has been updated.",
			Refs: []string{"cis-3.0:5.6", "cis-5.0:5.7", "cis-7.0:6.7", "fsbp:EC2.8"},
		}, instanceMetadata),
		Each(ec2Instances, Check{
			ID: "ec2-instance-public-ip", Title: "Instance has a public address", Severity: Info,
			Service: "ec2", Type: instance,
			Why:   "Only its security groups stand between the instance and everyone.",
			Fix:   "Put the instance into a private subnet behind a load balancer or a NAT gateway, unless it is meant to be reached.",
			Refs:  []string{"fsbp:EC2.9", "scoutsuite:ec2-instance-with-public-ip"},
			Reads: []string{"AWS::EC2::Subnet", "AWS::EC2::RouteTable"},
		}, instancePublic),
		Each(ec2Instances, Check{
			ID: "ec2-instance-exposed", Title: "Instance truly reachable from the internet on an admin or data port", Severity: Critical,
			Service: "ec2", Type: instance,
			Why: "Address, route, packet filter and security groups together let everyone in; the next weak password or fault is enough.",
			Fix: "Close the port in the security group first; then move the instance into a private subnet.",
			Reads: []string{"AWS::EC2::SecurityGroup", "AWS::EC2::PrefixList.Entries", "AWS::EC2::Subnet",
				"AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl"},
		}, instanceExposed),
	}
}

func instanceMetadata(i *EC2Instance, _ *Params) Verdict {
	o := i.MetadataOptions
	switch why := i.gone(); {
	case why != "":
		return NotApplicable("%s", why)
	case o == nil || o.HttpEndpoint == "" || o.HttpEndpoint == "enabled" && o.HttpTokens == "":
		return ec2LeftOut("ec2:DescribeInstances", &i.Resource, "MetadataOptions")
	case o.HttpEndpoint == "disabled":
		return Pass("the metadata service is off")
	case o.HttpTokens == "required":
		return Pass("the metadata service wants a token")
	}
	return Fail("the metadata service answers without a token").At("MetadataOptions.HttpTokens", o.HttpTokens)
}

// public is an address of an instance that the internet routes.
type public struct {
	family family
	nic    *InstanceInterface
	path   string
	addr   string
}

// publics are the instance's public addresses, interface by interface.
func (i *EC2Instance) publics() (out []public) {
	for n := range i.NetworkInterfaces {
		nic := &i.NetworkInterfaces[n]
		path := fmt.Sprintf("NetworkInterfaces[%d].", n)
		if a := nic.Association; a != nil && a.PublicIp != "" {
			out = append(out, public{4, nic, path + "Association.PublicIp", a.PublicIp})
		}
		for k, private := range nic.PrivateIpAddresses {
			a := private.Association
			if a != nil && a.PublicIp != "" && (nic.Association == nil || nic.Association.PublicIp != a.PublicIp) {
				out = append(out, public{4, nic, fmt.Sprintf("%sPrivateIpAddresses[%d].Association.PublicIp", path, k), a.PublicIp})
			}
		}
		for k, a := range nic.Ipv6Addresses {
			if addr, err := netip.ParseAddr(a.Ipv6Address); err == nil && routed6(addr) {
				out = append(out, public{6, nic, fmt.Sprintf("%sIpv6Addresses[%d].Ipv6Address", path, k), a.Ipv6Address})
			}
		}
		for k, a := range nic.Ipv6Prefixes {
			if p, err := netip.ParsePrefix(a.Ipv6Prefix); err == nil && routed6(p.Addr()) {
				out = append(out, public{6, nic, fmt.Sprintf("%sIpv6Prefixes[%d].Ipv6Prefix", path, k), a.Ipv6Prefix})
			}
		}
	}
	return out
}

// routed6 says whether an address of IPv6 is one that the internet routes.
func routed6(a netip.Addr) bool {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3).Contains(a)
}

func instancePublic(i *EC2Instance, p *Params) Verdict {
	if why := i.gone(); why != "" {
		return NotApplicable("%s", why)
	}
	all := i.publics()
	if len(all) == 0 {
		return Pass("no interface has a public address")
	}
	var unread []*ReadError
	var addrs []string
	var evidence []Evidence
	for _, a := range all {
		way := toInternet(p.Facts, i.Region, a.nic.VpcId, a.nic.SubnetId, a.family)
		switch {
		case !way.known():
			unread = append(unread, way.unread...)
		case way.yes:
			addrs = append(addrs, a.addr)
			evidence = append(append(evidence, Evidence{a.path, a.addr}), way.evidence...)
		}
	}
	switch {
	case len(addrs) > 0:
		v := Fail("the instance has the public address %s and a route to the internet", someNames(addrs))
		v.Evidence = onceEvidence(evidence)
		return v
	case len(unread) > 0:
		return Unknown(once(unread)...)
	}
	return Pass("the subnets of its public addresses have no route to an internet gateway")
}
