package scan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// network is a snapshot of a subnet that the internet reaches, behind a packet filter and
// a group.
func network(entries, rules string, more ...string) string {
	const region = `"a":"123456789012","r":"eu-west-1"`
	lines := `{"k":"scope",` + region + `,"s":"read"}` + "\n"
	for _, op := range []string{"ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls", "ec2:DescribeSubnets", "elbv2:DescribeLoadBalancers", "elb:DescribeLoadBalancers"} {
		lines += `{"k":"unit",` + region + `,"op":"` + op + `","s":"end"}` + "\n"
	}
	lines += ec2Line("RouteTable", "route-table/rtb-1", `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Routes":[{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1","State":"active"},{"DestinationIpv6CidrBlock":"::/0","GatewayId":"igw-1","State":"active"}],"Associations":[{"Main":true}]}`) +
		ec2Line("NetworkAcl", "network-acl/acl-1", `{"NetworkAclId":"acl-1","VpcId":"vpc-1","Entries":[`+entries+`],"Associations":[{"SubnetId":"subnet-1"}]}`) +
		ec2Line("SecurityGroup", "security-group/sg-1", `{"GroupId":"sg-1","IpPermissions":[`+rules+`]}`)
	return lines + strings.Join(more, "")
}

func ec2Line(typ, id, data string) string {
	return line("AWS::EC2::"+typ, "arn:aws:ec2:eu-west-1:123456789012:"+id, data)
}

func line(typ, arn, data string) string {
	return fmt.Sprintf(`{"k":"res","a":"123456789012","r":"eu-west-1","t":"%s","id":"%s","n":"%s","d":%s}`+"\n", typ, arn, arn[strings.LastIndex(arn, "/")+1:], data)
}

func interfaceLine(id, description, addr, groups string) string {
	return ec2Line("NetworkInterface", "network-interface/"+id, `{"NetworkInterfaceId":"`+id+`","SubnetId":"subnet-1","VpcId":"vpc-1","Groups":[`+groups+`],"Description":"`+description+`","Association":{"PublicIp":"`+addr+`"}}`)
}

const anyEntry = `{"RuleNumber":100,"RuleAction":"allow","Protocol":"-1","CidrBlock":"0.0.0.0/0"},{"RuleNumber":101,"RuleAction":"allow","Protocol":"-1","Ipv6CidrBlock":"::/0"}`

