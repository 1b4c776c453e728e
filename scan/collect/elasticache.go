package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
)

func elasticacheOperations() []operation {
	return []operation{{name: "elasticache:DescribeReplicationGroups", list: describeReplicationGroups}}
}

func describeReplicationGroups(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.elasticache().DescribeReplicationGroups, &elasticache.DescribeReplicationGroupsInput{MaxRecords: aws.Int32(100)},
		func(in *elasticache.DescribeReplicationGroupsInput, out *elasticache.DescribeReplicationGroupsOutput) (*string, error) {
			for _, x := range out.ReplicationGroups {
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				emit(item{Type: "AWS::ElastiCache::ReplicationGroup", ARN: aws.ToString(x.ARN), Name: aws.ToString(x.ReplicationGroupId), Data: data})
			}
			in.Marker = out.Marker
			return in.Marker, nil
		})
}
