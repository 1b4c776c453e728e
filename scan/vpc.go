package scan

// SecurityGroup is a security group, its own account's or one that is shared with it.
type SecurityGroup struct {
	Resource
	GroupId, GroupName, VpcId, OwnerId string
	IpPermissions, IpPermissionsEgress []IpPermission
}

// IpPermission is a rule of a security group.
type IpPermission struct {
	IpProtocol       string // tcp, udp, icmp, icmpv6, a number, or -1 for all
	FromPort, ToPort *int
	IpRanges         []struct{ CidrIp string }
	Ipv6Ranges       []struct{ CidrIpv6 string }
	PrefixListIds    []struct{ PrefixListId string }
	UserIdGroupPairs []struct{ GroupId string }
}

// PrefixList is a managed prefix list that a security group refers to.
type PrefixList struct {
	Resource
	Entries Val[[]PrefixListEntry] `op:"ec2:GetManagedPrefixListEntries"`
}

// PrefixListEntry is one range of a prefix list.
type PrefixListEntry struct{ Cidr string }

// NetworkInterface is an elastic network interface.
type NetworkInterface struct {
	Resource
	NetworkInterfaceId, SubnetId, VpcId, InterfaceType, Description string
	Groups                                                          []struct{ GroupId string }
	Association                                                     *Association
	PrivateIpAddresses                                              []struct{ Association *Association }
	Ipv6Addresses                                                   []struct{ Ipv6Address string }
	Ipv6Prefixes                                                    []struct{ Ipv6Prefix string }
	Attachment                                                      *struct{ InstanceId string }
}

// VPC is a virtual network, the account's own or one that is shared with it.
type VPC struct {
	Resource
	VpcId, OwnerId string
	IsDefault      bool
	// Ipv6CidrBlockAssociationSet are ranges whose addresses stay the account's while the
	// VPC is there.
	Ipv6CidrBlockAssociationSet []struct{ Ipv6CidrBlock string }
}

// Subnet is a part of a VPC.
type Subnet struct {
	Resource
	SubnetId, VpcId, OwnerId string
}

// RouteTable says where the traffic of subnets goes.
type RouteTable struct {
	Resource
	RouteTableId, VpcId, OwnerId string
	Routes                       []Route
	Associations                 []RouteAssociation
}

// Route is one way of a route table.
type Route struct {
	DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId string
	GatewayId                                                               string // igw-, vgw-, local, ...
	State                                                                   string // active, blackhole
}

// RouteAssociation ties a route table to a subnet, or makes it the VPC's main one.
type RouteAssociation struct {
	Main     bool
	SubnetId string
}

// NetworkAcl is the packet filter of subnets.
type NetworkAcl struct {
	Resource
	NetworkAclId, VpcId, OwnerId string
	IsDefault                    bool
	Entries                      []NetworkAclEntry
	Associations                 []struct{ SubnetId string }
}

// NetworkAclEntry is a rule of a packet filter. The lowest number that fits decides.
type NetworkAclEntry struct {
	RuleNumber               int
	Egress                   bool
	Protocol                 string // a number, -1 for all
	RuleAction               string // allow, deny
	CidrBlock, Ipv6CidrBlock string
	PortRange                *struct{ From, To int } // nil means all
	IcmpTypeCode             *struct{ Type int }     // -1 means all
}

// FlowLog records the traffic of a VPC, a subnet or an interface.
type FlowLog struct {
	Resource
	FlowLogId, ResourceId, FlowLogStatus string
	TrafficType                          string // ACCEPT, REJECT, ALL
	DeliverLogsErrorMessage              string // "Access error" where AWS may not write the log
}

var (
	securityGroups    = newKind[SecurityGroup]("AWS::EC2::SecurityGroup", "ec2", Regional, "ec2:DescribeSecurityGroups")
	prefixLists       = newKind[PrefixList]("AWS::EC2::PrefixList", "ec2", Regional, "ec2:DescribeSecurityGroups")
	networkInterfaces = newKind[NetworkInterface]("AWS::EC2::NetworkInterface", "ec2", Regional, "ec2:DescribeNetworkInterfaces")
	vpcs              = newKind[VPC]("AWS::EC2::VPC", "ec2", Regional, "ec2:DescribeVpcs")
	subnets           = newKind[Subnet]("AWS::EC2::Subnet", "ec2", Regional, "ec2:DescribeSubnets")
	routeTables       = newKind[RouteTable]("AWS::EC2::RouteTable", "ec2", Regional, "ec2:DescribeRouteTables")
	networkAcls       = newKind[NetworkAcl]("AWS::EC2::NetworkAcl", "ec2", Regional, "ec2:DescribeNetworkAcls")
	flowLogs          = newKind[FlowLog]("AWS::EC2::FlowLog", "ec2", Regional, "ec2:DescribeFlowLogs")
)

func vpcKinds() []*Kind {
	return []*Kind{
		securityGroups.Kind, prefixLists.Kind, networkInterfaces.Kind, vpcs.Kind,
		subnets.Kind, routeTables.Kind, networkAcls.Kind, flowLogs.Kind,
	}
}

// sharedBy says that a resource of another account is shared with this one, "" if it
// is its own.
func sharedBy(owner string, p *Params) string {
	if owner == "" || owner == p.Account {
		return ""
	}
	return "it belongs to account " + owner + ", which shares the VPC"
}
