package scan

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What judging a big snapshot may take.
const (
	bigResources = 50_000
	bigFindings  = 200_000
	mostMemory   = 300 << 20
	mostTime     = 10 * time.Second
)

// bigSnapshot writes an account of fifty thousand resources in seventeen regions: groups
// with rules, instances, snapshots, volumes, buckets, and roles that deploy.
func bigSnapshot(w io.Writer) {
	z := gzip.NewWriter(w)
	out := bufio.NewWriter(z)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	const account = "123456789012"
	var regions []string
	for n := range 17 {
		regions = append(regions, fmt.Sprintf("eu-west-%d", n+1))
	}
	line(`{"k":"head","v":1,"at":"2026-11-22T18:40:00Z","accounts":["%s"],"partition":"aws"}`, account)
	for _, r := range regions {
		line(`{"k":"scope","a":"%s","r":"%s","s":"read"}`, account, r)
	}
	for _, k := range Kinds() {
		for _, op := range k.List {
			if k.Scope == Once {
				line(`{"k":"unit","a":"%s","r":"global","op":"%s","s":"end"}`, account, op)
				continue
			}
			for _, r := range regions {
				line(`{"k":"unit","a":"%s","r":"%s","op":"%s","s":"end"}`, account, r, op)
			}
		}
	}
	record := func(n int, region, typ, arn, data string) {
		line(`{"k":"res","a":"%s","r":"%s","at":"2026-11-22T18:41:00Z","t":"%s","id":"%s","n":"name-%d","tags":{"env":"prod","team":"payments"},"d":{%s},"st":{"PermissionsBoundary":"absent"}}`, account, region, typ, arn, n, data)
	}
	for n := range bigResources {
		region := regions[n%len(regions)]
		ec2 := func(typ, id, data string) {
			record(n, region, "AWS::EC2::"+typ, "arn:aws:ec2:"+region+":"+account+":"+strings.ToLower(typ)+"/"+id, data)
		}
		id := fmt.Sprintf("%017x", n)
		switch n % 10 {
		case 0, 1, 2, 4:
			ec2("SecurityGroup", "sg-"+id, `"GroupId":"sg-`+id+`","GroupName":"g","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"10.0.0.0/8","Description":"office"}]},{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}],"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]`)
		case 3:
			ec2("Instance", "i-"+id, `"InstanceId":"i-`+id+`","State":{"Name":"running","Code":16},"MetadataOptions":{"HttpEndpoint":"enabled","HttpTokens":"required"},"ImageId":"ami-1","InstanceType":"m5.large","LaunchTime":"2026-01-01T00:00:00Z","NetworkInterfaces":[{"NetworkInterfaceId":"eni-`+id+`","SubnetId":"subnet-1","VpcId":"vpc-1","Groups":[{"GroupId":"sg-1","GroupName":"g"}]}]`)
		case 5, 6:
			ec2("Snapshot", "snap-"+id, `"SnapshotId":"snap-`+id+`","VolumeId":"vol-`+id+`","StartTime":"2026-01-01T00:00:00Z","Encrypted":true,"Public":false,"State":"completed","VolumeSize":100`)
		case 7:
			ec2("Volume", "vol-"+id, `"VolumeId":"vol-`+id+`","Encrypted":false,"State":"in-use","Size":100`)
		case 8:
			bucket := "arn:aws:s3:::bucket-" + id
			record(n, region, "AWS::S3::Bucket", bucket, `"CreationDate":"2026-01-01T00:00:00Z"`)
			record(n, region, "AWS::S3::Bucket", bucket, `"Versioning":{"Status":"Enabled"}`)
		case 9:
			record(n, "global", "AWS::IAM::Role", "arn:aws:iam::"+account+":role/role-"+id, `"RoleId":"AROA`+id+`","Path":"/","CreateDate":"2026-01-01T00:00:00Z","InstanceProfiles":[],"InlinePolicies":[`+deploys(n)+`],"AttachedManagedPolicies":[],"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
		}
	}
	line(`{"k":"end","a":"%s","complete":true}`, account)
	_ = out.Flush()
	_ = z.Close()
}

// deploys is a policy of a role that may do something to roles that are not there; of every
// twentieth, all that it takes to become one of them.
func deploys(n int) string {
	actions := `"iam:PassRole","iam:CreateRole","iam:PutRolePolicy"`
	if n%200 == 9 {
		actions += `,"iam:UpdateAssumeRolePolicy","sts:AssumeRole"`
	}
	return `{"PolicyName":"deploy","PolicyDocument":{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["s3:Get*","logs:*","lambda:*"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":[` + actions + `],"Resource":"arn:aws:iam::123456789012:role/tmp-*"}]}}`
}

// TestBigEval judges a big snapshot in a process of its own, whose memory is then that of
// Load and Judge.
func TestBigEval(t *testing.T) {
	if file := os.Getenv("FOB_TEST_SNAPSHOT"); file != "" {
		evalBig(t, file)
		return
	}
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	file := filepath.Join(t.TempDir(), "snapshot.jsonl.gz")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	bigSnapshot(f)
	_ = f.Close()
	child := exec.Command(os.Args[0], "-test.run=^TestBigEval$", "-test.v")
	child.Env = append(os.Environ(), "FOB_TEST_SNAPSHOT="+file)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	memory := child.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	spent := child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	_, rest, _ := strings.Cut(string(out), "findings ")
	number, _, _ := strings.Cut(rest, "\n")
	findings, _ := strconv.Atoi(number)
	if findings < bigFindings || memory > mostMemory || spent > mostTime {
		t.Errorf("%d findings took %d MB and %s", findings, memory>>20, spent)
	}
	t.Logf("%d findings took %d MB and %s", findings, memory>>20, spent)
}

func evalBig(t *testing.T, file string) {
	started := time.Now()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	facts, err := Load(f, Kinds())
	if err != nil {
		t.Fatal(err)
	}
	loaded := time.Since(started)
	n := 0
	to := json.NewEncoder(io.Discard)
	Judge(facts[0], Checks(), Options{}, func(x Finding) {
		n++
		_ = to.Encode(x)
	})
	fmt.Printf("\nload %s, all %s\nfindings %d\n", loaded, time.Since(started), n)
}
