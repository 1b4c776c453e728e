package scan

import (
	"slices"
	"strings"
)

func ebsChecks() []Check {
	return []Check{
		Each(regions, Check{
			ID: "ec2-ebs-default-encryption", Title: "EBS encryption by default off", Severity: Medium,
			Service: "ec2", Type: "AWS::Region",
			Why:   "A new volume is stored in clear unless whoever makes it remembers to ask for encryption.",
			Fix:   "Enable EBS encryption by default in the region (aws ec2 enable-ebs-encryption-by-default).",
			Refs:  []string{"cis-3.0:2.2.1", "cis-5.0:5.1.1", "cis-7.0:6.1.1", "fsbp:EC2.7", "scoutsuite:ec2-ebs-default-encryption-disabled"},
			Needs: []string{"EBSEncryption"},
		}, func(r *Region, _ *Params) Verdict {
			if r.EBSEncryption.V {
				return Pass("new volumes are encrypted")
			}
			return Fail("new volumes are not encrypted unless it is asked for").At("EBSEncryption", false)
		}),
		Each(ebsVolumes, Check{
			ID: "ec2-ebs-volume-encrypted", Title: "EBS volume unencrypted", Severity: Medium,
			Service: "ec2", Type: "AWS::EC2::Volume",
			Why:  "The volume's blocks, and every snapshot made of it, can be read without a key that could be withheld.",
			Fix:  "Make an encrypted copy of a snapshot of the volume, restore it, and replace the volume.",
			Refs: []string{"fsbp:EC2.3", "scoutsuite:ec2-ebs-volume-not-encrypted"},
		}, func(v *EBSVolume, _ *Params) Verdict {
			switch {
			case v.Encrypted == nil:
				return ec2LeftOut("ec2:DescribeVolumes", &v.Resource, "Encrypted")
			case *v.Encrypted:
				return Pass("the volume is encrypted")
			}
			return Fail("the volume is not encrypted").At("Encrypted", false)
		}),
		Grouped(ebsSnapshots, Check{
			ID: "ec2-ebs-snapshot-encrypted", Title: "EBS snapshot unencrypted", Severity: Low,
			Service: "ec2", Type: "AWS::EC2::Snapshot",
			Why:  "An unencrypted snapshot can be shared with any account by one call, and read there.",
			Fix:  "Copy the snapshots that are still needed with encryption, delete the others, and encrypt the volume.",
			Refs: []string{"scoutsuite:ec2-ebs-snapshot-not-encrypted"},
		}, snapshotGroup, snapshotsEncrypted),
		Each(ebsSnapshots, Check{
			ID: "ec2-ebs-snapshot-public", Title: "EBS snapshot shared with everyone", Severity: Critical,
			Service: "ec2", Type: "AWS::EC2::Snapshot",
			Why:   "Anyone with an AWS account can restore the snapshot and read the whole volume.",
			Fix:   "Remove the group all from the snapshot's createVolumePermission, and treat what was on the volume as disclosed.",
			Refs:  []string{"fsbp:EC2.1", "scoutsuite:ec2-ebs-snapshot-public"},
			Reads: []string{"AWS::Region.SnapshotBlock"},
		}, snapshotPublic),
		Each(regions, Check{
			ID: "ec2-snapshot-bpa", Title: "Snapshot block public access off", Severity: Medium,
			Service: "ec2", Type: "AWS::Region",
			Why:   "One wrong permission on one snapshot publishes a whole volume.",
			Fix:   "Block public sharing of snapshots in the region (aws ec2 enable-snapshot-block-public-access --state block-all-sharing).",
			Refs:  []string{"fsbp:EC2.182"},
			Needs: []string{"SnapshotBlock"},
		}, func(r *Region, _ *Params) Verdict {
			return publicBlock("SnapshotBlock", "ec2:GetSnapshotBlockPublicAccessState", r, r.SnapshotBlock.V)
		}),
	}
}

