package report_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/report"
)

// made is a scan that never was, made anew at every reading: nothing of it is kept.
type made struct {
	accounts, regions, perType int // resources of a type per account and region
	checksPerType              int
	diff                       bool
	checks                     []scan.CheckInfo
	types                      []madeType
}

// madeType is a type of resource of a made scan: its service, the form of its ids, and
// of its ARNs.
type madeType struct {
	typ, service, id, arn, name string
	checks                      []scan.CheckInfo
}

var madeAt = time.Date(2026, 11, 22, 18, 40, 0, 0, time.UTC)

// newMade takes its checks from the catalogue's table.
func newMade(t testing.TB, accounts, regions, perType, checksPerType int) *made {
	t.Helper()
	m := &made{accounts: accounts, regions: regions, perType: perType, checksPerType: checksPerType, types: []madeType{
		{typ: "AWS::EC2::Instance", service: "ec2", id: "i-%017x", arn: "arn:aws:ec2:%s:%s:instance/%s", name: "%s-node-%x"},
		{typ: "AWS::EC2::SecurityGroup", service: "ec2", id: "sg-%017x", arn: "arn:aws:ec2:%s:%s:security-group/%s", name: "%s-sg-%x"},
		{typ: "AWS::S3::Bucket", service: "s3", arn: "arn:aws:s3:::%[3]s", id: "%[2]s-%[1]x", name: ""},
		{typ: "AWS::IAM::Role", service: "iam", arn: "arn:aws:iam::%[2]s:role/%[3]s", id: "%[2]s-role-%[1]x"},
		{typ: "AWS::IAM::User", service: "iam", arn: "arn:aws:iam::%[2]s:user/%[3]s", id: "%[2]s.%[1]x"},
		{typ: "AWS::RDS::DBInstance", service: "rds", arn: "arn:aws:rds:%s:%s:db:%s", id: "%[2]s-db-%[1]x"},
		{typ: "AWS::Lambda::Function", service: "lambda", arn: "arn:aws:lambda:%s:%s:function:%s", id: "%[2]s-fn-%[1]x"},
		{typ: "AWS::ElasticLoadBalancingV2::LoadBalancer", service: "elbv2", arn: "arn:aws:elasticloadbalancing:%s:%s:loadbalancer/app/lb/%s", id: "%016x"},
		{typ: "AWS::CloudFront::Distribution", service: "cloudfront", arn: "arn:aws:cloudfront::%[2]s:distribution/%[3]s", id: "E%013X"},
		{typ: "AWS::EKS::Cluster", service: "eks", arn: "arn:aws:eks:%s:%s:cluster/%s", id: "%[2]s-eks-%[1]x"},
	}}
	for i := range m.types {
		m.types[i].checks = catalogueOf(t, m.types[i].typ, checksPerType)
		m.checks = append(m.checks, m.types[i].checks...)
	}
	slices.SortStableFunc(m.types, func(a, b madeType) int { return cmp.Compare(a.service, b.service) })
	slices.SortFunc(m.checks, func(a, b scan.CheckInfo) int { return cmp.Compare(a.ID, b.ID) })
	return m
}

// catalogueOf are the first checks of a type, as the table has them.
func catalogueOf(t testing.TB, typ string, n int) (out []scan.CheckInfo) {
	t.Helper()
	file, err := os.Open("../checks.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	done := map[string]scan.CheckInfo{}
	for _, c := range scan.Checks() {
		done[c.ID] = c.Info()
	}
	for _, r := range rows[1:] {
		if !slices.Contains(strings.Split(r[at["resource_type"]], ";"), typ) || len(out) == n {
			continue
		}
		info, ok := done[r[at["id"]]]
		if !ok {
			severity, err := scan.ParseSeverity(r[at["severity"]])
			if err != nil {
				t.Fatal(err)
			}
			info = scan.CheckInfo{ID: r[at["id"]], Title: r[at["title"]], Severity: severity, Service: r[at["service"]], Type: typ,
				Why: "What is open to others is found by others, sooner or later, and nobody notices before it is used.",
				Fix: "Close it, and let in only those who need it; then look at the log whether somebody else was there."}
			for _, f := range []string{"cis_3_0", "cis_5_0", "fsbp"} {
				for _, number := range strings.Fields(strings.ReplaceAll(r[at[f]], ";", " ")) {
					name := strings.Replace(f, "cis_3_0", "cis-3.0", 1)
					info.Refs = append(info.Refs, strings.Replace(name, "cis_5_0", "cis-5.0", 1)+":"+number)
				}
			}
		}
		if info.Refs == nil {
			info.Refs = []string{}
		}
		out = append(out, info)
	}
	return out
}

func random(parts ...any) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, parts...)
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func (m *made) account(i int) scan.AccountRef {
	names := []string{"prod", "staging", "data-platform", "sandbox", "shared-services", "log-archive"}
	return scan.AccountRef{ID: fmt.Sprintf("%012d", 111122223333+int64(i)*70104117), Name: names[i%len(names)] + strings.Repeat("-eu", i/len(names)%2)}
}

