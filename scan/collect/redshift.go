package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"
)

const redshiftPage = 100

func redshiftOperations() []operation {
	const cluster, group = "AWS::Redshift::Cluster", "AWS::Redshift::ClusterParameterGroup"
	return []operation{
		{name: "redshift:DescribeClusters", list: describeRedshiftClusters},
		{name: "redshift:DescribeLoggingStatus", of: cluster, read: redshiftLogging},
		{name: "redshift:DescribeClusterParameters", of: group, read: redshiftParameters},
	}
}

// describeRedshiftClusters gives the clusters and their parameter groups: only those in
// use are asked for their settings. The password that is about to change is left out,
// masked as it is.
func describeRedshiftClusters(ctx context.Context, c *clients, emit func(item)) error {
	arn := "arn:" + c.partition + ":redshift:" + c.region + ":" + c.accountID + ":"
	return eachPage(ctx, c.redshift().DescribeClusters, &redshift.DescribeClustersInput{MaxRecords: aws.Int32(redshiftPage)},
		func(in *redshift.DescribeClustersInput, out *redshift.DescribeClustersOutput) (*string, error) {
			for _, x := range out.Clusters {
				if x.PendingModifiedValues != nil {
					x.PendingModifiedValues.MasterUserPassword = nil
				}
				i := item{Type: "AWS::Redshift::Cluster", Name: aws.ToString(x.ClusterIdentifier), Tags: pairTags(x.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })}
				i.ARN = arn + "cluster:" + i.Name
				var err error
				if i.Data, err = parts(x); err != nil {
					return nil, err
				}
				delete(i.Data, "Tags")
				emit(i)
				for _, g := range x.ClusterParameterGroups {
					name := aws.ToString(g.ParameterGroupName)
					emit(item{Type: "AWS::Redshift::ClusterParameterGroup", Name: name, ARN: arn + "parametergroup:" + name})
				}
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}

func redshiftLogging(ctx context.Context, c *clients, x *item) (fields, error) {
	out, err := c.redshift().DescribeLoggingStatus(ctx, &redshift.DescribeLoggingStatusInput{ClusterIdentifier: &x.Name})
	if err != nil {
		return nil, err
	}
	return fields{"Logging": out}, nil
}

func redshiftParameters(ctx context.Context, c *clients, g *item) (fields, error) {
	parameters := []fields{}
	err := eachPage(ctx, c.redshift().DescribeClusterParameters, &redshift.DescribeClusterParametersInput{ParameterGroupName: &g.Name, MaxRecords: aws.Int32(redshiftPage)},
		func(in *redshift.DescribeClusterParametersInput, out *redshift.DescribeClusterParametersOutput) (*string, error) {
			for _, p := range out.Parameters {
				parameters = append(parameters, fields{"ParameterName": p.ParameterName, "ParameterValue": p.ParameterValue, "Source": p.Source})
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
	return fields{"Parameters": parameters}, err
}
