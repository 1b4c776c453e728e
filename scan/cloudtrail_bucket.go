package scan

import "slices"

func trailBucketChecks() []Check {
	const service, bucket = "cloudtrail", "AWS::S3::Bucket"
	return []Check{
		ofTrailBuckets(Check{
			ID: "cloudtrail-bucket-public", Title: "Trail bucket publicly readable", Severity: Critical, Service: service, Type: bucket,
			Why:   "The log tells every stranger who works in the account, with which roles and machines, and from which addresses.",
			Fix:   "Turn on Block Public Access for the bucket, and leave CloudTrail and those who read the log in its policy.",
			Refs:  []string{"cis-1.2:2.3", "fsbp:CloudTrail.6"},
			Needs: []string{bucket},
			Reads: []string{bucket + ".Policy", bucket + ".PublicAccessBlock", bucket + ".Ownership", bucket + ".Acl", "AWS::Account.PublicAccessBlock"},
		}, func(b *Bucket, p *Params) Verdict {
			e := b.Exposure(p.Facts, BucketRead)
			return e.Verdict()
		}),
		ofTrailBuckets(Check{
			ID: "cloudtrail-bucket-logging", Title: "Trail bucket has no access logging", Severity: Low, Service: service, Type: bucket,
			Why:   "Nobody can tell who read the log, or tried to remove it.",
			Fix:   "Log access to the bucket into another one in the same region.",
			Refs:  []string{"cis-1.2:2.6", "cis-3.0:3.4", "cis-5.0:3.4", "cis-7.0:4.4", "fsbp:CloudTrail.7"},
			Needs: []string{bucket}, Reads: []string{bucket + ".Logging"},
		}, func(b *Bucket, _ *Params) Verdict {
			switch {
			case !b.Logging.Known():
				return Unknown(orNotPlanned(b.Logging.Err))
			case b.Logging.Present():
				return Pass("access is logged to %s", b.Logging.V.TargetBucket)
			}
			return Fail("access to the bucket of a trail is not logged").At("Logging", nil)
		}),
	}
}

// ofTrailBuckets makes a check that asks once per bucket that a visible trail delivers
// to. What is not known to be a bucket of the account, or lies where nothing was read,
// stands under Global.
func ofTrailBuckets(c Check, ask func(*Bucket, *Params) Verdict) Check {
	c.kind = trails.Kind
	c.run = func(f *Facts, p *Params, region string, emit func(*Resource, Verdict)) {
		c.emitListError(f, region, emit)
		for _, t := range trailBuckets(f) {
			r, v := f.askTrailBucket(t, p, ask)
			if r.Region == region {
				emit(r, v)
			}
		}
	}
	return c
}

// trailBuckets are the trails that the account sees, one for each bucket.
func trailBuckets(f *Facts) (out []*Trail) {
	for _, t := range All[Trail](f, "") {
		if !slices.ContainsFunc(out, func(o *Trail) bool { return o.S3BucketName == t.S3BucketName }) {
			out = append(out, t)
		}
	}
	return out
}

func (f *Facts) askTrailBucket(t *Trail, p *Params, ask func(*Bucket, *Params) Verdict) (*Resource, Verdict) {
	if t.S3BucketName == "" {
		return &t.Resource, Unknown(t.leftOut("S3BucketName"))
	}
	arn := "arn:" + f.Partition + ":s3:::" + t.S3BucketName
	if b := Find[Bucket](f, arn); b != nil {
		answers := safely(func(b *Bucket, p *Params) []Verdict { return []Verdict{ask(b, p)} }, b, p)
		r := b.Resource
		if r.Region != Global && !slices.Contains(f.Regions, r.Region) && !slices.Contains(f.Disabled, r.Region) {
			r.Region = Global
		}
		return &r, answers[0]
	}
	r := &Resource{Account: f.Account, Region: Global, Type: buckets.Type, ARN: arn, Name: t.S3BucketName}
	if err := f.ListError(buckets.Kind, Global); err != nil {
		return r, Unknown(err)
	}
	return r, UnknownHere("the bucket of the trail %s belongs to another account, which would have to be audited", t.Name)
}
