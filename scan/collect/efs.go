package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

func efsOperations() []operation {
	return []operation{
		{name: "elasticfilesystem:DescribeFileSystems", list: describeFileSystems},
		{name: "elasticfilesystem:DescribeFileSystemPolicy", of: "AWS::EFS::FileSystem", absent: []string{"PolicyNotFound"}, read: fileSystemPolicy},
	}
}

func describeFileSystems(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.efs().DescribeFileSystems, &efs.DescribeFileSystemsInput{MaxItems: aws.Int32(100)},
		func(in *efs.DescribeFileSystemsInput, out *efs.DescribeFileSystemsOutput) (*string, error) {
			for _, f := range out.FileSystems {
				name := aws.ToString(f.Name)
				if name == "" {
					name = aws.ToString(f.FileSystemId)
				}
				emit(item{Type: "AWS::EFS::FileSystem", ARN: aws.ToString(f.FileSystemArn), Name: name,
					Tags: pairTags(f.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }),
					Data: fields{"FileSystemId": f.FileSystemId, "Encrypted": f.Encrypted, "KmsKeyId": f.KmsKeyId, "NumberOfMountTargets": f.NumberOfMountTargets, "CreationTime": f.CreationTime}})
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
}

func fileSystemPolicy(ctx context.Context, c *clients, f *item) (fields, error) {
	id, _ := recorded[string](f, "FileSystemId")
	out, err := c.efs().DescribeFileSystemPolicy(ctx, &efs.DescribeFileSystemPolicyInput{FileSystemId: &id})
	if err != nil {
		return nil, err
	}
	return fields{"Policy": policyText(out.Policy)}, nil
}
