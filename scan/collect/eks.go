package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
)

func eksOperations() []operation {
	return []operation{
		{name: "eks:ListClusters", list: listKubernetes},
		{name: "eks:DescribeCluster", of: "AWS::EKS::Cluster", read: describeKubernetes},
	}
}

// listKubernetes lists the clusters of EKS, without those that are connected to it.
func listKubernetes(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.eks().ListClusters, &eks.ListClustersInput{MaxResults: aws.Int32(100)},
		func(in *eks.ListClustersInput, out *eks.ListClustersOutput) (*string, error) {
			for _, name := range out.Clusters {
				emit(item{Type: "AWS::EKS::Cluster", Name: name, ARN: "arn:" + c.partition + ":eks:" + c.region + ":" + c.accountID + ":cluster/" + name})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeKubernetes(ctx context.Context, c *clients, i *item) (fields, error) {
	out, err := c.eks().DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &i.Name})
	if err != nil {
		return nil, err
	}
	k := out.Cluster
	if k == nil || k.Version == nil || k.ResourcesVpcConfig == nil {
		return nil, errLeftOut
	}
	i.Tags = k.Tags
	return fields{
		"Version": k.Version, "PlatformVersion": k.PlatformVersion, "Status": k.Status, "CreatedAt": k.CreatedAt, "UpgradePolicy": k.UpgradePolicy,
		"Endpoint": k.Endpoint, "ResourcesVpcConfig": k.ResourcesVpcConfig, "EncryptionConfig": orNone(k.EncryptionConfig), "Logging": k.Logging, "RoleArn": k.RoleArn,
	}, nil
}
