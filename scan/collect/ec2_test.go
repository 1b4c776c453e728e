package collect

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// TestSnapshots: one filtered call finds the public ones, and they are no other's.
func TestSnapshots(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeSnapshots", func(w http.ResponseWriter, q asked) {
		if q.form.Get("Owner.1") != "self" || q.form.Get("MaxResults") == "" {
			t.Errorf("asked for %v", q.form)
		}
		all := `<item><snapshotId>snap-2</snapshotId><volumeId>vol-1</volumeId><ownerId>123456789012</ownerId><encrypted>false</encrypted></item>`
		if q.form.Get("RestorableBy.1") == "all" {
			all = ""
		}
		body(`<r><snapshotSet><item><snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><ownerId>123456789012</ownerId><encrypted>false</encrypted></item>`+all+`</snapshotSet></r>`)(w, q)
	})
	s := read(t, aws.collector(t, "ec2-ebs-snapshot-public", "ec2-ebs-snapshot-encrypted"))
	if n := aws.made("ec2:DescribeSnapshots"); n != 2 || s.end(t).Resources != 2 {
		t.Errorf("%d calls, %d resources", n, s.end(t).Resources)
	}
	for _, x := range scan.All[scan.EBSSnapshot](s.facts, "") {
		if x.Public == nil || *x.Public != (x.Name == "snap-1") || x.VolumeId != "vol-1" {
			t.Errorf("%s: public %v", x.Name, x.Public)
		}
	}
}

// TestPrefixLists: only those that a rule refers to are asked for their entries, once, all
// pages of them.
func TestPrefixLists(t *testing.T) {
	aws := newStandIn(t)
	rule := `<item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item>`
	aws.on("ec2:DescribeSecurityGroups", body(`<r><securityGroupInfo>
		<item><groupId>sg-1</groupId><groupName>web</groupName><ownerId>123456789012</ownerId><ipPermissions>`+rule+rule+`</ipPermissions></item>
		<item><groupId>sg-2</groupId><groupName>db</groupName><ownerId>210987654321</ownerId><ipPermissions>`+rule+`</ipPermissions></item></securityGroupInfo></r>`))
	aws.on("ec2:GetManagedPrefixListEntries", func(w http.ResponseWriter, q asked) {
		if q.form.Get("PrefixListId") != "pl-1" || q.form.Get("MaxResults") == "" {
			t.Errorf("asked for %v", q.form)
		}
		if q.form.Get("NextToken") == "" {
			body(`<r><entrySet><item><cidr>10.0.0.0/8</cidr></item></entrySet><nextToken>2</nextToken></r>`)(w, q)
			return
		}
		body(`<r><entrySet><item><cidr>0.0.0.0/0</cidr></item></entrySet></r>`)(w, q)
	})
	s := read(t, aws.collector(t, "vpc-sg-ssh-open"))
	if n := aws.made("ec2:GetManagedPrefixListEntries"); n != 2 {
		t.Errorf("%d calls for the entries", n)
	}
	lists := scan.All[scan.PrefixList](s.facts, "")
	if len(lists) != 1 || len(lists[0].Entries.V) != 2 {
		t.Fatalf("lists %+v", lists)
	}
	groups := scan.All[scan.SecurityGroup](s.facts, "")
	if len(groups) != 2 || groups[0].Name != "web" || groups[1].ARN != "arn:aws:ec2:eu-west-1:210987654321:security-group/sg-2" {
		t.Errorf("groups %+v", groups)
	}
	for _, x := range findings(t, s, "vpc-sg-ssh-open") {
		if x.Status != scan.StatusFail || x.Evidence[0].Path != "IpPermissions[0].PrefixListIds[0].PrefixListId" {
			t.Errorf("%s: %s %s %v", x.Resource.Name, x.Status, x.Message, x.Evidence)
		}
	}
}

func findings(t *testing.T, s *snapshot, ids ...string) (out []scan.Finding) {
	t.Helper()
	scan.Judge(s.facts, pick(t, ids...), scan.Options{}, func(x scan.Finding) { out = append(out, x) })
	return out
}

