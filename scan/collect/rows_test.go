package collect

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// serviceCase is a service as it answers, and what the checks make of it: "check resource"
// → "STATUS", one after the other if there are several.
type serviceCase struct {
	answers map[string]string // operation → body; "op?Key=value" only if the form says so
	asks    []string          // "op Key=value" that every call of the operation has to say
	want    map[string]string
	never   []string // what must not stand in the snapshot
}

// run reads the service and judges it. All calls have to be among the answers.
func (c *serviceCase) run(t *testing.T) {
	t.Helper()
	aws := newStandIn(t)
	ops := map[string]bool{}
	for key := range c.answers {
		op, _, _ := strings.Cut(key, "?")
		ops[op] = true
	}
	for op := range ops {
		aws.on(op, func(w http.ResponseWriter, q asked) { c.answer(t, op, w, q) })
	}
	ids := map[string]bool{}
	for key := range c.want {
		id, _, _ := strings.Cut(key, " ")
		ids[id] = true
	}
	checks := slices.Sorted(maps.Keys(ids))
	s := read(t, aws.collector(t, checks...))
	for _, l := range s.lines {
		for _, secret := range c.never {
			if strings.Contains(fmt.Sprintf("%s", l.D), secret) {
				t.Errorf("%s holds %s", l.ID, secret)
			}
		}
	}
	for _, e := range s.of("err") {
		t.Errorf("%s of %s: %s %s", e.Op, e.Of, e.Why, e.Code)
	}
	got := map[string]string{}
	for _, x := range findings(t, s, checks...) {
		key := x.Check + " " + x.Resource.Name
		got[key] = strings.TrimSpace(got[key] + " " + string(x.Status))
	}
	if !maps.Equal(got, c.want) {
		for _, key := range slices.Sorted(maps.Keys(c.want)) {
			if got[key] != c.want[key] {
				t.Errorf("%s: %q, want %q", key, got[key], c.want[key])
			}
			delete(got, key)
		}
		if len(got) > 0 {
			t.Errorf("not wanted: %v", got)
		}
	}
}

func (c *serviceCase) answer(t *testing.T, op string, w http.ResponseWriter, q asked) {
	if q.Form == nil {
		_ = q.ParseForm()
	}
	for key, value := range q.URL.Query() {
		q.form[key] = value
	}
	for _, ask := range c.asks {
		name, said, _ := strings.Cut(ask, " ")
		key, value, _ := strings.Cut(said, "=")
		if name == op && q.form.Get(key) != value {
			t.Errorf("%s said %s=%s, want %s", op, key, q.form.Get(key), value)
		}
	}
	best := c.answers[op]
	for key, text := range c.answers {
		name, said, conditional := strings.Cut(key, "?")
		field, value, _ := strings.Cut(said, "=")
		if name == op && conditional && q.form.Get(field) == value {
			best = text
		}
	}
	if status, rest, ok := strings.Cut(best, " "); ok && len(status) == 3 && status[0] >= '2' && status[0] <= '5' {
		for header := range strings.FieldsSeq(rest) {
			name, value, _ := strings.Cut(header, "=")
			w.Header().Set(name, value)
		}
		code := 0
		_, _ = fmt.Sscan(status, &code)
		w.WriteHeader(code)
		return
	}
	body(best)(w, q)
}

// result is an answer of the query protocol.
func result(op, inner string) string {
	return fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", op, inner)
}

