package scan

// Bucket is an S3 bucket.
type Bucket struct {
	Resource
	PublicAccessBlock Val[PublicAccessBlock] `op:"s3:GetPublicAccessBlock"`
	Ownership         Val[string]            `op:"s3:GetBucketOwnershipControls"` // BucketOwnerEnforced, ...
	Logging           Val[BucketLogging]     `op:"s3:GetBucketLogging"`
	Versioning        Val[BucketVersioning]  `op:"s3:GetBucketVersioning"`
}

// PublicAccessBlock are the four switches of a bucket or an account.
type PublicAccessBlock struct {
	BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets bool
}

// BucketLogging says where a bucket's access log goes.
type BucketLogging struct{ TargetBucket string }

// BucketVersioning is a bucket's state of versioning; Status is "" if it never had any.
type BucketVersioning struct{ Status, MFADelete string }

var buckets = newKind[Bucket]("AWS::S3::Bucket", "s3", Once, "s3:ListBuckets")

func s3Kinds() []*Kind { return []*Kind{buckets.Kind} }

func s3Checks() []Check {
	return []Check{
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

func bucketVersioning(b *Bucket, _ *Params) Verdict {
	if b.Versioning.V.Status == "Enabled" {
		return Pass("versioning is enabled")
	}
	return Fail("versioning is not enabled").At("Versioning.Status", b.Versioning.V.Status)
}
