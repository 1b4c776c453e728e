package scan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"fob/scan/netx"
)

const lastPort = 65535

// grant is one source of a security group's rules: what it lets in, and from where.
// References to groups are none.
type grant struct {
	protocol string // tcp, udp, ..., -1 for all
	from, to int    // ports
	number   int    // in the order of the record
	path     string // in the group's record
	value    string // the CIDR, or the prefix list
	ranges   []netip.Prefix
	unread   *ReadError // why the ranges are not known
}

// grants takes the ingress rules of a group apart.
func (g *SecurityGroup) grants(f *Facts) (out []grant) {
	for n, rule := range g.IpPermissions {
		at := grant{protocol: protocolName(rule.IpProtocol), to: lastPort}
		if rule.FromPort != nil && rule.ToPort != nil && at.protocol != "-1" && *rule.FromPort >= 0 {
			at.from, at.to = *rule.FromPort, *rule.ToPort
		}
		path := fmt.Sprintf("IpPermissions[%d].", n)
		for i, r := range rule.IpRanges {
			out = append(out, at.cidr(&g.Resource, "ec2:DescribeSecurityGroups", fmt.Sprintf("%sIpRanges[%d].CidrIp", path, i), r.CidrIp))
		}
		for i, r := range rule.Ipv6Ranges {
			out = append(out, at.cidr(&g.Resource, "ec2:DescribeSecurityGroups", fmt.Sprintf("%sIpv6Ranges[%d].CidrIpv6", path, i), r.CidrIpv6))
		}
		for i, r := range rule.PrefixListIds {
			out = append(out, at.list(f, &g.Resource, fmt.Sprintf("%sPrefixListIds[%d].PrefixListId", path, i), r.PrefixListId))
		}
	}
	for i := range out {
		out[i].number = i
	}
	return out
}

func protocolName(p string) string {
	switch p {
	case "6":
		return "tcp"
	case "17":
		return "udp"
	}
	return p
}

// cidr is the grant to one range, which op read of r.
func (at grant) cidr(r *Resource, op, path, value string) grant {
	at.path, at.value = path, value
	at.add(value, op, r.ARN, r.Region)
	return at
}

// list is the grant to the ranges of a prefix list.
func (at grant) list(f *Facts, r *Resource, path, id string) grant {
	const op = "ec2:GetManagedPrefixListEntries"
	at.path, at.value = path, id
	arn := f.ec2ARN(r.Region, "prefix-list", id)
	switch l := Find[PrefixList](f, arn); {
	case l == nil:
		at.unread = &ReadError{Op: op, Action: op, Resource: arn, Region: r.Region, Why: NotPlanned}
	case !l.Entries.Known():
		at.unread = l.Entries.Err
	default:
		for _, e := range l.Entries.V {
			at.add(e.Cidr, op, arn, r.Region)
		}
	}
	return at
}

func (at *grant) add(cidr, op, arn, region string) {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		at.unread = &ReadError{Op: op, Action: op, Resource: arn, Region: region, Why: Failed, Code: "bad-answer: the range " + cidr}
		return
	}
	at.ranges = append(at.ranges, p)
}

// of is the grant to the ranges of one family.
func (at grant) of(f family) grant {
	at.ranges = slices.DeleteFunc(slices.Clone(at.ranges), func(p netip.Prefix) bool { return familyOf(p) != f })
	return at
}

// ec2ARN is the ARN of a resource of the account's own.
func (f *Facts) ec2ARN(region, typ, id string) string {
	return "arn:" + f.Partition + ":ec2:" + region + ":" + f.Account + ":" + typ + "/" + id
}

// portSpan are neighbouring ports that the same rules cover, and who may come in there.
type portSpan struct {
	protocol string
	from, to int
	covering []grant
}

