package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

const entryPage = 100

func vpcOperations() []operation {
	return []operation{
		{name: "ec2:DescribeSecurityGroups", list: describeSecurityGroups},
		{name: "ec2:DescribeNetworkInterfaces", list: describeNetworkInterfaces},
		{name: "ec2:DescribeVpcs", list: describeVpcs},
		{name: "ec2:DescribeSubnets", list: describeSubnets},
		{name: "ec2:DescribeRouteTables", list: describeRouteTables},
		{name: "ec2:DescribeNetworkAcls", list: describeNetworkAcls},
		{name: "ec2:DescribeFlowLogs", list: describeFlowLogs},
		{name: "ec2:GetManagedPrefixListEntries", of: "AWS::EC2::PrefixList", read: prefixListEntries},
	}
}

// describeSecurityGroups gives the groups, and the prefix lists that their rules let in:
// only those are asked for their entries.
func describeSecurityGroups(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) (*string, error) {
			for _, x := range out.SecurityGroups {
				i, err := ec2Item(c, "AWS::EC2::SecurityGroup", "security-group", x.GroupId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				i.Name = aws.ToString(x.GroupName)
				emit(i)
				for _, rule := range x.IpPermissions {
					for _, l := range rule.PrefixListIds {
						list, err := ec2Item(c, "AWS::EC2::PrefixList", "prefix-list", l.PrefixListId, nil, nil, struct{}{})
						if err != nil {
							return nil, err
						}
						emit(list)
					}
				}
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeNetworkInterfaces(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) (*string, error) {
			for _, x := range out.NetworkInterfaces {
				i, err := ec2Item(c, "AWS::EC2::NetworkInterface", "network-interface", x.NetworkInterfaceId, x.OwnerId, x.TagSet, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeVpcs(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeVpcs, &ec2.DescribeVpcsInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) (*string, error) {
			for _, x := range out.Vpcs {
				i, err := ec2Item(c, "AWS::EC2::VPC", "vpc", x.VpcId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeSubnets(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeSubnets, &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) (*string, error) {
			for _, x := range out.Subnets {
				i, err := ec2Item(c, "AWS::EC2::Subnet", "subnet", x.SubnetId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeRouteTables(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeRouteTables, &ec2.DescribeRouteTablesInput{MaxResults: aws.Int32(routePage)},
		func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) (*string, error) {
			for _, x := range out.RouteTables {
				i, err := ec2Item(c, "AWS::EC2::RouteTable", "route-table", x.RouteTableId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeNetworkAcls(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeNetworkAcls, &ec2.DescribeNetworkAclsInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeNetworkAclsInput, out *ec2.DescribeNetworkAclsOutput) (*string, error) {
			for _, x := range out.NetworkAcls {
				i, err := ec2Item(c, "AWS::EC2::NetworkAcl", "network-acl", x.NetworkAclId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeFlowLogs(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeFlowLogs, &ec2.DescribeFlowLogsInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeFlowLogsInput, out *ec2.DescribeFlowLogsOutput) (*string, error) {
			for _, x := range out.FlowLogs {
				i, err := ec2Item(c, "AWS::EC2::FlowLog", "vpc-flow-log", x.FlowLogId, nil, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func prefixListEntries(ctx context.Context, c *clients, l *item) (fields, error) {
	entries := []any{}
	err := eachPage(ctx, c.ec2().GetManagedPrefixListEntries, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: &l.Name, MaxResults: aws.Int32(entryPage)},
		func(in *ec2.GetManagedPrefixListEntriesInput, out *ec2.GetManagedPrefixListEntriesOutput) (*string, error) {
			for _, e := range out.Entries {
				entries = append(entries, e)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	return fields{"Entries": entries}, err
}
