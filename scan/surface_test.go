package scan_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// surfaceChecks are checks whose cases hold ways in.
func surfaceChecks(t *testing.T) (out []scan.Check) {
	t.Helper()
	ids := append(scan.ExposingChecks(), "ec2-instance-exposed", "ec2-instance-public-ip", "iam-role-trust-public", "iam-role-trust-external", "iam-role-admin-external")
	for _, c := range scan.Checks() {
		if slices.Contains(ids, c.ID) {
			out = append(out, c)
		}
	}
	return out
}

func (f *caseFile) surface(t *testing.T, lines []map[string]any) []scan.Exposure {
	t.Helper()
	facts, err := scan.Load(bytes.NewReader(f.snapshot(t, lines)), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	return scan.Surface(facts[0], f.Trusted...)
}

// TestSurfaceFollowsVerdicts: where a check that is about a way in fails, there is an
// exposure of the resource; where it does not know, or fails for lack of what would close
// the way, there is one that is not sure.
func TestSurfaceFollowsVerdicts(t *testing.T) {
	for _, c := range surfaceChecks(t) {
		for _, path := range casePaths(t, c.ID) {
			f := readCase(t, path, c)
			if len(f.Params) > 0 {
				continue // Surface knows no parameters
			}
			all := f.surface(t, f.Lines)
			for _, v := range f.run(t, f.Lines) {
				of := exposuresOf(all, v.Resource)
				sure := slices.ContainsFunc(of, func(x scan.Exposure) bool { return len(x.Unread) == 0 })
				least, direct := scan.LeastExposing(c.ID)
				switch {
				case v.Status == scan.StatusFail && v.Severity >= least && len(v.Unread) > 0:
					if sure || len(of) == 0 {
						t.Errorf("%s: %s fails (%s), and the surface does not say that it is not sure", filepath.Base(path), v.Resource.ARN, v.Message)
					}
				case v.Status == scan.StatusFail && v.Severity >= least && !sure && c.ID != "ec2-instance-public-ip":
					t.Errorf("%s: %s fails (%s), and no exposure says so", filepath.Base(path), v.Resource.ARN, v.Message)
				case v.Status == scan.StatusUnknown && len(of) == 0 && wasAsked(v):
					t.Errorf("%s: %s is unknown (%s), and the surface says nothing", filepath.Base(path), v.Resource.ARN, v.Message)
				case v.Status == scan.StatusPass && direct && slices.ContainsFunc(of, func(x scan.Exposure) bool { return says(x, v.Message) }):
					t.Errorf("%s: %s passes, and is on the surface", filepath.Base(path), v.Resource.ARN)
				}
			}
		}
	}
}

func exposuresOf(all []scan.Exposure, r scan.ResourceRef) []scan.Exposure {
	return slices.DeleteFunc(slices.Clone(all), func(x scan.Exposure) bool { return x.Resource.ARN != r.ARN || x.Resource.Type != r.Type })
}

func wasAsked(v scan.Finding) bool {
	return slices.ContainsFunc(v.Unread, func(e *scan.ReadError) bool { return e.Why != scan.NotPlanned && e.Why != scan.Disabled })
}

func says(x scan.Exposure, message string) bool {
	return slices.ContainsFunc(x.Chain, func(s scan.ChainStep) bool { return s.Says == message })
}

// TestSurfaceNeverForgets takes away what each operation read, in turn. No exposure may
// become sure that was not, and none may vanish: it is not sure, or what it is of could
// not be listed.
func TestSurfaceNeverForgets(t *testing.T) {
	for _, c := range surfaceChecks(t) {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			for _, path := range casePaths(t, c.ID) {
				f := readCase(t, path, c)
				before := f.surface(t, f.Lines)
				for _, op := range c.Operations() {
					after := f.surface(t, f.without(op))
					for _, x := range after {
						if len(x.Unread) == 0 && !slices.ContainsFunc(before, func(o scan.Exposure) bool { return wayOf(o) == wayOf(x) && len(o.Unread) == 0 }) {
							t.Errorf("%s, %s denied: %s became sure", filepath.Base(path), op, wayOf(x))
						}
					}
					for _, x := range before {
						if len(x.Unread) == 0 && !slices.ContainsFunc(after, func(o scan.Exposure) bool {
							return o.Resource.ARN == x.Resource.ARN || o.Resource.Name == "*" && o.Resource.Type == x.Resource.Type
						}) {
							t.Errorf("%s, %s denied: %s vanished", filepath.Base(path), op, wayOf(x))
						}
					}
				}
			}
		})
	}
}

func wayOf(x scan.Exposure) string { return x.Who + " → " + x.Where + " (" + x.Resource.ARN + ")" }

