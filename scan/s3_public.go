package scan

// blockFacts are the switches of Block Public Access that work on a bucket.
func blockFacts() []string { return []string{"PublicAccessBlock", "AWS::Account.PublicAccessBlock"} }

func s3PublicChecks() []Check {
	byPolicy := append(blockFacts(), "Policy")
	byACL := append(blockFacts(), "Ownership", "Acl")
	return []Check{
		Each(buckets, Check{
			ID: "s3-bucket-policy-public-read", Title: "Bucket policy lets anyone read or list", Severity: Critical,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Anybody on the internet can fetch the objects or list their names; scanners find such buckets within hours.",
			Fix:   "Name the principals that need to read, or demand aws:PrincipalOrgID or aws:SourceVpce; turn on RestrictPublicBuckets, and treat what was in the bucket as disclosed.",
			Refs:  []string{"cis-7.0:2.21", "fsbp:S3.2", "scoutsuite:s3-bucket-world-policy-arg"},
			Reads: byPolicy,
		}, func(b *Bucket, p *Params) Verdict { return b.Exposure(p.Facts, BucketRead).Policy }),
		Each(buckets, Check{
			ID: "s3-bucket-policy-public-write", Title: "Bucket policy lets anyone write or delete", Severity: Critical,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Anybody can delete the objects, hold them to ransom, or put malware where users and programs expect yours.",
			Fix:   "Name the principals that need to write, or demand aws:PrincipalOrgID or aws:SourceVpce; turn on RestrictPublicBuckets, and compare the objects with a backup.",
			Refs:  []string{"cis-7.0:2.21", "fsbp:S3.3", "scoutsuite:s3-bucket-world-policy-arg", "scoutsuite:s3-bucket-world-policy-star"},
			Reads: byPolicy,
		}, func(b *Bucket, p *Params) Verdict { return b.Exposure(p.Facts, BucketWrite).Policy }),
		Each(buckets, Check{
			ID: "s3-bucket-acl-public-read", Title: "Bucket ACL readable by everyone", Severity: High,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Anybody, or anybody with an AWS account, can list the objects or read who has access to them.",
			Fix:   "Set Object Ownership to BucketOwnerEnforced, which turns ACLs off, or remove the grants to AllUsers and AuthenticatedUsers.",
			Refs:  []string{"fsbp:S3.2", "scoutsuite:s3-bucket-world-acl"},
			Reads: byACL,
		}, func(b *Bucket, p *Params) Verdict { return b.Exposure(p.Facts, BucketRead).ACL }),
		Each(buckets, Check{
			ID: "s3-bucket-acl-public-write", Title: "Bucket ACL writable by everyone", Severity: Critical,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Anybody, or anybody with an AWS account, can replace and delete objects, or take every other right.",
			Fix:   "Set Object Ownership to BucketOwnerEnforced, which turns ACLs off, or remove the grants to AllUsers and AuthenticatedUsers; compare the objects with a backup.",
			Refs:  []string{"fsbp:S3.3", "scoutsuite:s3-bucket-world-acl"},
			Reads: byACL,
		}, func(b *Bucket, p *Params) Verdict { return b.Exposure(p.Facts, BucketWrite).ACL }),
	}
}
