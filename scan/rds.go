package scan

import "slices"

// DBInstance is a database instance. The API of RDS has those of DocumentDB and Neptune
// too.
type DBInstance struct {
	Resource
	Engine, DBInstanceStatus                    string
	DBClusterIdentifier                         string // the cluster that it is part of
	AvailabilityZone, SecondaryAvailabilityZone string
	NetworkType                                 string // IPV4, DUAL
	PubliclyAccessible, AutoMinorVersionUpgrade *bool
	CACertificateIdentifier                     string
	CertificateDetails                          *DBCertificate
	Endpoint                                    *HostPort
	DBSubnetGroup                               *DBSubnetGroup
	VpcSecurityGroups                           []struct{ VpcSecurityGroupId string }
}

// Database is an instance or a cluster, by how it keeps its data and who reaches it.
type Database struct {
	Resource
	Engine                                string
	DBClusterIdentifier                   string // of an instance: the cluster that it is part of
	ReadReplicaSourceDBInstanceIdentifier string // of an instance that is a replica
	ReadReplicaSourceDBClusterIdentifier  string
	ReplicationSourceIdentifier           string // of a cluster that is a replica
	StorageEncrypted                      *bool
	StorageEncryptionType                 string // none, sse-rds, sse-kms
	BackupRetentionPeriod                 *int   // days
	InternetAccessGatewayEnabled          bool   // of a cluster without a VPC: it is reached from the internet
}

// DBSnapshot is a snapshot that somebody made of an instance or a cluster. Those that
// RDS makes by itself cannot be shared.
type DBSnapshot struct {
	Resource
	Attributes Val[[]DBSnapshotAttribute] `op:"rds:DescribeDBSnapshotAttributes rds:DescribeDBClusterSnapshotAttributes"`
}

// DBSnapshotAttribute says who may use a snapshot: the values of restore are accounts, or
// all.
type DBSnapshotAttribute struct {
	AttributeName   string
	AttributeValues []string
}

const (
	rdsInstances        = "rds:DescribeDBInstances"
	rdsClusters         = "rds:DescribeDBClusters"
	rdsSnapshots        = "rds:DescribeDBSnapshots"
	rdsClusterSnapshots = "rds:DescribeDBClusterSnapshots"
)

// Instances and clusters, and the snapshots of both, are judged as one kind: if either
// list is unread, some may be missing.
var (
	dbInstances        = newKind[DBInstance]("AWS::RDS::DBInstance", "rds", Regional, rdsInstances)
	instanceDatabases  = newKind[Database]("AWS::RDS::DBInstance", "rds", Regional, rdsInstances, rdsClusters)
	clusterDatabases   = newKind[Database]("AWS::RDS::DBCluster", "rds", Regional, rdsInstances, rdsClusters)
	dbSnapshots        = newKind[DBSnapshot]("AWS::RDS::DBSnapshot", "rds", Regional, rdsSnapshots, rdsClusterSnapshots)
	dbClusterSnapshots = newKind[DBSnapshot]("AWS::RDS::DBClusterSnapshot", "rds", Regional, rdsSnapshots, rdsClusterSnapshots)
)

func rdsKinds() []*Kind {
	return []*Kind{dbInstances.Kind, instanceDatabases.Kind, clusterDatabases.Kind, dbSnapshots.Kind, dbClusterSnapshots.Kind}
}

func rdsChecks() []Check {
	return slices.Concat(rdsPublicChecks(), rdsDataChecks(), rdsUpkeepChecks())
}