func (m *made) region(i int) string {
	return []string{"ap-southeast-2", "eu-central-1", "eu-north-1", "eu-west-1", "us-east-1", "us-west-2"}[i]
}

// resources are those of a type in a region, sorted by ARN.
func (m *made) resources(account scan.AccountRef, region string, typ madeType) (out []scan.Resource) {
	r := random(account.ID, region, typ.typ)
	teams := []string{"payments", "checkout", "search", "identity", "billing", "ingest", "reports", "mobile-api"}
	for range m.perType {
		team := teams[r.IntN(len(teams))]
		id := fmt.Sprintf(typ.id, r.Uint64()>>4, team)
		if i := strings.Index(id, "%!"); i >= 0 { // of the team, where the id has no place for it
			id = id[:i]
		}
		name := id
		if typ.name != "" {
			name = fmt.Sprintf(typ.name, team, r.Uint32N(1<<20))
		}
		tags := map[string]string{"team": team, "env": []string{"prod", "dev", "test"}[r.IntN(3)]}
		if r.IntN(2) == 0 {
			tags["Name"] = name
			tags["cost-center"] = fmt.Sprint(4000 + r.IntN(40))
		}
		out = append(out, scan.Resource{
			Account: account.ID, Region: region, Type: typ.typ, ARN: strings.TrimSuffix(fmt.Sprintf(typ.arn, region, account.ID, id), "%!(EXTRA string="+region+")"), Name: name, Tags: tags,
			At: madeAt.Add(time.Duration(r.IntN(90)) * time.Second),
		})
	}
	slices.SortFunc(out, func(a, b scan.Resource) int { return cmp.Compare(a.ARN, b.ARN) })
	return out
}

func (m *made) findings(yield func(*scan.Finding, error) bool) {
	for a := range m.accounts {
		account := m.account(a)
		for n := range m.regions {
			region := m.region(n)
			for i := 0; i < len(m.types); {
				next := i
				for next < len(m.types) && m.types[next].service == m.types[i].service {
					next++
				}
				if !m.service(account, region, m.types[i:next], yield) {
					return
				}
				i = next
			}
		}
	}
}

func (m *made) service(account scan.AccountRef, region string, types []madeType, yield func(*scan.Finding, error) bool) bool {
	type job struct {
		check     scan.CheckInfo
		resources []scan.Resource
	}
	var jobs []job
	for _, typ := range types {
		all := m.resources(account, region, typ)
		for _, c := range typ.checks {
			jobs = append(jobs, job{c, all})
		}
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(a.check.ID, b.check.ID) })
	for _, j := range jobs {
		for i := range j.resources {
			if f := m.finding(account, j.check, &j.resources[i]); !yield(f, nil) {
				return false
			}
		}
	}
	return true
}

