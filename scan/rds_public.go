package scan

// DBSubnetGroup are the subnets that an instance may lie in.
type DBSubnetGroup struct {
	VpcId   string
	Subnets []DBSubnet
}

// DBSubnet is one of them.
type DBSubnet struct {
	SubnetIdentifier       string
	SubnetAvailabilityZone struct{ Name string }
}

func rdsPublicChecks() []Check {
	return []Check{
		Each(dbInstances, Check{
			ID: "rds-public", Title: "RDS instance reachable from the internet", Severity: High, Worst: Critical,
			Service: "rds", Type: "AWS::RDS::DBInstance",
			Why:   "Everyone may try passwords and faults of the database server, and one wrong rule of a security group is all that keeps them off.",
			Fix:   "Turn public access off, and reach the database from inside the VPC or through a VPN; restore a cluster that has no VPC into one.",
			Refs:  []string{"cis-3.0:2.3.3", "cis-5.0:2.2.3", "cis-7.0:3.2.3", "fsbp:RDS.2", "scoutsuite:rds-instance-publicly-accessible", "scoutsuite:rds-security-group-allows-all"},
			Reads: []string{"AWS::RDS::DBCluster", "AWS::EC2::SecurityGroup", "AWS::EC2::PrefixList.Entries", "AWS::EC2::RouteTable", "AWS::EC2::Subnet"},
		}, rdsPublic),
	}
}

// rdsPublic judges the public address. What is around it only sets how bad it is. A
// cluster of Aurora without a VPC has a gateway of RDS instead.
func rdsPublic(d *DBInstance, p *Params) Verdict {
	gateway, unseen := d.gateway(p.Facts)
	switch {
	case gateway:
		return Fail("everyone reaches the cluster %s through its internet access gateway; signing in by IAM is all that keeps them off", d.DBClusterIdentifier).At("DBClusterIdentifier", d.DBClusterIdentifier)
	case d.PubliclyAccessible == nil:
		return ec2LeftOut(rdsInstances, &d.Resource, "PubliclyAccessible")
	case !*d.PubliclyAccessible && len(unseen) > 0:
		return Unknown(unseen...)
	case !*d.PubliclyAccessible:
		return Pass("the instance has no public address")
	}
	open, unread, by := d.reached(p.Facts)
	switch {
	case open:
		v := Fail("the instance has a public address, and everyone reaches %s", portNames("tcp", d.Endpoint.Port, d.Endpoint.Port)).At("PubliclyAccessible", true).As(Critical)
		v.Evidence = onceEvidence(append(v.Evidence, by...))
		return v
	case len(unread) == 0:
		return Fail("the instance has a public address, and its network keeps everyone out").At("PubliclyAccessible", true).As(Low)
	}
	v := Fail("the instance has a public address; what its network lets in was not seen").At("PubliclyAccessible", true)
	v.Unread = once(unread)
	return v
}

// gateway says whether the instance is part of a cluster that is reached without a VPC,
// which only Aurora PostgreSQL has. Errors say why that is not known.
func (d *DBInstance) gateway(f *Facts) (yes bool, unseen []*ReadError) {
	if d.Engine != "aurora-postgresql" || d.DBClusterIdentifier == "" {
		return false, nil
	}
	for _, c := range All[Database](f, d.Region) {
		if c.Type == clusterDatabases.Type && c.Name == d.DBClusterIdentifier {
			return c.InternetAccessGatewayEnabled, nil
		}
	}
	return false, notSeen(f, clusterDatabases.Kind, d.Region, "the cluster "+d.DBClusterIdentifier)
}

// reached says whether route and security groups let everyone to the port of the
// database. Errors say why some of that is not known. An instance that is being made has
// no port yet.
func (d *DBInstance) reached(f *Facts) (open bool, unread []*ReadError, by []Evidence) {
	if d.Endpoint == nil || d.Endpoint.Port == 0 || d.DBSubnetGroup == nil || len(d.DBSubnetGroup.Subnets) == 0 || len(d.VpcSecurityGroups) == 0 {
		return false, []*ReadError{{Op: rdsInstances, Action: rdsInstances, Resource: d.ARN, Region: d.Region, Why: Context, Code: "RDS does not tell its port, subnets or security groups"}}, nil
	}
	port := tcp(d.Engine, d.Endpoint.Port)
	grants, hidden := interfaceGrants(f, d.Region, d.nic())
	for _, of := range d.families() {
		door := doorOf(port, of, grants, hidden, nil, nil)
		if !door.maybe() {
			continue
		}
		for _, subnet := range d.subnets() {
			way := toInternet(f, d.Region, d.DBSubnetGroup.VpcId, subnet, of)
			switch {
			case way.known() && !way.yes:
			case way.known() && door.open:
				open = true
				by = append(append(by, way.evidence...), door.groups...)
			default:
				unread = append(append(unread, way.unread...), door.unread...)
			}
		}
	}
	return open, unread, by
}

// nic is the interface of the instance, as far as RDS tells of it.
func (d *DBInstance) nic() *InstanceInterface {
	nic := &InstanceInterface{}
	for _, g := range d.VpcSecurityGroups {
		nic.Groups = append(nic.Groups, struct{ GroupId string }{g.VpcSecurityGroupId})
	}
	return nic
}

func (d *DBInstance) families() []family {
	if d.NetworkType == "DUAL" {
		return []family{4, 6}
	}
	return []family{4}
}

// subnets are those of the zones that the instance lies in, all of its group if that does
// not tell.
func (d *DBInstance) subnets() (out []string) {
	var all []string
	for _, s := range d.DBSubnetGroup.Subnets {
		all = append(all, s.SubnetIdentifier)
		if zone := s.SubnetAvailabilityZone.Name; zone != "" && (zone == d.AvailabilityZone || zone == d.SecondaryAvailabilityZone) {
			out = append(out, s.SubnetIdentifier)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}