// snapshotPublic judges how a snapshot is shared. A region that blocks all public sharing
// leaves that as it is and lets nobody in: the snapshot is public again once the block goes.
// https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
func snapshotPublic(s *EBSSnapshot, p *Params) Verdict {
	switch {
	case s.Public == nil:
		return ec2LeftOut("ec2:DescribeSnapshots", &s.Resource, "Public")
	case !*s.Public:
		return Pass("the snapshot is not shared with everyone")
	}
	var block Val[string]
	if r := Find[Region](p.Facts, s.Region); r != nil {
		block = r.SnapshotBlock
	}
	if block.V == "block-all-sharing" {
		return Fail("the snapshot is shared with everyone, and the region's block of public sharing is all that keeps them out").At("Public", true).As(Low)
	}
	v := Fail("every AWS account may restore the snapshot").At("Public", true)
	if unread := []*ReadError{orNotPlanned(block.Err)}; !block.Known() && asked(unread) {
		v.Unread = unread
	}
	return v
}

func imageChecks() []Check {
	return []Check{
		Each(machineImages, Check{
			ID: "ec2-ami-public", Title: "Own AMI is public", Severity: High,
			Service: "ec2", Type: "AWS::EC2::Image",
			Why:  "Anyone with an AWS account can start the image and read all that was left on its disks.",
			Fix:  "Remove the group all from the image's launchPermission, and treat what is in the image as disclosed.",
			Refs: []string{"scoutsuite:ec2-ami-public"},
		}, func(i *MachineImage, _ *Params) Verdict {
			switch {
			case i.Public == nil:
				return ec2LeftOut("ec2:DescribeImages", &i.Resource, "Public")
			case *i.Public:
				return Fail("every AWS account may start the image").At("Public", true)
			}
			return Pass("the image is not public")
		}),
		Each(regions, Check{
			ID: "ec2-ami-bpa", Title: "AMI block public access off", Severity: Medium,
			Service: "ec2", Type: "AWS::Region",
			Why:   "One wrong permission on one image publishes its disks.",
			Fix:   "Block public sharing of images in the region (aws ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing).",
			Needs: []string{"ImageBlock"},
		}, func(r *Region, _ *Params) Verdict {
			return publicBlock("ImageBlock", "ec2:GetImageBlockPublicAccessState", r, r.ImageBlock.V)
		}),
	}
}

// publicBlock judges the state of a region's block of public sharing.
func publicBlock(field, op string, r *Region, state string) Verdict {
	switch state {
	case "block-all-sharing":
		return Pass("public sharing is blocked")
	case "block-new-sharing":
		return Pass("new public sharing is blocked; what is public already stays so")
	case "unblocked":
		return Fail("public sharing is not blocked").At(field, state)
	}
	return Unknown(&ReadError{Op: op, Action: op, Region: r.Region, Why: Failed, Code: "bad-answer: the state " + state})
}

// snapshotGroup is what a snapshot was made of. Copies and imports have no volume that
// could be told, and stand alone.
func snapshotGroup(s *EBSSnapshot) string {
	if s.VolumeId == "" || s.VolumeId == "vol-ffffffff" {
		return s.ARN
	}
	return s.VolumeId
}

// snapshotsEncrypted judges the snapshots of one volume. The newest of those that
// decide stands for all.
func snapshotsEncrypted(all []*EBSSnapshot, _ *Params) (*EBSSnapshot, Verdict) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *EBSSnapshot) int {
		if c := b.StartTime.Compare(a.StartTime); c != 0 {
			return c
		}
		return strings.Compare(a.ARN, b.ARN)
	})
	var bare, unsaid []*EBSSnapshot
	for _, s := range all {
		switch {
		case s.Encrypted == nil:
			unsaid = append(unsaid, s)
		case !*s.Encrypted:
			bare = append(bare, s)
		}
	}
	switch {
	case len(bare) > 0:
		s := bare[0]
		return s, Fail("%d of %d snapshots of %s are not encrypted, the newest is %s", len(bare), len(all), volumeName(s), s.SnapshotId).At("Encrypted", false)
	case len(unsaid) > 0:
		return unsaid[0], ec2LeftOut("ec2:DescribeSnapshots", &unsaid[0].Resource, "Encrypted")
	}
	return all[0], Pass("all %d snapshots of %s are encrypted", len(all), volumeName(all[0]))
}

func volumeName(s *EBSSnapshot) string {
	if snapshotGroup(s) == s.ARN {
		return "no known volume"
	}
	return s.VolumeId
}