// TestSurfaceBalancers: a load balancer is one way in, by the name that people know.
func TestSurfaceBalancers(t *testing.T) {
	const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/"
	const web = `{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`
	lines := network(anyEntry, web,
		line("AWS::ElasticLoadBalancingV2::LoadBalancer", arn+"app/web/1", `{"Type":"application","DNSName":"web-1.eu-west-1.elb.amazonaws.com"}`),
		line("AWS::ElasticLoadBalancingV2::LoadBalancer", arn+"net/mail/2", `{"Type":"network","DNSName":"mail-2.elb.eu-west-1.amazonaws.com"}`),
		strings.Replace(line("AWS::ElasticLoadBalancingV2::LoadBalancer", arn+"net/mail/2", `{"Listeners":[{"Protocol":"TCP","Port":25},{"Protocol":"TLS","Port":465}]}`), `"k":"res"`, `"k":"res","op":"elbv2:DescribeListeners"`, 1),
		line("AWS::ElasticLoadBalancing::LoadBalancer", arn+"old", `{"DNSName":"old-3.eu-west-1.elb.amazonaws.com"}`),
		interfaceLine("eni-1", "ELB app/web/1", "203.0.113.1", `{"GroupId":"sg-1"}`),
		interfaceLine("eni-2", "ELB app/web/1", "203.0.113.2", `{"GroupId":"sg-1"}`),
		interfaceLine("eni-3", "ELB net/mail/2", "203.0.113.3", ``),
		interfaceLine("eni-4", "ELB old", "203.0.113.4", `{"GroupId":"sg-1"}`),
		interfaceLine("eni-5", "ELB app/gone/9", "203.0.113.5", `{"GroupId":"sg-1"}`),
	)
	var got []string
	for _, x := range scan.Surface(load(t, lines)[0]) {
		got = append(got, fmt.Sprint(x.Service, " ", x.Where, " ", strings.Join(x.What, ", "), " ", len(x.Chain), " ", x.Chain[len(x.Chain)-1].ARN[len("arn:aws:"):]))
	}
	want := []string{
		"ec2 203.0.113.5 tcp 443 5 ec2:eu-west-1:123456789012:network-interface/eni-5",
		"elb old-3.eu-west-1.elb.amazonaws.com tcp 443 5 elasticloadbalancing:eu-west-1:123456789012:loadbalancer/old",
		"elbv2 web-1.eu-west-1.elb.amazonaws.com tcp 443 6 elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1",
		"elbv2 mail-2.elb.eu-west-1.amazonaws.com TCP 25, TLS 465 4 elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/mail/2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSurfaceICMP: types are no ports, and a packet filter may have entries of its own.
func TestSurfaceICMP(t *testing.T) {
	const (
		ping     = `{"IpProtocol":"icmp","FromPort":8,"ToPort":0,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`
		anything = `{"IpProtocol":"icmp","FromPort":-1,"ToPort":-1,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`
		near     = `{"IpProtocol":"icmp","FromPort":-1,"ToPort":-1,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}`
		six      = `{"IpProtocol":"icmpv6","FromPort":-1,"ToPort":-1,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}`
		all      = `{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`
		onlyTCP  = `{"RuleNumber":9,"RuleAction":"allow","Protocol":"6","CidrBlock":"0.0.0.0/0"}`
		noICMP   = `{"RuleNumber":9,"RuleAction":"deny","Protocol":"1","IcmpTypeCode":{"Type":-1,"Code":-1},"CidrBlock":"0.0.0.0/0"},` + anyEntry
		noEcho   = `{"RuleNumber":9,"RuleAction":"deny","Protocol":"1","IcmpTypeCode":{"Type":8,"Code":-1},"CidrBlock":"0.0.0.0/0"},` + anyEntry
	)
	for _, c := range []struct{ entries, rules, want string }{
		{anyEntry, ping, "203.0.113.7 icmp"},
		{anyEntry, anything, "203.0.113.7 icmp"},
		{anyEntry, near, ""},
		{anyEntry, six, "2001:db8::7 icmpv6"},
		{anyEntry, all, "203.0.113.7 all of tcp, all of udp, icmp"},
		{onlyTCP, all, "203.0.113.7 all of tcp"},
		{noICMP, anything, ""},
		{noEcho, anything, "203.0.113.7 icmp"},
	} {
		lines := network(c.entries, c.rules, ec2Line("Instance", "instance/i-1", `{"InstanceId":"i-1","State":{"Name":"running"},"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","VpcId":"vpc-1","Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"203.0.113.7"},"Ipv6Addresses":[{"Ipv6Address":"2001:db8::7"}]}]}`))
		var got []string
		for _, x := range scan.Surface(load(t, lines)[0]) {
			got = append(got, x.Where+" "+strings.Join(x.What, ", "))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("entries %s, rules %s: got %q, want %q", c.entries, c.rules, got, c.want)
		}
	}
}

// TestSurfaceNames: what somebody outside would use stands before the ARN.
func TestSurfaceNames(t *testing.T) {
	for _, c := range []struct {
		check, field string
		value        any
		want         string
	}{
		{"rds-public", "Endpoint", map[string]any{"Address": "db.example", "Port": 5432}, "db.example:5432"},
		{"redshift-public", "Endpoint", map[string]any{"Address": "dwh.example", "Port": 5439}, "dwh.example:5439"},
		{"opensearch-public", "Endpoint", "search.example", "https://search.example"},
		{"eks-public-endpoint", "Endpoint", "https://api.eks.example", "https://api.eks.example"},
		{"sqs-public", "QueueUrl", "https://sqs.example/1/jobs", "https://sqs.example/1/jobs"},
		{"ecr-public-policy", "RepositoryUri", "1.dkr.example/app", "1.dkr.example/app"},
		{"cloudfront-dangling-origin", "DomainName", "d111.cloudfront.net", "https://d111.cloudfront.net"},
		{"cloudfront-dangling-origin", "Aliases", map[string]any{"Items": []any{"www.example.com"}}, "https://www.example.com"},
		{"lambda-url-open", "", nil, "https://"},
	} {
		check := scan.Checks()[slices.IndexFunc(scan.Checks(), func(k scan.Check) bool { return k.ID == c.check })]
		named := false
		for _, path := range casePaths(t, c.check) {
			f := readCase(t, path, check)
			for _, l := range f.Lines {
				if d, ok := l["d"].(map[string]any); ok && l["t"] == check.Type && c.field != "" {
					d[c.field] = c.value
					if c.field == "Aliases" {
						d["DomainName"] = "d111.cloudfront.net"
					}
				}
			}
			for _, x := range f.surface(t, f.Lines) {
				named = named || x.Resource.Type == check.Type && x.Resource.ARN != "" && strings.HasPrefix(x.Where, c.want)
			}
		}
		if !named {
			t.Errorf("%s: no way in is called %s", c.check, c.want)
		}
	}
}
