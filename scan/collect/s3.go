package collect

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/url"

	"fob/scan"
	"fob/scan/policy"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	endpoints "github.com/aws/smithy-go/endpoints"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// bucketPage is the most that S3 gives at once. Asking for pages is also what makes it
// say where a bucket lies.
const bucketPage = 1000

func s3Operations() []operation {
	const bucket = "AWS::S3::Bucket"
	noBlock := []string{"NoSuchPublicAccessBlockConfiguration"}
	return []operation{
		{name: "s3:ListBuckets", action: "s3:ListAllMyBuckets", scope: scan.Once, list: listBuckets},
		{name: "s3control:GetPublicAccessBlock", action: "s3:GetAccountPublicAccessBlock", scope: scan.Once, of: "AWS::Account", absent: noBlock, read: accountPublicAccessBlock},
		{name: "s3:GetPublicAccessBlock", action: "s3:GetBucketPublicAccessBlock", scope: scan.Once, of: bucket, absent: noBlock, read: bucketPublicAccessBlock},
		{name: "s3:GetBucketPolicy", scope: scan.Once, of: bucket, absent: []string{"NoSuchBucketPolicy"}, read: bucketPolicy},
		{name: "s3:GetBucketOwnershipControls", scope: scan.Once, of: bucket, absent: []string{"OwnershipControlsNotFoundError"}, read: bucketOwnership},
		{name: "s3:GetBucketAcl", scope: scan.Once, of: bucket, when: aclInForce, read: bucketACL},
		{name: "s3:GetBucketLogging", scope: scan.Once, of: bucket, read: bucketLogging},
		{name: "s3:GetBucketVersioning", scope: scan.Once, of: bucket, read: bucketVersioning},
	}
}

func listBuckets(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.s3().ListBuckets, &s3.ListBucketsInput{MaxBuckets: aws.Int32(bucketPage)},
		func(in *s3.ListBucketsInput, out *s3.ListBucketsOutput) (*string, error) {
			for _, b := range out.Buckets {
				name, region := aws.ToString(b.Name), aws.ToString(b.BucketRegion)
				if region == "" {
					region = bucketRegion(ctx, c, name)
				}
				if ctx.Err() != nil {
					return nil, ctx.Err() // nobody could say
				}
				emit(item{Type: "AWS::S3::Bucket", ARN: "arn:" + c.partition + ":s3:::" + name, Name: name, Region: region, Data: fields{"CreationDate": b.CreationDate}})
			}
			in.ContinuationToken = out.ContinuationToken
			return in.ContinuationToken, nil
		})
}

// bucketRegion asks where a bucket lies, for what has the API of S3 and leaves that out
// of its list. S3 says so also to whom it refuses the bucket. "" means that nothing was
// said.
func bucketRegion(ctx context.Context, c *clients, name string) string {
	out, err := c.s3().HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name})
	var answer *smithyhttp.ResponseError
	switch {
	case err == nil:
		return aws.ToString(out.BucketRegion)
	case errors.As(err, &answer) && answer.Response != nil:
		return answer.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}

func accountPublicAccessBlock(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.s3control().GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &c.accountID}, func(o *s3control.Options) {
		if at := aws.ToString(o.BaseEndpoint); isOneHost(at) {
			o.EndpointResolverV2 = oneHost(at)
		}
	})
	if err != nil {
		return nil, err
	}
	b, err := said(out.PublicAccessBlockConfiguration)
	return publicAccessBlock(b.BlockPublicAcls, b.IgnorePublicAcls, b.BlockPublicPolicy, b.RestrictPublicBuckets, err)
}

func bucketPublicAccessBlock(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	x, err := said(out.PublicAccessBlockConfiguration)
	return publicAccessBlock(x.BlockPublicAcls, x.IgnorePublicAcls, x.BlockPublicPolicy, x.RestrictPublicBuckets, err)
}

// isOneHost says whether an endpoint is this machine's or an address, with which no name
// can begin.
func isOneHost(endpoint string) bool {
	u, err := url.Parse(endpoint)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()) != nil)
}

// oneHost is an emulator's endpoint. AWS has a host for every account, its id put before
// the name, and the SDK does so with any endpoint.
type oneHost string

func (h oneHost) ResolveEndpoint(context.Context, s3control.EndpointParameters) (endpoints.Endpoint, error) {
	uri, err := url.Parse(string(h))
	if err != nil {
		return endpoints.Endpoint{}, err
	}
	return endpoints.Endpoint{URI: *uri}, nil
}

// publicAccessBlock records the four switches. S3 names all of them: one that is not
// there is not known to be off.
func publicAccessBlock(blockACLs, ignoreACLs, blockPolicy, restrict *bool, err error) (fields, error) {
	if err == nil && (blockACLs == nil || ignoreACLs == nil || blockPolicy == nil || restrict == nil) {
		err = errLeftOut
	}
	return fields{"PublicAccessBlock": fields{
		"BlockPublicAcls": blockACLs, "IgnorePublicAcls": ignoreACLs, "BlockPublicPolicy": blockPolicy, "RestrictPublicBuckets": restrict,
	}}, err
}

// bucketPolicy: a document that is not understood stays the text that it is.
func bucketPolicy(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	text, err := said(out.Policy)
	if err != nil {
		return nil, err
	}
	if _, err := policy.Parse([]byte(text)); err != nil {
		return fields{"Policy": text}, nil
	}
	return fields{"Policy": json.RawMessage(text)}, nil
}

func bucketOwnership(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	if out.OwnershipControls == nil || len(out.OwnershipControls.Rules) != 1 {
		return nil, errLeftOut
	}
	return fields{"Ownership": out.OwnershipControls.Rules[0].ObjectOwnership}, nil
}

// aclInForce leaves out the ACLs of buckets that were read to have no use for them.
func aclInForce(b *item) bool {
	ownership, _ := recorded[types.ObjectOwnership](b, "Ownership")
	return ownership != types.ObjectOwnershipBucketOwnerEnforced
}

// bucketACL records grants by what identifies the grantee, and no person's name.
func bucketACL(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	if out.Owner == nil {
		return nil, errLeftOut // an ACL may be empty, but it has an owner
	}
	grants := []fields{}
	for _, g := range out.Grants {
		grantee, err := said(g.Grantee)
		if err != nil {
			return nil, err
		}
		grants = append(grants, fields{"Grantee": fields{"Type": grantee.Type, "URI": grantee.URI, "ID": grantee.ID}, "Permission": g.Permission})
	}
	return fields{"Acl": fields{"Grants": grants}}, nil
}

// bucketLogging: an answer without a target says that access is not logged.
func bucketLogging(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: &b.Name})
	switch {
	case err != nil:
		return nil, err
	case out.LoggingEnabled == nil:
		return fields{"Logging": nil}, nil
	}
	return fields{"Logging": fields{"TargetBucket": out.LoggingEnabled.TargetBucket, "TargetPrefix": out.LoggingEnabled.TargetPrefix}}, nil
}

// bucketVersioning: an answer without a state says that there never was any.
func bucketVersioning(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	return fields{"Versioning": fields{"Status": out.Status, "MFADelete": out.MFADelete}}, nil
}