func TestRDS(t *testing.T) {
	instance := func(name, more string) string {
		return `<DBInstance><DBInstanceIdentifier>` + name + `</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:` + name + `</DBInstanceArn>
			<Engine>postgres</Engine><DBInstanceStatus>available</DBInstanceStatus><AvailabilityZone>eu-west-1a</AvailabilityZone>
			<Endpoint><Address>x</Address><Port>5432</Port></Endpoint><PendingModifiedValues><MasterUserPassword>****</MasterUserPassword></PendingModifiedValues>
			<VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups>
			<DBSubnetGroup><VpcId>vpc-1</VpcId><Subnets><Subnet><SubnetIdentifier>subnet-1</SubnetIdentifier><SubnetAvailabilityZone><Name>eu-west-1a</Name></SubnetAvailabilityZone></Subnet></Subnets></DBSubnetGroup>` + more + `</DBInstance>`
	}
	bad := instance("bad", `<PubliclyAccessible>true</PubliclyAccessible><StorageEncrypted>false</StorageEncrypted><BackupRetentionPeriod>0</BackupRetentionPeriod>
		<AutoMinorVersionUpgrade>false</AutoMinorVersionUpgrade><CACertificateIdentifier>rds-ca-2019</CACertificateIdentifier>`)
	good := instance("good", `<PubliclyAccessible>false</PubliclyAccessible><StorageEncrypted>true</StorageEncrypted><BackupRetentionPeriod>7</BackupRetentionPeriod>
		<AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade><CACertificateIdentifier>rds-ca-rsa2048-g1</CACertificateIdentifier><CertificateDetails><ValidTill>2061-01-01T00:00:00Z</ValidTill></CertificateDetails>`)
	attributes := func(values string) string {
		return `<DBSnapshotAttributes><DBSnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues>` + values + `</AttributeValues></DBSnapshotAttribute></DBSnapshotAttributes>`
	}
	c := serviceCase{
		answers: map[string]string{
			"rds:DescribeDBInstances":          result("DescribeDBInstances", "<DBInstances>"+bad+"</DBInstances><Marker>2</Marker>"),
			"rds:DescribeDBInstances?Marker=2": result("DescribeDBInstances", "<DBInstances>"+good+"</DBInstances>"),
			"rds:DescribeDBClusters": result("DescribeDBClusters", `<DBClusters><DBCluster><DBClusterIdentifier>c</DBClusterIdentifier><DBClusterArn>arn:aws:rds:eu-west-1:123456789012:cluster:c</DBClusterArn>
				<StorageEncrypted>false</StorageEncrypted><StorageEncryptionType>sse-rds</StorageEncryptionType><BackupRetentionPeriod>1</BackupRetentionPeriod></DBCluster></DBClusters>`),
			"rds:DescribeDBSnapshots":                                  result("DescribeDBSnapshots", `<DBSnapshots><DBSnapshot><DBSnapshotIdentifier>s1</DBSnapshotIdentifier><DBSnapshotArn>arn:s1</DBSnapshotArn></DBSnapshot></DBSnapshots>`),
			"rds:DescribeDBSnapshotAttributes?DBSnapshotIdentifier=s1": result("DescribeDBSnapshotAttributes", `<DBSnapshotAttributesResult>`+attributes("<AttributeValue>all</AttributeValue>")+`</DBSnapshotAttributesResult>`),
			"rds:DescribeDBClusterSnapshots":                           result("DescribeDBClusterSnapshots", `<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>s2</DBClusterSnapshotIdentifier><DBClusterSnapshotArn>arn:s2</DBClusterSnapshotArn></DBClusterSnapshot></DBClusterSnapshots>`),
			"rds:DescribeDBClusterSnapshotAttributes":                  result("DescribeDBClusterSnapshotAttributes", `<DBClusterSnapshotAttributesResult>`+strings.ReplaceAll(attributes("<AttributeValue>210987654321</AttributeValue>"), "DBSnapshot", "DBClusterSnapshot")+`</DBClusterSnapshotAttributesResult>`),
			"ec2:DescribeSecurityGroups":                               `<r><securityGroupInfo><item><groupId>sg-1</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort><toPort>5432</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissions></item></securityGroupInfo></r>`,
			"ec2:DescribeRouteTables":                                  `<r><routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId></item></routeSet><associationSet><item><main>true</main></item></associationSet></item></routeTableSet></r>`,
		},
		asks: []string{"rds:DescribeDBInstances MaxRecords=100", "rds:DescribeDBSnapshots SnapshotType=manual", "rds:DescribeDBClusterSnapshots SnapshotType=manual"},
		want: map[string]string{
			"rds-public bad": "FAIL", "rds-public good": "PASS", "rds-encrypted bad": "FAIL", "rds-encrypted good": "PASS", "rds-encrypted c": "PASS",
			"rds-backup-retention bad": "FAIL", "rds-backup-retention good": "PASS", "rds-backup-retention c": "FAIL",
			"rds-minor-upgrade bad": "FAIL", "rds-minor-upgrade good": "PASS", "rds-ca-cert bad": "FAIL", "rds-ca-cert good": "PASS",
			"rds-snapshot-public s1": "FAIL", "rds-snapshot-public s2": "PASS",
		},
		never: []string{"****"},
	}
	c.run(t)
}

