package scan

import (
	"slices"
	"strings"
	"time"
)

// DBCertificate is the server certificate of an instance.
type DBCertificate struct{ ValidTill time.Time }

func rdsUpkeepChecks() []Check {
	return []Check{
		Each(dbInstances, Check{
			ID: "rds-minor-upgrade", Title: "Automatic minor upgrades off", Severity: Low,
			Service: "rds", Type: "AWS::RDS::DBInstance",
			Why:  "Security fixes of the database engine stay out until somebody thinks of them.",
			Fix:  "Enable automatic minor version upgrades; they are made in the maintenance window.",
			Refs: []string{"cis-3.0:2.3.2", "cis-5.0:2.2.2", "cis-7.0:3.2.2", "fsbp:RDS.13", "scoutsuite:rds-instance-no-minor-upgrade"},
		}, rdsMinorUpgrade),
		Each(dbInstances, Check{
			ID: "rds-ca-cert", Title: "CA certificate expired, expiring or deprecated", Severity: Medium,
			Service: "rds", Type: "AWS::RDS::DBInstance",
			Why:  "Clients that verify the server cannot connect once its certificate has expired, and are tempted to stop verifying.",
			Fix:  "Give the clients the bundle of current RDS certificates, then change the instance to rds-ca-rsa2048-g1 or newer.",
			Refs: []string{"scoutsuite:rds-instance-ca-certificate-deprecated", "scoutsuite:rds-postgres-instance-with-invalid-certificate"},
		}, rdsCertificate),
	}
}

func rdsMinorUpgrade(d *DBInstance, _ *Params) Verdict {
	switch {
	case d.Engine == "docdb", strings.HasPrefix(d.Engine, "custom-"):
		return NotApplicable("%s has no automatic minor upgrades", d.Engine)
	case d.AutoMinorVersionUpgrade == nil:
		return ec2LeftOut(rdsInstances, &d.Resource, "AutoMinorVersionUpgrade")
	case *d.AutoMinorVersionUpgrade:
		return Pass("minor versions are upgraded automatically")
	}
	return Fail("minor versions are not upgraded automatically").At("AutoMinorVersionUpgrade", false)
}

// rdsCertificate judges the certificate of an instance. RDS renews those of current
// authorities at half their life: one that has less than three months left was not.
func rdsCertificate(d *DBInstance, p *Params) Verdict {
	if slices.Contains([]string{"rds-ca-2015", "rds-ca-2019"}, d.CACertificateIdentifier) {
		return Fail("the certificate is of %s, which has expired", d.CACertificateIdentifier).At("CACertificateIdentifier", d.CACertificateIdentifier)
	}
	switch {
	case d.DBInstanceStatus == "creating" && d.CertificateDetails == nil:
		return NotApplicable("the instance is being created")
	case d.CertificateDetails == nil || d.CertificateDetails.ValidTill.IsZero():
		return ec2LeftOut(rdsInstances, &d.Resource, "CertificateDetails.ValidTill")
	}
	till := d.CertificateDetails.ValidTill.UTC()
	day, left := till.Format(time.DateOnly), till.Sub(p.Now)
	switch {
	case left < 0:
		return Fail("the server certificate expired on %s", day).At("CertificateDetails.ValidTill", till)
	case left <= p.Days("days", 90):
		return Fail("the server certificate expires on %s", day).At("CertificateDetails.ValidTill", till)
	}
	return Pass("the server certificate is valid until %s", day)
}
