package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

const rdsPage = 100

func rdsOperations() []operation {
	return []operation{
		{name: "rds:DescribeDBInstances", list: describeDBInstances},
		{name: "rds:DescribeDBClusters", list: describeDBClusters},
		{name: "rds:DescribeDBSnapshots", list: describeDBSnapshots},
		{name: "rds:DescribeDBClusterSnapshots", list: describeDBClusterSnapshots},
		{name: "rds:DescribeDBSnapshotAttributes", of: "AWS::RDS::DBSnapshot", absent: []string{"DBSnapshotNotFound"}, read: dbSnapshotAttributes},
		{name: "rds:DescribeDBClusterSnapshotAttributes", of: "AWS::RDS::DBClusterSnapshot", absent: []string{"DBClusterSnapshotNotFoundFault"}, read: dbClusterSnapshotAttributes},
	}
}

func rdsItem(typ string, arn, name *string, tags []types.Tag, record any) (item, error) {
	i := item{Type: typ, ARN: aws.ToString(arn), Name: aws.ToString(name), Tags: pairTags(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })}
	var err error
	i.Data, err = parts(record)
	delete(i.Data, "TagList")
	return i, err
}

// describeDBInstances leaves out the password that is about to change, masked as it is.
func describeDBInstances(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.rds().DescribeDBInstances, &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(rdsPage)},
		func(in *rds.DescribeDBInstancesInput, out *rds.DescribeDBInstancesOutput) (*string, error) {
			for _, x := range out.DBInstances {
				if x.PendingModifiedValues != nil {
					x.PendingModifiedValues.MasterUserPassword = nil
				}
				i, err := rdsItem("AWS::RDS::DBInstance", x.DBInstanceArn, x.DBInstanceIdentifier, x.TagList, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}

func describeDBClusters(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.rds().DescribeDBClusters, &rds.DescribeDBClustersInput{MaxRecords: aws.Int32(rdsPage)},
		func(in *rds.DescribeDBClustersInput, out *rds.DescribeDBClustersOutput) (*string, error) {
			for _, x := range out.DBClusters {
				if x.PendingModifiedValues != nil {
					x.PendingModifiedValues.MasterUserPassword = nil
				}
				i, err := rdsItem("AWS::RDS::DBCluster", x.DBClusterArn, x.DBClusterIdentifier, x.TagList, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}

// describeDBSnapshots asks for those that somebody made: others cannot be shared.
func describeDBSnapshots(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.rds().DescribeDBSnapshots, &rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual"), MaxRecords: aws.Int32(rdsPage)},
		func(in *rds.DescribeDBSnapshotsInput, out *rds.DescribeDBSnapshotsOutput) (*string, error) {
			for _, x := range out.DBSnapshots {
				i, err := rdsItem("AWS::RDS::DBSnapshot", x.DBSnapshotArn, x.DBSnapshotIdentifier, x.TagList, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}

func describeDBClusterSnapshots(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.rds().DescribeDBClusterSnapshots, &rds.DescribeDBClusterSnapshotsInput{SnapshotType: aws.String("manual"), MaxRecords: aws.Int32(rdsPage)},
		func(in *rds.DescribeDBClusterSnapshotsInput, out *rds.DescribeDBClusterSnapshotsOutput) (*string, error) {
			for _, x := range out.DBClusterSnapshots {
				i, err := rdsItem("AWS::RDS::DBClusterSnapshot", x.DBClusterSnapshotArn, x.DBClusterSnapshotIdentifier, x.TagList, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}

func dbSnapshotAttributes(ctx context.Context, c *clients, s *item) (fields, error) {
	out, err := c.rds().DescribeDBSnapshotAttributes(ctx, &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: &s.Name})
	if err != nil {
		return nil, err
	}
	result, err := said(out.DBSnapshotAttributesResult)
	return fields{"Attributes": orNone(result.DBSnapshotAttributes)}, err
}

func dbClusterSnapshotAttributes(ctx context.Context, c *clients, s *item) (fields, error) {
	out, err := c.rds().DescribeDBClusterSnapshotAttributes(ctx, &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: &s.Name})
	if err != nil {
		return nil, err
	}
	result, err := said(out.DBClusterSnapshotAttributesResult)
	return fields{"Attributes": orNone(result.DBClusterSnapshotAttributes)}, err
}
