package scan

import (
	"fmt"
	"slices"
)

func rdsDataChecks() []Check {
	return []Check{
		Each(instanceDatabases, Check{
			ID: "rds-encrypted", Title: "RDS storage unencrypted", Severity: High,
			Service: "rds", Type: "AWS::RDS::DBInstance;AWS::RDS::DBCluster",
			Why:  "The data, its backups and snapshots lie in clear, and every snapshot can be shared and read elsewhere without a key.",
			Fix:  "Copy a snapshot with encryption, restore it as a new database, and move the clients over; encryption cannot be switched on in place.",
			Refs: []string{"cis-3.0:2.3.1", "cis-5.0:2.2.1", "cis-7.0:3.2.1", "fsbp:RDS.3", "fsbp:RDS.27", "scoutsuite:rds-instance-storage-not-encrypted"},
		}, rdsEncrypted),
		Each(dbSnapshots, Check{
			ID: "rds-snapshot-public", Title: "RDS snapshot shared with everyone", Severity: Critical,
			Service: "rds", Type: "AWS::RDS::DBSnapshot;AWS::RDS::DBClusterSnapshot",
			Why:   "Anyone with an AWS account can restore the snapshot and read the whole database.",
			Fix:   "Remove all from the snapshot's restore attribute, treat the data as disclosed, and change the passwords that are in it.",
			Refs:  []string{"fsbp:RDS.1", "scoutsuite:rds-snapshot-public"},
			Needs: []string{"Attributes"},
		}, rdsSnapshotPublic),
		Each(instanceDatabases, Check{
			ID: "rds-backup-retention", Title: "Automated backups off or too short", Severity: Medium,
			Service: "rds", Type: "AWS::RDS::DBInstance;AWS::RDS::DBCluster",
			Why:  "What is deleted or damaged can be restored only as far back as the backups go, and often it is noticed late.",
			Fix:  "Set the backup retention period to at least 7 days.",
			Refs: []string{"fsbp:RDS.11", "scoutsuite:rds-instance-backup-disabled", "scoutsuite:rds-instance-short-backup-retention-period"},
		}, rdsBackups),
	}
}

// listOp is the call that the record comes from.
func (d *Database) listOp() string {
	if d.Type == clusterDatabases.Type {
		return rdsClusters
	}
	return rdsInstances
}

// member says that storage and backups are those of a cluster.
func (d *Database) member() bool {
	return d.Type == instanceDatabases.Type && d.DBClusterIdentifier != ""
}

func rdsEncrypted(d *Database, _ *Params) Verdict {
	switch {
	case d.member():
		return NotApplicable("the storage is that of the cluster %s", d.DBClusterIdentifier)
	case d.StorageEncrypted == nil:
		return ec2LeftOut(d.listOp(), &d.Resource, "StorageEncrypted")
	case *d.StorageEncrypted:
		return Pass("the storage is encrypted")
	case d.StorageEncryptionType != "" && d.StorageEncryptionType != "none":
		return Pass("the storage is encrypted with a key that AWS owns")
	}
	return Fail("the storage is not encrypted").At("StorageEncrypted", false)
}

func rdsSnapshotPublic(s *DBSnapshot, _ *Params) Verdict {
	if s.Attributes.State == Absent {
		return NotApplicable("the snapshot was deleted meanwhile")
	}
	for i, a := range s.Attributes.V {
		if a.AttributeName != "restore" {
			continue
		}
		if n := slices.Index(a.AttributeValues, "all"); n >= 0 {
			return Fail("every AWS account may restore the snapshot").At(fmt.Sprintf("Attributes[%d].AttributeValues[%d]", i, n), "all")
		}
	}
	return Pass("the snapshot is not shared with everyone")
}

func rdsBackups(d *Database, p *Params) Verdict {
	least := p.Int("days", 7)
	switch {
	case d.member():
		return NotApplicable("the backups are those of the cluster %s", d.DBClusterIdentifier)
	case d.ReadReplicaSourceDBInstanceIdentifier+d.ReadReplicaSourceDBClusterIdentifier+d.ReplicationSourceIdentifier != "":
		return NotApplicable("it is a replica; the backups that count are those of its source")
	case d.BackupRetentionPeriod == nil:
		return ec2LeftOut(d.listOp(), &d.Resource, "BackupRetentionPeriod")
	case *d.BackupRetentionPeriod == 0:
		return Fail("automated backups are off").At("BackupRetentionPeriod", 0)
	case *d.BackupRetentionPeriod < least:
		return Fail("backups are kept %d days, fewer than %d", *d.BackupRetentionPeriod, least).At("BackupRetentionPeriod", *d.BackupRetentionPeriod).As(Low)
	}
	return Pass("backups are kept %d days", *d.BackupRetentionPeriod)
}
