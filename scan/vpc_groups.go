package scan

import (
	"cmp"
	"fmt"
	"slices"
)

func groupChecks() []Check {
	const group = "AWS::EC2::SecurityGroup"
	entries := []string{"AWS::EC2::PrefixList.Entries"}
	return []Check{
		Each(securityGroups, Check{
			ID: "vpc-sg-all-open", Title: "Security group opens everything to the internet", Severity: Critical,
			Service: "ec2", Type: group,
			Why: "Whatever listens on a host behind the group, meant for others or not, is open to everyone.",
			Fix: "Remove the rule, and let in only the ports that are served, from those who use them.",
			Refs: []string{"cis-3.0:5.2", "cis-3.0:5.3", "cis-5.0:5.3", "cis-5.0:5.4", "cis-7.0:6.3", "cis-7.0:6.4",
				"scoutsuite:ec2-security-group-opens-all-ports-to-all", "scoutsuite:ec2-security-group-opens-all-ports"},
			Reads: append(entries, "AWS::EC2::NetworkInterface"),
		}, groupAllOpen),
		servicesOpen(Check{
			ID: "vpc-sg-ssh-open", Title: "SSH open to the internet", Severity: High,
			Service: "ec2", Type: group,
			Why: "Everyone may try passwords, stolen keys and faults of the SSH server.",
			Fix: "Let in only the addresses of administrators, or use Session Manager or EC2 Instance Connect and no open port.",
			Refs: []string{"cis-1.2:4.1", "cis-3.0:5.2", "cis-3.0:5.3", "cis-5.0:5.3", "cis-5.0:5.4", "cis-7.0:6.3", "cis-7.0:6.4",
				"fsbp:EC2.13", "scoutsuite:ec2-security-group-opens-known-port-to-all"},
			Reads: entries,
		}, "SSH", sshService),
		servicesOpen(Check{
			ID: "vpc-sg-rdp-open", Title: "RDP open to the internet", Severity: High,
			Service: "ec2", Type: group,
			Why: "Remote desktops on the internet are found within hours and are the usual way in for ransomware.",
			Fix: "Let in only the addresses of administrators, or use Fleet Manager and no open port.",
			Refs: []string{"cis-1.2:4.2", "cis-3.0:5.2", "cis-3.0:5.3", "cis-5.0:5.3", "cis-5.0:5.4", "cis-7.0:6.3", "cis-7.0:6.4",
				"fsbp:EC2.14", "scoutsuite:ec2-security-group-opens-known-port-to-all"},
			Reads: entries,
		}, "RDP", rdpService),
		servicesOpen(Check{
			ID: "vpc-sg-db-open", Title: "Database or cache port open to the internet", Severity: High,
			Service: "ec2", Type: group,
			Why:   "Many of these services ask for no password by default, and all of them hold the data itself.",
			Fix:   "Let in only the security group of the clients.",
			Refs:  []string{"fsbp:EC2.19", "scoutsuite:ec2-security-group-opens-known-port-to-all"},
			Reads: entries,
		}, "a database or cache port", databaseServices),
		servicesOpen(Check{
			ID: "vpc-sg-fileshare-open", Title: "SMB or NFS open to the internet", Severity: High,
			Service: "ec2", Type: group,
			Why:   "File shares hand out data, NFS without a password, and their servers have a history of worms.",
			Fix:   "Let in only the clients' security group, and reach shares from outside through a VPN.",
			Refs:  []string{"cis-5.0:5.1.2", "cis-7.0:6.1.2", "scoutsuite:ec2-security-group-opens-known-port-to-all"},
			Reads: entries,
		}, "a port of SMB or NFS", fileServices),
		Each(securityGroups, Check{
			ID: "vpc-sg-cleartext-open", Title: "Clear-text service port open", Severity: Medium,
			Service: "ec2", Type: group,
			Why: "FTP and Telnet send passwords readable to the network; open mail and name servers are abused against others.",
			Fix: "Replace FTP by SFTP and Telnet by SSH and remove the rules; let only known senders and clients reach SMTP and DNS.",
			Refs: []string{"scoutsuite:ec2-security-group-opens-plaintext-port",
				"scoutsuite:ec2-security-group-opens-known-port-to-all"},
			Reads: entries,
		}, groupCleartext),
		Each(securityGroups, Check{
			ID: "vpc-sg-other-open", Title: "Other port open to the internet", Severity: Low,
			Service: "ec2", Type: group,
			Why:   "Every open port is something more to keep patched, and often was opened for a test.",
			Fix:   "Let in only those who use the port, or name the port in allowed_public_ports if it is meant for everyone.",
			Refs:  []string{"scoutsuite:ec2-security-group-opens-port-to-all"},
			Reads: entries,
		}, groupOtherOpen),
		Each(securityGroups, Check{
			ID: "vpc-sg-default-open", Title: "Default security group has rules", Severity: Medium,
			Service: "ec2", Type: group,
			Why: "What is started without naming a group lands in the default one and gets its rules without anyone having meant it.",
			Fix: "Move what uses the group to groups of its own, and remove all rules of the default group.",
			Refs: []string{"cis-1.2:4.3", "cis-3.0:5.4", "cis-5.0:5.5", "cis-7.0:6.5", "fsbp:EC2.2",
				"scoutsuite:ec2-default-security-group-with-rules"},
		}, defaultGroup),
	}
}

