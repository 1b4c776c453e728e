package scan

import (
	"slices"
	"strings"

	"fob/scan/policy"
)

// Bucket is an S3 bucket. The bucket of an emulator that does not say where it lies has
// the region Global.
type Bucket struct {
	Resource
	// PublicAccessBlock, Policy, Ownership and Logging are absent where the bucket has
	// none.
	PublicAccessBlock Val[PublicAccessBlock] `op:"s3:GetPublicAccessBlock"`
	Policy            Val[policy.Document]   `op:"s3:GetBucketPolicy"`
	Ownership         Val[string]            `op:"s3:GetBucketOwnershipControls"` // BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter
	// Acl is not asked for where Ownership says that it has no force.
	Acl        Val[BucketACL]        `op:"s3:GetBucketAcl"`
	Logging    Val[BucketLogging]    `op:"s3:GetBucketLogging"`
	Versioning Val[BucketVersioning] `op:"s3:GetBucketVersioning"`
}

// PublicAccessBlock are the four switches of a bucket or an account.
type PublicAccessBlock struct {
	BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets bool
}

// BucketACL is whom a bucket's access control list lets do what.
type BucketACL struct{ Grants []BucketGrant }

// BucketGrant is one line of it.
type BucketGrant struct {
	Grantee    struct{ Type, URI, ID string } // a group has a URI, a canonical user an ID
	Permission string                         // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL
}

// BucketLogging says where a bucket's access log goes.
type BucketLogging struct{ TargetBucket string }

// BucketVersioning is a bucket's state of versioning; Status is "" if it never had any.
type BucketVersioning struct{ Status, MFADelete string }

var buckets = newKind[Bucket]("AWS::S3::Bucket", "s3", Once, "s3:ListBuckets")

func s3Kinds() []*Kind { return []*Kind{buckets.Kind} }

func s3Checks() []Check {
	return slices.Concat(s3BlockChecks(), s3PublicChecks(), s3PolicyChecks(), s3KeepingChecks())
}

// ownerEnforced says that the bucket's ACL has no force. It is false, too, if that was
// not read.
func (b *Bucket) ownerEnforced() bool { return b.Ownership.V == "BucketOwnerEnforced" }

// may says whether the grant is about one of the permissions; full control is all of
// them.
func (g *BucketGrant) may(permissions ...string) bool {
	return g.Permission == "FULL_CONTROL" || slices.Contains(permissions, g.Permission)
}

// group is the name of a group of S3's own, "" for users: AllUsers, AuthenticatedUsers,
// LogDelivery.
func (g *BucketGrant) group() string {
	path, ok := strings.CutPrefix(g.Grantee.URI, "http://acs.amazonaws.com/groups/")
	if !ok {
		return ""
	}
	return path[strings.LastIndex(path, "/")+1:]
}
