package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fob/scan"
)

// condition writes conditions of a rule about the resources at a path.
type condition struct {
	path string
	args []int // the arguments that are used, in their order
}

// typ is the resource type of the path.
func (o *condition) typ() (string, error) {
	for _, t := range []struct{ path, typ string }{
		{"ec2.regions.id.vpcs.id.instances.id", "AWS::EC2::Instance"},
		{"ec2.regions.id.volumes.id", "AWS::EC2::Volume"},
		{"ec2.regions.id.snapshots.id", "AWS::EC2::Snapshot"},
		{"ec2.regions.id.images.id", "AWS::EC2::Image"},
		{"ec2.regions.id.vpcs.id.security_groups.id", "AWS::EC2::SecurityGroup"},
		{"vpc.regions.id.vpcs.id.subnets.id", "AWS::EC2::Subnet"},
		{"vpc.regions.id.vpcs.id", "AWS::EC2::VPC"},
		{"iam.users.id", "AWS::IAM::User"},
		{"iam.roles.id", "AWS::IAM::Role"},
		{"iam.groups.id", "AWS::IAM::Group"},
		{"iam.policies.id", "AWS::IAM::ManagedPolicy"},
		{"s3.buckets.id", "AWS::S3::Bucket"},
		{"rds.regions.id.vpcs.id.instances.id", "AWS::RDS::DBInstance"},
		{"redshift.regions.id.vpcs.id.clusters.id", "AWS::Redshift::Cluster"},
		{"awslambda.regions.id.functions.id", "AWS::Lambda::Function"},
		{"kms.regions.id.keys.id", "AWS::KMS::Key"},
		{"cloudtrail.regions.id.trails.id", "AWS::CloudTrail::Trail"},
		{"acm.regions.id.certificates.id", "AWS::CertificateManager::Certificate"},
		{"efs.regions.id.filesystems.id", "AWS::EFS::FileSystem"},
	} {
		if t.path == o.path && slices.ContainsFunc(scan.Kinds(), func(k *scan.Kind) bool { return k.Type == t.typ }) {
			return t.typ, nil
		}
	}
	return "", fmt.Errorf("its path %q is no type of resource that rules can be about", o.path)
}

// all writes a list that begins with "and" or "or", or a single test.
func (o *condition) all(list *old, depth int) (string, error) {
	if list == nil || len(list.elements) == 0 || depth > 20 {
		return "", errors.New("a condition is empty, or goes too deep")
	}
	word := list.elements[0].text()
	if word != "and" && word != "or" {
		return o.test(list)
	}
	var parts []string
	for _, e := range list.elements[1:] {
		part, err := o.all(e, depth+1)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "", errors.New("a condition is empty")
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return "(" + strings.Join(parts, " "+word+" ") + ")", nil
}

// test writes one test: the path of a value, the name of the test, and what it is tested
// for.
func (o *condition) test(list *old) (string, error) {
	if len(list.elements) != 3 {
		return "", fmt.Errorf("a test has %d parts, not three", len(list.elements))
	}
	name, wanted := list.elements[1].text(), list.elements[2]
	field, err := o.field(list.elements[0].text())
	if err != nil {
		return "", err
	}
	v, err := o.wanted(wanted)
	if err != nil {
		return "", err
	}
	if name == "withKey" || name == "withoutKey" {
		return withKey(field, name, v)
	}
	if field == "resource" {
		return "", fmt.Errorf("the test %s is of the whole resource", name)
	}
	return o.write(field, name, v, wanted)
}