// servicesOpen makes the check of a few ports that nobody should open to everyone.
func servicesOpen(c Check, what string, services func() []netService) Check {
	return Each(securityGroups, c, func(g *SecurityGroup, p *Params) Verdict {
		o := opened{}
		grants := g.grants(p.Facts)
		for _, s := range services() {
			o.take(grants, s)
		}
		return o.verdict("no rule opens %s to the internet", what)
	})
}

func groupAllOpen(g *SecurityGroup, p *Params) Verdict {
	o, all := allOpen(g.grants(p.Facts))
	switch {
	case all:
		v := o.cite(Fail("all ports are open to %s", someNames(o.wide)))
		if p.ListError(networkInterfaces.Kind, g.Region) == nil && !g.used(p.Facts) {
			v.Message += "; no interface uses the group"
			v = v.As(Medium)
		}
		return v
	case len(o.unread) > 0:
		return Unknown(once(o.unread)...)
	}
	return Pass("no rules open all ports to the internet")
}

func (g *SecurityGroup) used(f *Facts) bool {
	return slices.ContainsFunc(All[NetworkInterface](f, g.Region), func(i *NetworkInterface) bool {
		return slices.Contains(groupIDs(i.Groups), g.GroupId)
	})
}

func groupIDs(groups []struct{ GroupId string }) (out []string) {
	for _, g := range groups {
		out = append(out, g.GroupId)
	}
	return out
}

// meantPorts is the most ports that a rule may span and still be meant for each of them.
const meantPorts = 10

// groupCleartext judges logins in clear by any source if a rule means them, and mail
// and name servers by everyone.
func groupCleartext(g *SecurityGroup, p *Params) Verdict {
	o := opened{}
	grants := g.grants(p.Facts)
	for _, s := range slices.Concat(loginServices(), mailServices()) {
		o.take(grants, s)
	}
	if len(o.what) > 0 {
		return o.verdict("")
	}
	for _, s := range loginServices() {
		var by []grant
		for _, r := range grants {
			if r.protocol != s.protocol || r.to-r.from >= meantPorts || r.to < s.from || r.from > s.to {
				continue
			}
			if len(r.ranges) > 0 {
				by = append(by, r)
			} else if r.unread != nil {
				o.unread = append(o.unread, r.unread)
			}
		}
		for _, r := range by {
			o.open(r.ranges, []grant{r})
		}
		if len(by) > 0 {
			o.what = append(o.what, s)
		}
	}
	return o.verdict("no rule opens FTP or Telnet, or SMTP or DNS to the internet")
}

// ports are neighbouring ports that are open.
type ports struct {
	protocol string
	from, to int
}

func (p ports) String() string { return portNames(p.protocol, p.from, p.to) }

func groupOtherOpen(g *SecurityGroup, p *Params) Verdict {
	grants := g.grants(p.Facts)
	all, is := allOpen(grants)
	switch {
	case is:
		return NotApplicable("all ports are open, which vpc-sg-all-open reports")
	case len(all.unread) > 0:
		return Unknown(once(all.unread)...)
	}
	o := opened{}
	for _, protocol := range []string{"tcp", "udp"} {
		var open []ports
		for _, s := range portSpans(grants, protocol) {
			rest := otherPorts(s, p.Ints("allowed_public_ports", 80, 443))
			if len(rest) == 0 {
				continue
			}
			if len(s.wide()) > 0 {
				o.open(s.wide(), s.openers())
				open = append(open, rest...)
			}
			o.unread = append(o.unread, s.unread()...)
		}
		for _, x := range joined(open) {
			o.what = append(o.what, x)
		}
	}
	return o.verdict("no other port is open to the internet")
}

// otherPorts are the ports of a span that no other check names and that are not
// allowed.
func otherPorts(s portSpan, allowed []int) (out []ports) {
	known := slices.Concat(sshService(), rdpService(), databaseServices(), fileServices(), loginServices(), mailServices())
	for _, port := range allowed {
		known = append(known, netService{"", s.protocol, port, port})
	}
	slices.SortFunc(known, func(a, b netService) int { return cmp.Compare(a.from, b.from) })
	from := s.from
	for _, k := range known {
		if k.protocol != s.protocol || k.to < from || k.from > s.to {
			continue
		}
		if k.from > from {
			out = append(out, ports{s.protocol, from, k.from - 1})
		}
		from = max(from, k.to+1)
	}
	if from <= s.to {
		out = append(out, ports{s.protocol, from, s.to})
	}
	return out
}

// joined puts neighbours together.
func joined(list []ports) (out []ports) {
	for _, p := range list {
		if n := len(out); n > 0 && out[n-1].to+1 == p.from {
			out[n-1].to = p.to
			continue
		}
		out = append(out, p)
	}
	return out
}

// defaultGroup judges the group that a VPC is born with. Other groups are none of its
// business.
func defaultGroup(g *SecurityGroup, p *Params) Verdict {
	switch why := sharedBy(g.OwnerId, p); {
	case g.GroupName != "default":
		return Verdict{}
	case why != "":
		return NotApplicable("%s", why)
	case len(g.IpPermissions)+len(g.IpPermissionsEgress) == 0:
		return Pass("the default group has no rules")
	}
	v := Fail("the default group has rules: %d ingress, %d egress", len(g.IpPermissions), len(g.IpPermissionsEgress))
	for i, r := range g.IpPermissions {
		v = v.At(fmt.Sprintf("IpPermissions[%d]", i), r.IpProtocol)
	}
	for i, r := range g.IpPermissionsEgress {
		v = v.At(fmt.Sprintf("IpPermissionsEgress[%d]", i), r.IpProtocol)
	}
	return v
}