func (m *made) finding(account scan.AccountRef, c scan.CheckInfo, res *scan.Resource) *scan.Finding {
	r := random(c.ID, res.ARN, res.Region)
	f := &scan.Finding{
		Schema: scan.Schema, ID: scan.FindingID(c.ID, res.Account, res.Region, res.ARN, ""), Scan: "01JD8", Check: c.ID, Severity: c.Severity,
		Account: account, Partition: "aws", Region: res.Region, Service: c.Service,
		Resource: scan.ResourceRef{ARN: res.ARN, Type: res.Type, Name: res.Name, Tags: res.Tags},
		Title:    c.Title, Evidence: []scan.Evidence{}, Unread: []*scan.ReadError{}, Refs: c.Refs, Fix: c.Fix, Observed: res.At,
	}
	switch n := r.IntN(100); {
	case n < 70:
		f.Status, f.Message = scan.StatusPass, "no rule, policy or setting opens it"
	case n < 78:
		f.Status, f.Message = scan.StatusNotApplicable, "the resource is shared by account 210987654321"
	case n < 82:
		f.Status = scan.StatusUnknown
		e := &scan.ReadError{Op: c.Service + ":Get" + strings.ToUpper(c.Service) + "Policy", Why: scan.Denied, By: []string{"scp", "identity", ""}[r.IntN(3)], Code: "AccessDenied", Resource: res.ARN, Request: fmt.Sprint(r.Uint64())}
		e.Action = e.Op
		f.Unread, f.Message = []*scan.ReadError{e}, "not known: "+e.Error()
	default:
		f.Status = scan.StatusFail
		switch r.IntN(4) {
		case 0:
			f.Message = "open to 0.0.0.0/0, ::/0"
			f.Evidence = []scan.Evidence{{Path: "IpPermissions[0].IpRanges[0].CidrIp", Value: "0.0.0.0/0"}}
		case 1:
			f.Message = fmt.Sprintf("tcp %d open to 0.0.0.0/0", r.IntN(65536))
			f.Evidence = []scan.Evidence{{Path: "IpPermissions[0].FromPort", Value: r.IntN(65536)}}
		case 2:
			f.Message = fmt.Sprintf("last used on %s, over 90 days ago", madeAt.AddDate(0, 0, -90-r.IntN(900)).Format(time.DateOnly))
			f.Evidence = []scan.Evidence{{Path: "LastUsed", Value: madeAt.AddDate(0, 0, -90-r.IntN(900))}}
		default:
			f.Message = fmt.Sprintf("statement Allow%08x lets everyone in", r.Uint32())
			f.Evidence = []scan.Evidence{{Path: "Policy.Statement[0]", Value: map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Sid": fmt.Sprintf("Allow%08x", r.Uint32())}}}
		}
		if r.IntN(25) == 0 {
			f.Exception = &scan.ExceptionNote{Reason: "kept for the migration", Owner: "ann@example.com", Expires: "2027-03-31"}
		}
	}
	if m.diff {
		switch {
		case f.Status == scan.StatusFail:
			f.Diff = []string{scan.DiffSame, scan.DiffSame, scan.DiffSame, scan.DiffNew, scan.DiffChanged}[r.IntN(5)]
		case f.Status == scan.StatusUnknown && r.IntN(3) == 0:
			f.Diff = scan.DiffUnseen
		case f.Status == scan.StatusPass && r.IntN(20) == 0:
			f.Diff = scan.DiffFixed
		}
	}
	return f
}

// record is a resource's, about as long and as random as AWS answers.
func (m *made) record(res scan.Resource) *scan.Record {
	r := random("record", res.ARN, res.Region)
	id := func(prefix string) string { return fmt.Sprintf("%s-%017x", prefix, r.Uint64()>>4) }
	data := map[string]any{
		"Id": res.Name, "VpcId": id("vpc"), "SubnetId": id("subnet"), "LastUsed": madeAt.Add(-time.Duration(r.IntN(900*24)) * time.Hour),
		"State": map[string]any{"Name": "running", "Code": 16}, "PrivateIpAddress": fmt.Sprintf("10.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256)),
		"MacAddress": fmt.Sprintf("02:%02x:%02x:%02x", r.IntN(256), r.IntN(256), r.IntN(256)), "KmsKeyId": fmt.Sprintf("arn:aws:kms:%s:%s:key/%08x-%04x", res.Region, res.Account, r.Uint32(), r.IntN(1<<16)),
		"IpPermissions": []any{map[string]any{"FromPort": r.IntN(65536), "ToPort": 443, "IpProtocol": "tcp", "IpRanges": []any{map[string]any{"CidrIp": "0.0.0.0/0"}}, "UserIdGroupPairs": []any{map[string]any{"GroupId": id("sg")}}}},
		"Policy":        map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": res.ARN + "/*"}}},
		"Environment":   "(masked: aws-key, at 4, 40 characters, 9f2c)",
	}
	rec := &scan.Record{Resource: res, Data: map[string]json.RawMessage{}, Absent: map[string]bool{"Website": true}}
	for name, v := range data {
		rec.Data[name], _ = json.Marshal(v)
	}
	return rec
}

func (m *made) records(want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error] {
	return func(yield func(*scan.Record, error) bool) {
		for a := range m.accounts {
			for n := range m.regions {
				for _, typ := range m.types {
					for _, res := range m.resources(m.account(a), m.region(n), typ) {
						if want(res.Account, res.Region, res.Type, res.ARN) && !yield(m.record(res), nil) {
							return
						}
					}
				}
			}
		}
	}
}

// exposures are of the instances that fail the first check of theirs.
func (m *made) exposures(yield func(*scan.Exposure, error) bool) {
	for a := range m.accounts {
		for n := range m.regions {
			for _, typ := range m.types {
				if typ.typ != "AWS::EC2::Instance" && typ.typ != "AWS::S3::Bucket" {
					continue
				}
				for i, res := range m.resources(m.account(a), m.region(n), typ) {
					if i%20 == 0 && !yield(m.exposure(m.account(a), typ, res), nil) {
						return
					}
				}
			}
		}
	}
}

func (m *made) exposure(account scan.AccountRef, typ madeType, res scan.Resource) *scan.Exposure {
	r := random("exposure", res.ARN)
	x := &scan.Exposure{Schema: scan.ExposureSchema, Account: account, Region: res.Region, Service: typ.service, Resource: scan.ResourceRef{ARN: res.ARN, Type: res.Type, Name: res.Name, Tags: res.Tags}, Who: "everyone"}
	if typ.service == "s3" {
		x.Where, x.What = res.ARN, []string{"s3:GetObject", "s3:ListBucket"}
		x.Chain = []scan.ChainStep{{ARN: res.ARN, Type: res.Type, Says: "statement 1 of the policy allows s3:Get* to everyone"}}
		return x
	}
	x.Where, x.What = fmt.Sprintf("203.0.113.%d", r.IntN(256)), []string{"tcp 22", "tcp 443"}
	sg := fmt.Sprintf("arn:aws:ec2:%s:%s:security-group/sg-%017x", res.Region, account.ID, r.Uint64()>>4)
	x.Chain = []scan.ChainStep{
		{ARN: "arn:aws:ec2:" + res.Region + ":" + account.ID + ":route-table/rtb-0a1b2c3d", Type: "AWS::EC2::RouteTable", Says: "routes 0.0.0.0/0 to igw-0f3e2d1c"},
		{ARN: sg, Type: "AWS::EC2::SecurityGroup", Says: "lets 0.0.0.0/0 in on tcp 22, tcp 443"},
		{ARN: res.ARN, Type: res.Type, Says: "has the address " + x.Where},
	}
	if r.IntN(6) == 0 {
		x.Unread = []*scan.ReadError{{Op: "ec2:DescribeNetworkAcls", Action: "ec2:DescribeNetworkAcls", Region: res.Region, Why: scan.Denied, By: "scp"}}
	}
	return x
}

// result is the scan as formats get it.
func (m *made) result() *report.Result {
	s := &scan.Summary{Scan: "01JD8ZKQ4X", Tool: "fob-scan 0.5.0", At: madeAt, Complete: false, Checks: m.checks}
	var tally scan.Tally
	for f := range m.findings {
		tally.Add(f)
	}
	tally.Into(s)
	for a := range m.accounts {
		var regions []string
		for n := range m.regions {
			regions = append(regions, m.region(n))
		}
		s.Accounts = append(s.Accounts, scan.AccountSummary{AccountRef: m.account(a), Partition: "aws", At: madeAt, Regions: regions, Excluded: []string{"us-west-1"}, Disabled: []string{"me-south-1", "af-south-1"},
			Resources: m.regions * len(m.types) * m.perType, Calls: 6020 + a, Seconds: 41.3, Complete: false})
	}
	s.Exceptions = []scan.ExceptionUse{
		{Name: "fob-exceptions.yaml:3", ExceptionNote: scan.ExceptionNote{Reason: "kept for the migration", Owner: "ann@example.com", Expires: "2027-03-31"}, State: "used", Count: 12},
		{Name: "fob-exceptions.yaml:11", ExceptionNote: scan.ExceptionNote{Reason: "pen test", Owner: "bob@example.com", Expires: "2026-11-30"}, State: "expiring", Count: 1},
		{Name: "fob-exceptions.yaml:17", ExceptionNote: scan.ExceptionNote{Reason: "old bucket", Owner: "ann@example.com", Expires: "2026-01-31"}, State: "expired", Count: 2},
		{Name: "fob-exceptions.yaml:23", ExceptionNote: scan.ExceptionNote{Reason: "moved away"}, State: "unused"},
	}
	return &report.Result{Summary: s, Findings: m.findings, Exposures: m.exposures, Records: m.records}
}