// TestExposedFromTheWire takes an instance the whole way: answers of EC2, snapshot, facts,
// verdict.
func TestExposedFromTheWire(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeInstances", body(`<r><reservationSet><item><ownerId>123456789012</ownerId><instancesSet><item>
		<instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>
		<metadataOptions><httpTokens>required</httpTokens><httpEndpoint>enabled</httpEndpoint></metadataOptions>
		<tagSet><item><key>Name</key><value>bastion</value></item></tagSet>
		<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
			<association><publicIp>203.0.113.9</publicIp></association><groupSet><item><groupId>sg-1</groupId></item></groupSet></item></networkInterfaceSet>
		</item></instancesSet></item></reservationSet></r>`))
	aws.on("ec2:DescribeRouteTables", func(w http.ResponseWriter, q asked) {
		if q.form.Get("MaxResults") != "100" {
			t.Errorf("asked for %v", q.form)
		}
		body(`<r><routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><ownerId>123456789012</ownerId>
		<routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId><state>active</state></item></routeSet>
		<associationSet><item><main>true</main></item></associationSet></item></routeTableSet></r>`)(w, q)
	})
	aws.on("ec2:DescribeNetworkAcls", body(`<r><networkAclSet><item><networkAclId>acl-1</networkAclId><vpcId>vpc-1</vpcId><default>true</default>
		<entrySet><item><ruleNumber>100</ruleNumber><protocol>6</protocol><ruleAction>allow</ruleAction><egress>false</egress><cidrBlock>0.0.0.0/0</cidrBlock><portRange><from>0</from><to>1024</to></portRange></item></entrySet>
		<associationSet><item><subnetId>subnet-1</subnetId></item></associationSet></item></networkAclSet></r>`))
	aws.on("ec2:DescribeSecurityGroups", body(`<r><securityGroupInfo><item><groupId>sg-1</groupId><groupName>ssh</groupName>
		<ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissions></item></securityGroupInfo></r>`))
	s := read(t, aws.collector(t, "ec2-instance-exposed", "ec2-instance-imdsv2"))
	got := findings(t, s, "ec2-instance-exposed")
	if len(got) != 1 || got[0].Status != scan.StatusFail || got[0].Severity != scan.High || got[0].Resource.Tags["Name"] != "bastion" || len(got[0].Evidence) != 4 {
		t.Errorf("findings %+v", got)
	}
	if got := findings(t, s, "ec2-instance-imdsv2"); got[0].Status != scan.StatusPass {
		t.Errorf("findings %+v", got)
	}
	for _, l := range s.of("res") {
		if _, ok := l.D["Tags"]; ok {
			t.Errorf("%s has its tags twice", l.ID)
		}
	}
}

// TestRegionServices: what is off is data, what was refused is not.
func TestRegionServices(t *testing.T) {
	ids := []string{"securityhub-enabled", "guardduty-enabled", "accessanalyzer-enabled", "config-recorder", "account-security-contact",
		"ec2-ebs-default-encryption", "ec2-snapshot-bpa", "ec2-ami-bpa"}
	verdicts := func(t *testing.T, aws *standIn) map[string]scan.Status {
		out := map[string]scan.Status{}
		for _, x := range findings(t, read(t, aws.collector(t, ids...)), ids...) {
			if _, twice := out[x.Check]; twice {
				t.Errorf("%s has a second verdict, for %s in %s", x.Check, x.Resource.ARN, x.Region)
			}
			out[x.Check] = x.Status
		}
		return out
	}
	compare := func(t *testing.T, got map[string]scan.Status, want string) {
		t.Helper()
		for i, status := range strings.Fields(want) {
			if string(got[ids[i]]) != status {
				t.Errorf("%s: %s, want %s", ids[i], got[ids[i]], status)
			}
		}
	}
	t.Run("off", func(t *testing.T) {
		aws := newStandIn(t)
		compare(t, verdicts(t, aws), "FAIL FAIL FAIL FAIL FAIL PASS PASS PASS")
	})
	t.Run("on", func(t *testing.T) {
		aws := newStandIn(t)
		aws.on("securityhub:DescribeHub", body(`{"HubArn":"arn:aws:securityhub:eu-west-1:123456789012:hub/default","SubscribedAt":"2026-01-01T00:00:00Z"}`))
		aws.on("guardduty:ListDetectors", func(w http.ResponseWriter, q asked) {
			if q.n == 1 {
				body(`{"detectorIds":[],"nextToken":"2"}`)(w, q)
				return
			}
			body(`{"detectorIds":["d1"]}`)(w, q)
		})
		aws.on("guardduty:GetDetector", body(`{"status":"ENABLED","serviceRole":"r","features":[{"name":"S3_DATA_EVENTS","status":"ENABLED"}]}`))
		aws.on("access-analyzer:ListAnalyzers", body(`{"analyzers":[{"arn":"arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/a","name":"a","type":"ACCOUNT","status":"ACTIVE","createdAt":"2026-01-01T00:00:00Z"}]}`))
		aws.on("config:DescribeConfigurationRecorders", body(`{"ConfigurationRecorders":[{"name":"default","recordingGroup":{"allSupported":true,"includeGlobalResourceTypes":true}}]}`))
		aws.on("config:DescribeConfigurationRecorderStatus", body(`{"ConfigurationRecordersStatus":[{"name":"default","recording":true,"lastStatus":"SUCCESS"}]}`))
		aws.on("account:GetAlternateContact", body(`{"AlternateContact":{"AlternateContactType":"SECURITY","EmailAddress":"s@example.com","Name":"S","PhoneNumber":"+49 30 1","Title":"T"}}`))
		aws.on("ec2:GetEbsEncryptionByDefault", body(`<r><ebsEncryptionByDefault>false</ebsEncryptionByDefault></r>`))
		aws.on("ec2:GetSnapshotBlockPublicAccessState", body(`<r><state>unblocked</state></r>`))
		aws.on("ec2:GetImageBlockPublicAccessState", body(`<r><imageBlockPublicAccessState>unblocked</imageBlockPublicAccessState></r>`))
		compare(t, verdicts(t, aws), "PASS PASS PASS PASS PASS FAIL FAIL FAIL")
	})
	t.Run("refused", func(t *testing.T) {
		aws := newStandIn(t)
		for _, op := range []string{"securityhub:DescribeHub", "guardduty:ListDetectors", "access-analyzer:ListAnalyzers", "config:DescribeConfigurationRecorders", "account:GetAlternateContact"} {
			aws.on(op, jsonError(403, "AccessDeniedException", "no"))
		}
		for _, op := range []string{"ec2:GetEbsEncryptionByDefault", "ec2:GetSnapshotBlockPublicAccessState", "ec2:GetImageBlockPublicAccessState"} {
			aws.on(op, ec2Error(403, "UnauthorizedOperation", "no"))
		}
		compare(t, verdicts(t, aws), "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN")
	})
	t.Run("answers without an answer", func(t *testing.T) {
		aws := newStandIn(t)
		for _, op := range []string{"ec2:GetEbsEncryptionByDefault", "ec2:GetSnapshotBlockPublicAccessState", "ec2:GetImageBlockPublicAccessState"} {
			aws.on(op, body("<r/>"))
		}
		aws.on("account:GetAlternateContact", body("{}"))
		aws.on("guardduty:ListDetectors", body(`{"detectorIds":["d1"]}`))
		aws.on("guardduty:GetDetector", body("{}"))
		compare(t, verdicts(t, aws), "FAIL UNKNOWN FAIL FAIL UNKNOWN UNKNOWN UNKNOWN UNKNOWN")
	})
}

// TestNoPhoneNumber: of the contact only what tells whether it is the right one is kept.
func TestNoPhoneNumber(t *testing.T) {
	aws := newStandIn(t)
	aws.on("account:GetAlternateContact", body(`{"AlternateContact":{"EmailAddress":"s@example.com","Name":"S","PhoneNumber":"+49 30 1","Title":"T"}}`))
	s := read(t, aws.collector(t, "account-security-contact"))
	for _, l := range s.of("res") {
		if strings.Contains(string(l.D["SecurityContact"]), "+49") {
			t.Errorf("recorded %s", l.D["SecurityContact"])
		}
	}
	if !slices.ContainsFunc(s.of("res"), func(l scan.Line) bool { return strings.Contains(string(l.D["SecurityContact"]), "s@example.com") }) {
		t.Error("the contact is not recorded")
	}
}
