package collect

import (
	"context"
	"errors"
	"net/http"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// namedBuckets asks S3 about buckets by name. regions says where to ask, as far as known.
func namedBuckets(ctx context.Context, c *clients, names []string, regions map[string]string) ([]scan.NamedBucket, error) {
	out := []scan.NamedBucket{}
	for _, name := range names {
		exists, err := headBucket(ctx, c, name, regions[name])
		if err != nil {
			return nil, err
		}
		out = append(out, scan.NamedBucket{Name: name, Exists: exists})
	}
	return out, nil
}

// headBucket says whether there is a bucket of a name, in whatever account. S3 names the
// region of a bucket even to those who may not see it, and to those who ask in another
// one; a refusal without it says nothing of the bucket.
func headBucket(ctx context.Context, c *clients, name, region string) (bool, error) {
	if region != "" {
		c = c.in(region)
	}
	_, err := c.s3().HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name})
	var answer *smithyhttp.ResponseError
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &answer) || answer.Response == nil:
		return false, err
	case answer.Response.StatusCode == http.StatusNotFound:
		return false, nil
	case answer.Response.Header.Get("X-Amz-Bucket-Region") != "":
		return true, nil
	}
	return false, err
}
