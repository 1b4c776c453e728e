package scan

import (
	"slices"
	"strings"
)

// NamedBucket is a bucket that something else names, whosever it is.
type NamedBucket struct {
	Name   string
	Exists bool // S3 answered for it, if only with a refusal
}

// bucketExists says whether there is a bucket of that name, in whatever account: by the
// account's own list, or by what S3 answered to the name. Errors say that this is not
// known.
func (p *Params) bucketExists(name string, named *Resource, asked Val[[]NamedBucket]) (exists bool, unread []*ReadError) {
	if slices.ContainsFunc(All[Bucket](p.Facts, ""), func(b *Bucket) bool { return b.Name == name }) {
		return true, nil
	}
	for _, b := range asked.V {
		if b.Name == name {
			return b.Exists, nil
		}
	}
	if asked.Known() {
		unread = ec2LeftOut("s3:HeadBucket", named, name).Unread
	} else {
		unread = append(unread, orNotPlanned(asked.Err))
	}
	if err := p.ListError(buckets.Kind, Global); err != nil {
		unread = append(unread, err)
	}
	return false, unread
}

// BucketOfHost takes the name of a bucket from a host name of S3, of its REST or its
// website endpoint, and the region if the host names one. Access points are no buckets,
// nor are the endpoints of S3 within a VPC.
func BucketOfHost(host string) (bucket, region string, ok bool) {
	labels, ok := s3Labels(host)
	if !ok {
		return "", "", false
	}
	for i := len(labels) - 1; i > 0; i-- {
		endpoint, after := labels[i], labels[i+1:]
		bucket = strings.Join(labels[:i], ".")
		switch {
		case endpoint != "s3" && !strings.HasPrefix(endpoint, "s3-"):
			continue
		case bucket == "", noBuckets(endpoint), pointAlias(bucket), len(after) > 0 && after[len(after)-1] == "vpce":
			return "", "", false
		}
		region = strings.TrimPrefix(strings.TrimPrefix(endpoint, "s3-"), "website-")
		if len(after) > 0 {
			region = after[len(after)-1]
		}
		if strings.Count(region, "-") < 2 {
			region = ""
		}
		return bucket, region, true
	}
	return "", "", false
}

// noBuckets says whether an endpoint of S3 is one before which no bucket stands, but an
// access point, of one region or of several (s3-global), or an account.
func noBuckets(endpoint string) bool {
	endpoint = strings.TrimSuffix(endpoint, "-fips")
	return slices.Contains([]string{"s3-accesspoint", "s3-object-lambda", "s3-outposts", "s3-global", "s3-control"}, endpoint)
}

// pointAlias says whether a name is that of an access point, which may stand for a
// bucket's.
func pointAlias(name string) bool {
	return strings.HasSuffix(name, "-s3alias") || strings.HasSuffix(name, "--ol-s3") || strings.HasSuffix(name, "--op-s3")
}

// WebsiteHost says whether a host name is the website endpoint of S3, of a region or of a
// bucket. S3 takes the bucket from the name that the client asked for.
func WebsiteHost(host string) bool {
	labels, ok := s3Labels(host)
	return ok && slices.ContainsFunc(labels, func(l string) bool { return l == "s3-website" || strings.HasPrefix(l, "s3-website-") })
}

// s3Labels are the labels of a host before the domain of AWS.
func s3Labels(host string) ([]string, bool) {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"} {
		if rest, ok := strings.CutSuffix(host, domain); ok {
			return strings.Split(rest, "."), true
		}
	}
	return nil, false
}