func TestRedshift(t *testing.T) {
	cluster := func(name, group, flag string) string {
		return `<Cluster><ClusterIdentifier>` + name + `</ClusterIdentifier><Encrypted>` + flag + `</Encrypted><PubliclyAccessible>` + flag + `</PubliclyAccessible>
			<PendingModifiedValues><MasterUserPassword>****</MasterUserPassword></PendingModifiedValues>
			<ClusterParameterGroups><ClusterParameterGroup><ParameterGroupName>` + group + `</ParameterGroupName></ClusterParameterGroup></ClusterParameterGroups></Cluster>`
	}
	parameters := func(value string) string {
		return result("DescribeClusterParameters", `<Parameters><Parameter><ParameterName>require_ssl</ParameterName><ParameterValue>`+value+`</ParameterValue></Parameter>
			<Parameter><ParameterName>enable_user_activity_logging</ParameterName><ParameterValue>`+value+`</ParameterValue></Parameter></Parameters>`)
	}
	c := serviceCase{
		answers: map[string]string{
			"redshift:DescribeClusters":                                result("DescribeClusters", "<Clusters>"+cluster("a", "off", "false")+cluster("b", "on", "true")+cluster("c", "on", "true")+"</Clusters>"),
			"redshift:DescribeLoggingStatus":                           result("DescribeLoggingStatus", "<LoggingEnabled>true</LoggingEnabled>"),
			"redshift:DescribeLoggingStatus?ClusterIdentifier=c":       result("DescribeLoggingStatus", "<LoggingEnabled>false</LoggingEnabled>"),
			"redshift:DescribeClusterParameters?ParameterGroupName=on": parameters("true"), "redshift:DescribeClusterParameters?ParameterGroupName=off": parameters("false"),
		},
		want: map[string]string{
			"redshift-encrypted a": "FAIL", "redshift-encrypted b": "PASS", "redshift-encrypted c": "PASS",
			"redshift-public a": "PASS", "redshift-public b": "FAIL", "redshift-public c": "FAIL",
			"redshift-tls off": "FAIL", "redshift-tls on": "PASS",
			"redshift-audit-log a": "FAIL", "redshift-audit-log b": "PASS", "redshift-audit-log c": "FAIL",
		},
		never: []string{"****"},
	}
	c.run(t)
}

func TestElastiCacheAndACM(t *testing.T) {
	group := func(name, flag string) string {
		return `<ReplicationGroup><ReplicationGroupId>` + name + `</ReplicationGroupId><ARN>arn:` + name + `</ARN><Status>available</Status>
			<AtRestEncryptionEnabled>` + flag + `</AtRestEncryptionEnabled><TransitEncryptionEnabled>` + flag + `</TransitEncryptionEnabled></ReplicationGroup>`
	}
	certificate := func(name, more string) string {
		return fmt.Sprintf(`{"CertificateArn":"arn:%s","DomainName":%[1]q,"Status":"ISSUED","NotAfter":1.5E9,%s}`, name, more)
	}
	c := serviceCase{
		answers: map[string]string{
			"elasticache:DescribeReplicationGroups": result("DescribeReplicationGroups", "<ReplicationGroups>"+group("a", "false")+group("b", "true")+"</ReplicationGroups>"),
			"acm:ListCertificates":                  `{"CertificateSummaryList":[` + certificate("used", `"InUse":true,"RenewalEligibility":"INELIGIBLE"`) + `,` + certificate("unused", `"InUse":false`) + `]}`,
		},
		want: map[string]string{
			"elasticache-at-rest a": "FAIL", "elasticache-at-rest b": "PASS", "elasticache-in-transit a": "FAIL", "elasticache-in-transit b": "PASS",
			"acm-expiring used": "FAIL", "acm-expiring unused": "PASS",
		},
	}
	c.run(t)
}
