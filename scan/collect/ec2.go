package collect

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Unpaginated calls count against smaller limits, so that every call asks for pages,
// the largest that EC2 gives.
const (
	ec2Page    = 1000
	volumePage = 500
	routePage  = 100
)

func ec2Operations() []operation {
	return slices.Concat([]operation{
		{name: "ec2:DescribeInstances", list: describeInstances},
		{name: "ec2:DescribeVolumes", list: describeVolumes},
		{name: "ec2:DescribeSnapshots", calls: 2, list: describeSnapshots},
		{name: "ec2:DescribeImages", list: describeImages},
		{name: "ec2:GetEbsEncryptionByDefault", of: "AWS::Region", read: ebsEncryption},
		{name: "ec2:GetSnapshotBlockPublicAccessState", of: "AWS::Region", read: snapshotBlock},
		{name: "ec2:GetImageBlockPublicAccessState", of: "AWS::Region", read: imageBlock},
	}, vpcOperations(), addressOperations())
}

// ec2Item is a resource of EC2: its ARN from its parts, its tags apart, and the record as
// EC2 gives it. owner is the account that it belongs to, nil where EC2 does not say and it
// is the own.
func ec2Item(c *clients, typ, name string, id, owner *string, tags []types.Tag, record any) (item, error) {
	account := aws.ToString(owner)
	if account == "" {
		account = c.accountID
	}
	i := item{Type: typ, Name: aws.ToString(id), ARN: "arn:" + c.partition + ":ec2:" + c.region + ":" + account + ":" + name + "/" + aws.ToString(id)}
	for _, t := range tags {
		if i.Tags == nil {
			i.Tags = map[string]string{}
		}
		i.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	var err error
	i.Data, err = parts(record)
	delete(i.Data, "Tags")
	delete(i.Data, "TagSet")
	return i, err
}

func describeInstances(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeInstances, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) (*string, error) {
			for _, r := range out.Reservations {
				for _, x := range r.Instances {
					i, err := ec2Item(c, "AWS::EC2::Instance", "instance", x.InstanceId, r.OwnerId, x.Tags, x)
					if err != nil {
						return nil, err
					}
					emit(i)
				}
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func describeVolumes(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeVolumes, &ec2.DescribeVolumesInput{MaxResults: aws.Int32(volumePage)},
		func(in *ec2.DescribeVolumesInput, out *ec2.DescribeVolumesOutput) (*string, error) {
			for _, x := range out.Volumes {
				i, err := ec2Item(c, "AWS::EC2::Volume", "volume", x.VolumeId, nil, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

// describeSnapshots asks first for those that everyone may restore, which saves a call
// for every single one, and then for all.
func describeSnapshots(ctx context.Context, c *clients, emit func(item)) error {
	shared := map[string]bool{}
	list := func(in *ec2.DescribeSnapshotsInput, public bool) error {
		in.OwnerIds, in.MaxResults = []string{"self"}, aws.Int32(ec2Page)
		return eachPage(ctx, c.ec2().DescribeSnapshots, in, func(in *ec2.DescribeSnapshotsInput, out *ec2.DescribeSnapshotsOutput) (*string, error) {
			for _, x := range out.Snapshots {
				id := aws.ToString(x.SnapshotId)
				if shared[id] {
					continue
				}
				i, err := ec2Item(c, "AWS::EC2::Snapshot", "snapshot", x.SnapshotId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				shared[id], i.Data["Public"] = public, public
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	}
	if err := list(&ec2.DescribeSnapshotsInput{RestorableByUserIds: []string{"all"}}, true); err != nil {
		return err
	}
	return list(&ec2.DescribeSnapshotsInput{}, false)
}

func describeImages(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ec2().DescribeImages, &ec2.DescribeImagesInput{Owners: []string{"self"}, MaxResults: aws.Int32(ec2Page)},
		func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) (*string, error) {
			for _, x := range out.Images {
				i, err := ec2Item(c, "AWS::EC2::Image", "image", x.ImageId, x.OwnerId, x.Tags, x)
				if err != nil {
					return nil, err
				}
				emit(i)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func ebsEncryption(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.ec2().GetEbsEncryptionByDefault(ctx, &ec2.GetEbsEncryptionByDefaultInput{})
	if err != nil {
		return nil, err
	}
	on, err := said(out.EbsEncryptionByDefault)
	return fields{"EBSEncryption": on}, err
}

func snapshotBlock(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.ec2().GetSnapshotBlockPublicAccessState(ctx, &ec2.GetSnapshotBlockPublicAccessStateInput{})
	if err != nil {
		return nil, err
	}
	if out.State == "" {
		return nil, errLeftOut
	}
	return fields{"SnapshotBlock": out.State}, nil
}

func imageBlock(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.ec2().GetImageBlockPublicAccessState(ctx, &ec2.GetImageBlockPublicAccessStateInput{})
	if err != nil {
		return nil, err
	}
	state, err := said(out.ImageBlockPublicAccessState)
	return fields{"ImageBlock": state}, err
}