// TestSurfaceChain shows a whole chain, and the address of what is no instance.
func TestSurfaceChain(t *testing.T) {
	const region = `"a":"123456789012","r":"eu-west-1"`
	arn := func(typ, id string) string { return "arn:aws:ec2:eu-west-1:123456789012:" + typ + "/" + id }
	res := func(typ, kind, id, data string) string {
		return fmt.Sprintf(`{"k":"res",%s,"t":"AWS::EC2::%s","id":"%s","n":"%s","d":%s}`+"\n", region, typ, arn(kind, id), id, data)
	}
	lines := `{"k":"scope",` + region + `,"s":"read"}` + "\n"
	for _, op := range []string{"Instances", "NetworkInterfaces", "SecurityGroups", "RouteTables", "NetworkAcls", "Subnets"} {
		lines += `{"k":"unit",` + region + `,"op":"ec2:Describe` + op + `","s":"end"}` + "\n"
	}
	const nic = `"SubnetId":"subnet-1","VpcId":"vpc-1"`
	lines += res("RouteTable", "route-table", "rtb-1", `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Routes":[{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1","State":"active"}],"Associations":[{"Main":true}]}`) +
		res("NetworkAcl", "network-acl", "acl-1", `{"NetworkAclId":"acl-1","VpcId":"vpc-1","Entries":[{"RuleNumber":90,"RuleAction":"deny","Protocol":"6","PortRange":{"From":81,"To":89},"CidrBlock":"0.0.0.0/0"},{"RuleNumber":100,"RuleAction":"allow","Protocol":"-1","CidrBlock":"0.0.0.0/0"}],"Associations":[{"SubnetId":"subnet-1"}]}`) +
		res("SecurityGroup", "security-group", "sg-1", `{"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":80,"ToPort":90,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]},{"IpProtocol":"udp","FromPort":53,"ToPort":53,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]}`) +
		res("Instance", "instance", "i-1", `{"InstanceId":"i-1","State":{"Name":"running"},"IamInstanceProfile":{"Arn":"arn:aws:iam::123456789012:instance-profile/web"},"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1",`+nic+`,"Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"203.0.113.7"}}]}`) +
		res("NetworkInterface", "network-interface", "eni-1", `{"NetworkInterfaceId":"eni-1",`+nic+`,"Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"203.0.113.7"},"Attachment":{"InstanceId":"i-1"}}`) +
		res("NetworkInterface", "network-interface", "eni-2", `{"NetworkInterfaceId":"eni-2",`+nic+`,"Groups":[{"GroupId":"sg-1"}],"Description":"ELB app/web/1","Association":{"PublicIp":"203.0.113.8"}}`) +
		res("NetworkInterface", "network-interface", "eni-3", `{"NetworkInterfaceId":"eni-3",`+nic+`,"Groups":[],"InterfaceType":"network_load_balancer","Association":{"PublicIp":"203.0.113.9"}}`) +
		res("NetworkInterface", "network-interface", "eni-4", `{"NetworkInterfaceId":"eni-4",`+nic+`,"Groups":[],"InterfaceType":"nat_gateway","Association":{"PublicIp":"203.0.113.10"}}`) +
		res("NetworkInterface", "network-interface", "eni-5", `{"NetworkInterfaceId":"eni-5",`+nic+`,"Groups":[],"InterfaceType":"natGateway","Association":{"PublicIp":"203.0.113.11"}}`)
	var got strings.Builder
	for _, x := range scan.Surface(load(t, lines)[0]) {
		if x.Region == scan.Global || len(x.Unread) > 0 {
			t.Errorf("not sure, or of another region: %+v", x)
		}
		fmt.Fprintf(&got, "%s → %s %s\n", x.Who, x.Where, strings.Join(x.What, ", "))
		for _, s := range x.Chain {
			fmt.Fprintf(&got, "  %s %s\n", s.ARN[strings.LastIndex(s.ARN, "/")+1:], s.Says)
		}
	}
	const want = `everyone → 203.0.113.7 tcp 80, tcp 90
  rtb-1 sends 0.0.0.0/0 to an internet gateway
  acl-1 lets 0.0.0.0/0 in
  sg-1 lets 0.0.0.0/0 in on tcp 80, tcp 90
  eni-1 has the public address 203.0.113.7
  i-1 the instance has it, and the role of arn:aws:iam::123456789012:instance-profile/web
everyone → 203.0.113.8 tcp 80, tcp 90
  rtb-1 sends 0.0.0.0/0 to an internet gateway
  acl-1 lets 0.0.0.0/0 in
  sg-1 lets 0.0.0.0/0 in on tcp 80, tcp 90
  eni-2 has the public address 203.0.113.8
  eni-2 the interface has it: ELB app/web/1
everyone → 203.0.113.9 the ports that it listens on
  rtb-1 sends 0.0.0.0/0 to an internet gateway
  acl-1 lets 0.0.0.0/0 in
  eni-3 has the public address 203.0.113.9
  eni-3 the interface has it
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// TestExposingChecks: every row names a check of the catalogue.
func TestExposingChecks(t *testing.T) {
	file, err := os.Open("checks.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range scan.ExposingChecks() {
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[0] == id }) {
			t.Errorf("there is no check %s", id)
		}
	}
}
