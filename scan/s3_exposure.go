package scan

import (
	"fmt"
	"slices"

	"fob/scan/policy"
)

// BucketAccess is what everyone might do with a bucket.
type BucketAccess int

// The ways to use a bucket.
const (
	BucketRead  BucketAccess = iota // read objects, list them, or read settings
	BucketWrite                     // write or delete objects, or change settings
)

func (a BucketAccess) String() string {
	if a == BucketWrite {
		return "write"
	}
	return "read"
}

// actions are the patterns of S3's actions for it.
func (a BucketAccess) actions() []string {
	if a == BucketWrite {
		return []string{"s3:put*", "s3:delete*", "s3:abort*", "s3:replicate*", "s3:restore*", "s3:bypass*", "s3:update*"}
	}
	return []string{"s3:get*", "s3:list*"}
}

// permissions are those of an ACL for it, full control aside.
func (a BucketAccess) permissions() []string {
	if a == BucketWrite {
		return []string{"WRITE", "WRITE_ACP"}
	}
	return []string{"READ", "READ_ACP"}
}

// s3Binding are S3's own condition keys that say who may act. Through an access point
// its own policy decides; a write with a fixed key of KMS needs that key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func s3Binding() []string {
	return []string{"s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"}
}

// BucketExposure says, for each of the two ways to a bucket, whether everyone may take it. In
// each Verdict FAIL is open, with what opens it as evidence; PASS is closed, and the
// message says by what; UNKNOWN is that what was read does not show it.
type BucketExposure struct{ Policy, ACL Verdict }

// Exposure joins what the bucket's policy and ACL let everyone do with what Block
// Public Access of the bucket and of the account, and the bucket's ownership setting,
// take away again. BlockPublicPolicy and BlockPublicAcls take nothing away: they stop
// new policies and ACLs.
func (b *Bucket) Exposure(f *Facts, a BucketAccess) BucketExposure {
	return BucketExposure{Policy: b.throughPolicy(f, a), ACL: b.throughACL(f, a)}
}

// Verdict is that of both ways together: one that is open is enough.
func (e *BucketExposure) Verdict() Verdict {
	switch p, acl := e.Policy, e.ACL; {
	case p.Status == StatusFail && acl.Status == StatusFail:
		v := Fail("%s; %s", p.Message, acl.Message)
		v.Evidence = slices.Concat(p.Evidence, acl.Evidence)
		return v
	case p.Status == StatusFail:
		return p
	case acl.Status == StatusFail:
		return acl
	case p.Status == StatusUnknown || acl.Status == StatusUnknown:
		return Unknown(once(slices.Concat(p.Unread, acl.Unread))...)
	default:
		return Pass("%s; %s", p.Message, acl.Message)
	}
}

func (b *Bucket) throughPolicy(f *Facts, a BucketAccess) Verdict {
	block, unread := b.effectiveBlock(f)
	open := b.Policy.V.Public(policy.Query{Actions: a.actions(), Binding: s3Binding()})
	switch {
	case b.Policy.State == Absent:
		return Pass("the bucket has no policy")
	case b.Policy.Present() && len(open) == 0:
		return Pass("the bucket policy lets nobody outside %s", a)
	case block.RestrictPublicBuckets:
		return Pass("RestrictPublicBuckets keeps everyone out whatever the policy says")
	case !b.Policy.Known():
		return Unknown(append(unread, orNotPlanned(b.Policy.Err))...)
	case len(unread) > 0:
		return Unknown(unread...)
	}
	v := Fail("the bucket policy lets everyone %s", a)
	for _, g := range open {
		v = v.At(bucketStatement(g.Statement), g.Written)
	}
	return v
}

func bucketStatement(n int) string { return fmt.Sprintf("Policy.Statement[%d]", n) }

func (b *Bucket) throughACL(f *Facts, a BucketAccess) Verdict {
	block, unread := b.effectiveBlock(f)
	if !b.Ownership.Known() {
		unread = append(unread, orNotPlanned(b.Ownership.Err))
	}
	open := Fail("the bucket ACL lets everyone %s", a)
	for n, g := range b.Acl.V.Grants {
		if group := g.group(); (group == "AllUsers" || group == "AuthenticatedUsers") && g.may(a.permissions()...) {
			open = open.At(fmt.Sprintf("Acl.Grants[%d]", n), group+" "+g.Permission)
		}
	}
	switch {
	case b.ownerEnforced():
		return Pass("the bucket's ACL has no force: its owner owns every object")
	case block.IgnorePublicAcls:
		return Pass("IgnorePublicAcls keeps everyone out whatever the ACL says")
	case b.Acl.Present() && len(open.Evidence) == 0:
		return Pass("the bucket ACL lets nobody outside %s", a)
	case !b.Acl.Known():
		return Unknown(append(unread, orNotPlanned(b.Acl.Err))...)
	case len(unread) > 0:
		return Unknown(unread...)
	}
	return open
}