// portSpans divides the ports of tcp or udp so that within a span all are alike. Ports that no
// rule covers are in none.
func portSpans(grants []grant, protocol string) (out []portSpan) {
	starts := []int{0}
	for _, g := range grants {
		if g.covers(protocol) {
			starts = append(starts, g.from, g.to+1)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	for i, from := range starts {
		s := portSpan{protocol: protocol, from: from, to: lastPort}
		if i+1 < len(starts) {
			s.to = starts[i+1] - 1
		}
		for _, g := range grants {
			if g.covers(protocol) && g.from <= from && s.to <= g.to {
				s.covering = append(s.covering, g)
			}
		}
		if len(s.covering) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func (g *grant) covers(protocol string) bool {
	return g.protocol == protocol || g.protocol == "-1"
}

// wide are the merged ranges that are everyone, nil if not everyone is let in.
func (s *portSpan) wide() []netip.Prefix { return netx.Wide(s.ranges()) }

func (s *portSpan) ranges() (out []netip.Prefix) {
	for _, g := range s.covering {
		out = append(out, g.ranges...)
	}
	return out
}

// unread says which sources are not known.
func (s *portSpan) unread() (errs []*ReadError) {
	for _, g := range s.covering {
		if g.unread != nil {
			errs = append(errs, g.unread)
		}
	}
	return errs
}

// openers are the grants that open the span to everyone, without those that others
// contain.
func (s *portSpan) openers() (out []grant) {
	wide, all := s.wide(), s.ranges()
	largest := func(p netip.Prefix) bool {
		return !slices.ContainsFunc(all, func(q netip.Prefix) bool { return q.Bits() < p.Bits() && q.Contains(p.Addr()) })
	}
	for _, g := range s.covering {
		if slices.ContainsFunc(g.ranges, func(p netip.Prefix) bool {
			return largest(p) && len(netx.Subtract([]netip.Prefix{p}, wide)) == 0
		}) {
			out = append(out, g)
		}
	}
	return out
}

// netService is a port, or a few, and what usually listens there.
type netService struct {
	name     string
	protocol string
	from, to int
}

func (s netService) String() string { return s.name + " (" + portNames(s.protocol, s.from, s.to) + ")" }

func portNames(protocol string, from, to int) string {
	if from == to {
		return fmt.Sprintf("%s %d", protocol, from)
	}
	return fmt.Sprintf("%s %d-%d", protocol, from, to)
}

// tcp and bothProtocols make services of one name.
func tcp(name string, port int) netService { return netService{name, "tcp", port, port} }

func bothProtocols(name string, from, to int) []netService {
	return []netService{{name, "tcp", from, to}, {name, "udp", from, to}}
}

func sshService() []netService { return []netService{tcp("SSH", 22)} }

func rdpService() []netService { return bothProtocols("RDP", 3389, 3389) }

func databaseServices() []netService {
	return []netService{
		tcp("SQL Server", 1433), tcp("Oracle", 1521), tcp("Oracle TLS", 2483), tcp("MySQL", 3306), tcp("PostgreSQL", 5432),
		tcp("MongoDB", 27017), tcp("Redis", 6379), tcp("Elasticsearch", 9200), tcp("Elasticsearch nodes", 9300), tcp("Kibana", 5601),
		tcp("Memcached", 11211), {"Memcached", "udp", 11211, 11211}, tcp("Cassandra", 9042), tcp("Cassandra nodes", 7000),
		tcp("Kafka", 9092), tcp("InfluxDB", 8086), tcp("CouchDB", 5984),
	}
}

func fileServices() []netService {
	return slices.Concat(bothProtocols("NetBIOS", 137, 139), bothProtocols("SMB", 445, 445), bothProtocols("rpcbind", 111, 111), bothProtocols("NFS", 2049, 2049))
}

// loginServices carry passwords in clear.
func loginServices() []netService { return []netService{{"FTP", "tcp", 20, 21}, tcp("Telnet", 23)} }

func mailServices() []netService { return append(bothProtocols("DNS", 53, 53), tcp("SMTP", 25)) }

// someNames lists a few things and counts the rest.
func someNames[T any](list []T) string {
	const most = 5
	var out []string
	for i, x := range list {
		if i == most {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(list)-most)
		}
		out = append(out, fmt.Sprint(x))
	}
	return strings.Join(out, ", ")
}
