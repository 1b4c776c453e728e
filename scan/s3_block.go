package scan

import "strings"

func s3BlockChecks() []Check {
	return []Check{
		Each(accounts, Check{
			ID: "s3-account-bpa", Title: "Account-wide S3 public access block incomplete", Severity: High,
			Service: "s3", Type: "AWS::Account",
			Why:   "One wrong policy or ACL on any bucket, also on one that is made tomorrow, publishes its objects.",
			Fix:   "Turn on all four settings of Block Public Access for the account; serve what has to be public through CloudFront.",
			Refs:  []string{"cis-3.0:2.1.4", "cis-5.0:2.1.4", "cis-7.0:3.1.4", "fsbp:S3.1"},
			Needs: []string{"PublicAccessBlock"},
		}, accountBlock),
		Each(buckets, Check{
			ID: "s3-bucket-bpa", Title: "Bucket public access block incomplete", Severity: Medium,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Nothing stops a policy or an ACL from opening the bucket to everyone.",
			Fix:   "Turn on all four settings of Block Public Access for the bucket, or for the whole account.",
			Refs:  []string{"cis-3.0:2.1.4", "cis-5.0:2.1.4", "cis-7.0:3.1.4", "fsbp:S3.8"},
			Reads: []string{"PublicAccessBlock", "AWS::Account.PublicAccessBlock"},
		}, bucketBlock),
	}
}

// off are the switches that are not on, by AWS's names.
func (b PublicAccessBlock) off() (names []string) {
	for _, s := range []struct {
		name string
		on   bool
	}{
		{"BlockPublicAcls", b.BlockPublicAcls}, {"IgnorePublicAcls", b.IgnorePublicAcls},
		{"BlockPublicPolicy", b.BlockPublicPolicy}, {"RestrictPublicBuckets", b.RestrictPublicBuckets},
	} {
		if !s.on {
			names = append(names, s.name)
		}
	}
	return names
}

// with are the switches that are on in one of two places.
func (b PublicAccessBlock) with(other PublicAccessBlock) PublicAccessBlock {
	return PublicAccessBlock{
		b.BlockPublicAcls || other.BlockPublicAcls, b.IgnorePublicAcls || other.IgnorePublicAcls,
		b.BlockPublicPolicy || other.BlockPublicPolicy, b.RestrictPublicBuckets || other.RestrictPublicBuckets,
	}
}

func accountBlock(a *Account, _ *Params) Verdict {
	off := a.PublicAccessBlock.V.off()
	switch {
	case !a.PublicAccessBlock.Present():
		return Fail("the account has no public access block").At("PublicAccessBlock", nil)
	case len(off) > 0:
		return Fail("the account's public access block lacks %s", strings.Join(off, ", ")).At("PublicAccessBlock", a.PublicAccessBlock.V)
	}
	return Pass("all four settings are on")
}

func bucketBlock(b *Bucket, p *Params) Verdict {
	on, unread := b.effectiveBlock(p.Facts)
	off := on.off()
	switch {
	case len(off) == 0:
		return Pass("all four settings are on, at the bucket or the account")
	case len(unread) > 0:
		return Unknown(unread...)
	}
	return Fail("neither the bucket nor the account has %s", strings.Join(off, ", ")).At("PublicAccessBlock", b.PublicAccessBlock.V)
}

// effectiveBlock are the switches that are on at the bucket or at its account. What
// could not be read counts as off, and is told.
func (b *Bucket) effectiveBlock(f *Facts) (on PublicAccessBlock, unread []*ReadError) {
	account := f.self().PublicAccessBlock
	for _, v := range []Val[PublicAccessBlock]{b.PublicAccessBlock, account} {
		if !v.Known() {
			unread = append(unread, orNotPlanned(v.Err))
		}
	}
	return b.PublicAccessBlock.V.with(account.V), unread
}
