package scan

import "fmt"

// RedshiftCluster is a cluster of Redshift.
type RedshiftCluster struct {
	Resource
	Encrypted, PubliclyAccessible *bool
	ClusterParameterGroups        []RedshiftGroupUse
	Endpoint                      *HostPort
	Logging                       Val[RedshiftLogging] `op:"redshift:DescribeLoggingStatus"`
}

// RedshiftLogging says whether connections and users are logged.
type RedshiftLogging struct {
	LoggingEnabled     *bool
	LogDestinationType string   // s3, cloudwatch, s3table; "" for s3 in clusters of old
	LogExports         []string // which logs go to CloudWatch: connectionlog, userlog, useractivitylog
}

// left are the logs that audits need and CloudWatch does not get. A bucket gets them all.
func (l *RedshiftLogging) left() (out []string) {
	for _, log := range []string{"connectionlog", "useractivitylog"} {
		if l.LogDestinationType == "cloudwatch" && !contains(l.LogExports, log) {
			out = append(out, log)
		}
	}
	return out
}

const redshiftList = "redshift:DescribeClusters"

var (
	redshiftClusters        = newKind[RedshiftCluster]("AWS::Redshift::Cluster", "redshift", Regional, redshiftList)
	redshiftParameterGroups = newKind[RedshiftParameterGroup]("AWS::Redshift::ClusterParameterGroup", "redshift", Regional, redshiftList)
)

func redshiftKinds() []*Kind { return []*Kind{redshiftClusters.Kind, redshiftParameterGroups.Kind} }

func redshiftChecks() []Check {
	return []Check{
		Each(redshiftClusters, Check{
			ID: "redshift-encrypted", Title: "Redshift cluster unencrypted", Severity: High,
			Service: "redshift", Type: redshiftClusters.Type,
			Why:  "The warehouse and its snapshots lie in clear, and a snapshot can be shared and read elsewhere without a key.",
			Fix:  "Modify the cluster to use encryption; Redshift moves the data by itself.",
			Refs: []string{"fsbp:Redshift.10", "scoutsuite:redshift-cluster-database-not-encrypted"},
		}, func(c *RedshiftCluster, _ *Params) Verdict {
			switch {
			case c.Encrypted == nil:
				return ec2LeftOut(redshiftList, &c.Resource, "Encrypted")
			case *c.Encrypted:
				return Pass("the cluster is encrypted")
			}
			return Fail("the cluster is not encrypted").At("Encrypted", false)
		}),
		Each(redshiftClusters, Check{
			ID: "redshift-public", Title: "Redshift cluster public", Severity: High,
			Service: "redshift", Type: redshiftClusters.Type,
			Why:  "Everyone may try passwords on the warehouse, and one wrong rule of a security group is all that keeps them off.",
			Fix:  "Turn public access off, and reach the cluster from inside the VPC or through a VPN.",
			Refs: []string{"fsbp:Redshift.1", "scoutsuite:redshift-cluster-publicly-accessible", "scoutsuite:redshift-security-group-whitelists-all"},
		}, func(c *RedshiftCluster, _ *Params) Verdict {
			switch {
			case c.PubliclyAccessible == nil:
				return ec2LeftOut(redshiftList, &c.Resource, "PubliclyAccessible")
			case *c.PubliclyAccessible:
				return Fail("the cluster has a public address").At("PubliclyAccessible", true)
			}
			return Pass("the cluster has no public address")
		}),
		Each(redshiftClusters, Check{
			ID: "redshift-audit-log", Title: "Redshift audit or user activity logging off", Severity: Low,
			Service: "redshift", Type: redshiftClusters.Type,
			Why:   "Nobody can tell afterwards who logged in, and which data they asked for.",
			Fix:   "Enable audit logging of the cluster, and set enable_user_activity_logging to true in its parameter group.",
			Refs:  []string{"fsbp:Redshift.4", "scoutsuite:redshift-parameter-group-logging-disabled"},
			Reads: []string{"Logging", "AWS::Redshift::ClusterParameterGroup.Parameters"},
		}, redshiftAuditLog),
		Each(redshiftParameterGroups, Check{
			ID: "redshift-tls", Title: "Redshift does not require TLS", Severity: Medium,
			Service: "redshift", Type: redshiftParameterGroups.Type,
			Why:   "A client that does not ask for TLS sends its password, queries and results readable to the network.",
			Fix:   "Set require_ssl to true in the parameter group, and reboot the clusters that use it.",
			Refs:  []string{"fsbp:Redshift.2", "scoutsuite:redshift-parameter-group-ssl-not-required"},
			Needs: []string{"Parameters"},
		}, redshiftTLS),
	}
}

// redshiftAuditLog wants both: the log of connections, which is a setting of the cluster,
// and that of queries, which is one of its parameter group.
func redshiftAuditLog(c *RedshiftCluster, p *Params) Verdict {
	var unread []*ReadError
	switch on := c.Logging.V.LoggingEnabled; {
	case !c.Logging.Known():
		unread = append(unread, orNotPlanned(c.Logging.Err))
	case on == nil:
		unread = ec2LeftOut("redshift:DescribeLoggingStatus", &c.Resource, "LoggingEnabled").Unread
	case !*on:
		return Fail("audit logging is off").At("Logging.LoggingEnabled", false)
	case len(c.Logging.V.left()) > 0:
		return Fail("CloudWatch does not get %s", someNames(c.Logging.V.left())).At("Logging.LogExports", c.Logging.V.LogExports)
	case !contains([]string{"", "s3", "cloudwatch"}, c.Logging.V.LogDestinationType):
		// As s3table, system tables are published; AWS names none that is as good as a log.
		unread = ec2LeftOut("redshift:DescribeLoggingStatus", &c.Resource, "known LogDestinationType: "+c.Logging.V.LogDestinationType).Unread
	}
	if len(c.ClusterParameterGroups) == 0 {
		unread = append(unread, ec2LeftOut(redshiftList, &c.Resource, "ClusterParameterGroups").Unread...)
	}
	for i, use := range c.ClusterParameterGroups {
		const queries = "enable_user_activity_logging"
		arn := "arn:" + p.Partition + ":redshift:" + c.Region + ":" + c.Account + ":parametergroup:" + use.ParameterGroupName
		g := Find[RedshiftParameterGroup](p.Facts, arn)
		if g == nil {
			unread = append(unread, ec2LeftOut(redshiftList, &c.Resource, "parameter group "+use.ParameterGroupName).Unread...)
			continue
		}
		waits, where := use.waits(queries)
		switch on, at, err := g.set(queries); {
		case err != nil:
			unread = append(unread, err)
		case !on:
			return Fail("the parameter group %s does not log user activity", g.Name).At(g.Name+":"+at.Path, at.Value)
		case waits:
			where.Path = fmt.Sprintf("ClusterParameterGroups[%d].%s", i, where.Path)
			return Fail("user activity is not logged before the cluster is rebooted").At(where.Path, where.Value)
		}
	}
	if len(unread) > 0 {
		return Unknown(once(unread)...)
	}
	return Pass("connections and user activity are logged")
}
