package scan

import (
	"slices"
	"time"
)

// EBSVolume is an EBS volume.
type EBSVolume struct {
	Resource
	VolumeId  string
	Encrypted *bool
}

// EBSSnapshot is an EBS snapshot of the account's own.
type EBSSnapshot struct {
	Resource
	SnapshotId, VolumeId string
	StartTime            time.Time
	Encrypted            *bool
	Public               *bool // everyone may restore it
}

// MachineImage is an AMI of the account's own.
type MachineImage struct {
	Resource
	ImageId string
	Public  *bool
}

// EC2Instance is an EC2 instance. One that was terminated is listed for about an hour.
type EC2Instance struct {
	Resource
	InstanceId         string
	State              struct{ Name string }
	MetadataOptions    *MetadataOptions
	IamInstanceProfile *struct{ Arn string } // nil when it has no role
	NetworkInterfaces  []InstanceInterface
}

// MetadataOptions say how an instance's metadata service answers.
type MetadataOptions struct {
	HttpEndpoint string // enabled, disabled
	HttpTokens   string // required, optional
}

// InstanceInterface is a network interface as the instance shows it.
type InstanceInterface struct {
	NetworkInterfaceId, SubnetId, VpcId string
	Groups                              []struct{ GroupId string }
	Association                         *Association
	PrivateIpAddresses                  []struct{ Association *Association }
	Ipv6Addresses                       []struct{ Ipv6Address string }
	Ipv6Prefixes                        []struct{ Ipv6Prefix string }
}

// Association is the public IPv4 address of a private one.
type Association struct{ PublicIp string }

var (
	ebsVolumes    = newKind[EBSVolume]("AWS::EC2::Volume", "ec2", Regional, "ec2:DescribeVolumes")
	ebsSnapshots  = newKind[EBSSnapshot]("AWS::EC2::Snapshot", "ec2", Regional, "ec2:DescribeSnapshots")
	machineImages = newKind[MachineImage]("AWS::EC2::Image", "ec2", Regional, "ec2:DescribeImages")
	ec2Instances  = newKind[EC2Instance]("AWS::EC2::Instance", "ec2", Regional, "ec2:DescribeInstances")
)

func ec2Kinds() []*Kind {
	return slices.Concat([]*Kind{ebsVolumes.Kind, ebsSnapshots.Kind, machineImages.Kind, ec2Instances.Kind}, vpcKinds(), addressKinds())
}

func ec2Checks() []Check {
	return slices.Concat(ebsChecks(), imageChecks(), instanceChecks(), groupChecks(), networkChecks())
}

// ec2LeftOut is for an answer that lacks what it always has.
func ec2LeftOut(op string, r *Resource, field string) Verdict {
	return Unknown(&ReadError{Op: op, Action: op, Resource: r.ARN, Region: r.Region, Why: Failed, Code: "bad-answer: no " + field})
}

// gone says why an instance that ended, or never came up, is not judged; "" for others.
func (i *EC2Instance) gone() string {
	switch i.State.Name {
	case "terminated", "shutting-down":
		return "the instance is " + i.State.Name
	}
	return ""
}
