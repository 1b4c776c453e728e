package collect

import (
	"bytes"
	"slices"
	"testing"

	"fob/internal/mototest"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
)

// emulated is what fillMoto made.
type emulated struct{ instance, group, byList, snapshot, vpc string }

// fillMoto makes a small vulnerable network with an instance in it.
func fillMoto(t *testing.T, endpoint string) (made emulated) {
	t.Helper()
	ctx := t.Context()
	cfg := aws.Config{Region: "eu-west-1", Credentials: anyone(), BaseEndpoint: &endpoint}
	c := ec2.NewFromConfig(cfg)
	vpc := must(c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")}))(t).Vpc.VpcId
	subnet := must(c.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: aws.String("10.1.1.0/24")}))(t).Subnet.SubnetId
	gateway := must(c.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{}))(t).InternetGateway.InternetGatewayId
	must(c.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{VpcId: vpc, InternetGatewayId: gateway}))(t)
	table := must(c.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc}))(t).RouteTable.RouteTableId
	must(c.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: gateway}))(t)
	must(c.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet}))(t)
	list := must(c.CreateManagedPrefixList(ctx, &ec2.CreateManagedPrefixListInput{PrefixListName: aws.String("all"), MaxEntries: aws.Int32(5),
		AddressFamily: aws.String("IPv4"), Entries: []types.AddPrefixListEntry{{Cidr: aws.String("0.0.0.0/0")}}}))(t).PrefixList.PrefixListId
	group := func(name string, rule types.IpPermission) *string {
		id := must(c.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name, VpcId: vpc}))(t).GroupId
		must(c.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []types.IpPermission{rule}}))(t)
		return id
	}
	ssh := group("ssh", types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}})
	byList := group("by-list", types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5432), PrefixListIds: []types.PrefixListId{{PrefixListId: list}}})
	image := must(c.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}}))(t).Images[0].ImageId
	run := must(c.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: image, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		NetworkInterfaces: []types.InstanceNetworkInterfaceSpecification{{DeviceIndex: aws.Int32(0), SubnetId: subnet, Groups: []string{*ssh}, AssociatePublicIpAddress: aws.Bool(true)}}}))(t)
	volume := must(c.CreateVolume(ctx, &ec2.CreateVolumeInput{Size: aws.Int32(1), AvailabilityZone: aws.String("eu-west-1a")}))(t).VolumeId
	snapshot := must(c.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume}))(t).SnapshotId
	must(guardduty.NewFromConfig(cfg).CreateDetector(ctx, &guardduty.CreateDetectorInput{Enable: aws.Bool(true)}))(t)
	return emulated{*run.Instances[0].InstanceId, *ssh, *byList, *snapshot, *vpc}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestMoto reads an emulated account, not one made for these tests. Moto takes no notice of
// who may restore a snapshot.
func TestMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("an emulator takes seconds to start")
	}
	endpoint := mototest.Start(t)
	made := fillMoto(t, endpoint)
	var ids []string
	for _, c := range scan.Checks() {
		if slices.Contains([]string{"ec2", "config", "guardduty", "securityhub", "account"}, c.Service) {
			ids = append(ids, c.ID)
		}
	}
	plan, err := NewPlan(pick(t, ids...))
	if err != nil {
		t.Fatal(err)
	}
	c := &Collector{Plan: plan, Endpoint: endpoint, Only: []string{"eu-west-1"}}
	out := new(bytes.Buffer)
	if err := c.Run(t.Context(), theAccount(), out); err != nil {
		t.Fatal(err)
	}
	s := parse(t, out.Bytes())
	got := map[[2]string]scan.Status{}
	for _, x := range findings(t, s, ids...) {
		for _, id := range []string{made.instance, made.group, made.byList, made.snapshot, made.vpc} {
			if x.Resource.Name == id || bytes.HasSuffix([]byte(x.Resource.ARN), []byte("/"+id)) {
				got[[2]string{x.Check, id}] = x.Status
			}
		}
		if x.Resource.Type == "AWS::Region" {
			got[[2]string{x.Check, ""}] = x.Status
		}
	}
	for want, status := range map[[2]string]scan.Status{
		{"ec2-instance-exposed", made.instance}:       scan.StatusFail,
		{"ec2-instance-public-ip", made.instance}:     scan.StatusFail,
		{"vpc-sg-ssh-open", made.group}:               scan.StatusFail,
		{"vpc-sg-ssh-open", made.byList}:              scan.StatusPass,
		{"vpc-sg-db-open", made.byList}:               scan.StatusFail,
		{"vpc-sg-db-open", made.group}:                scan.StatusPass,
		{"ec2-ebs-snapshot-encrypted", made.snapshot}: scan.StatusFail,
		{"vpc-flow-logs", made.vpc}:                   scan.StatusFail,
		{"ec2-ebs-default-encryption", ""}:            scan.StatusFail,
		{"guardduty-enabled", ""}:                     scan.StatusPass,
		{"config-recorder", ""}:                       scan.StatusFail,
		{"ec2-snapshot-bpa", ""}:                      scan.StatusUnknown, // moto has no such call
	} {
		if got[want] != status {
			t.Errorf("%v: %s, want %s", want, got[want], status)
		}
	}
	if scopes := s.scopes(); slices.Contains(slices.Concat(scopes["excluded"], scopes["disabled"]), "cn-north-1") {
		t.Error("a region of another partition is among them")
	}
}
