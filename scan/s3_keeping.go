package scan

import (
	"slices"

	"fob/scan/policy"
)

func s3KeepingChecks() []Check {
	return []Check{
		Each(buckets, Check{
			ID: "s3-bucket-acl-enabled", Title: "Bucket still honours ACLs", Severity: Low,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Access can be given object by object, where no policy shows it, and objects written by others belong to them.",
			Fix:   "Move what the ACLs allow into the bucket policy, and set Object Ownership to BucketOwnerEnforced.",
			Refs:  []string{"fsbp:S3.12"},
			Needs: []string{"Ownership"},
		}, bucketACLEnabled),
		Each(buckets, Check{
			ID: "s3-bucket-logging", Title: "Server access logging off", Severity: Low,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "After a leak nobody can tell which objects were fetched, when, and from where.",
			Fix:   "Log to a bucket of its own in the same region, or record data events with CloudTrail.",
			Refs:  []string{"fsbp:S3.9", "scoutsuite:s3-bucket-no-logging"},
			Needs: []string{"Logging"}, Reads: []string{"Policy", "Ownership", "Acl"},
		}, bucketLogging),
		Each(buckets, Check{
			ID: "s3-bucket-versioning", Title: "Bucket keeps no versions", Severity: Low,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "An object that is overwritten or deleted, by mistake or by ransomware, is gone.",
			Fix:   "Enable versioning, with a lifecycle rule that removes old versions.",
			Refs:  []string{"fsbp:S3.14", "scoutsuite:s3-bucket-no-versioning"},
			Needs: []string{"Versioning"},
		}, bucketVersioning),
	}
}

func bucketACLEnabled(b *Bucket, _ *Params) Verdict {
	switch {
	case b.ownerEnforced():
		return Pass("the bucket's ACL has no force")
	case b.Ownership.State == Absent:
		return Fail("the bucket has no ownership setting, so ACLs are in force").At("Ownership", nil)
	}
	return Fail("ACLs are in force: object ownership is %s", b.Ownership.V).At("Ownership", b.Ownership.V)
}

// bucketLogging: a bucket that takes access logs must not log to itself, and a log of
// who wrote logs helps nobody.
func bucketLogging(b *Bucket, _ *Params) Verdict {
	if b.Logging.Present() {
		return Pass("access is logged to %s", b.Logging.V.TargetBucket)
	}
	takes, unread := b.takesLogs()
	switch {
	case takes:
		return NotApplicable("the bucket itself takes access logs")
	case len(unread) > 0:
		return Unknown(unread...)
	}
	return Fail("access to the bucket is not logged").At("Logging", nil)
}

// takesLogs says whether the bucket lets S3 write access logs into it, seen from its own
// policy or ACL alone: other buckets are not consulted, so that one which cannot be read
// changes nothing here.
func (b *Bucket) takesLogs() (takes bool, unread []*ReadError) {
	for _, party := range b.Policy.V.Parties(policy.Query{Actions: []string{"s3:putobject"}}) {
		if party.Principal == (policy.Principal{Kind: "Service", Name: "logging.s3.amazonaws.com"}) {
			return true, nil
		}
	}
	granted := slices.ContainsFunc(b.Acl.V.Grants, func(g BucketGrant) bool { return g.group() == "LogDelivery" && g.may("WRITE") })
	if granted && b.Ownership.Known() && !b.ownerEnforced() {
		return true, nil
	}
	if !b.Policy.Known() {
		unread = append(unread, orNotPlanned(b.Policy.Err))
	}
	if b.ownerEnforced() {
		return false, unread
	}
	if !b.Acl.Known() {
		unread = append(unread, orNotPlanned(b.Acl.Err))
	}
	if !b.Ownership.Known() && (granted || !b.Acl.Known()) {
		unread = append(unread, orNotPlanned(b.Ownership.Err))
	}
	return false, unread
}

func bucketVersioning(b *Bucket, _ *Params) Verdict {
	if b.Versioning.V.Status == "Enabled" {
		return Pass("versioning is enabled")
	}
	return Fail("versioning is not enabled").At("Versioning.Status", b.Versioning.V.Status)
}
