package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
)

func s3Operations() []operation {
	const bucket = "AWS::S3::Bucket"
	return []operation{
		{name: "s3:ListBuckets", action: "s3:ListAllMyBuckets", scope: scan.Once, list: listBuckets},
		{name: "s3control:GetPublicAccessBlock", action: "s3:GetAccountPublicAccessBlock", scope: scan.Once, of: "AWS::Account",
			absent: []string{"NoSuchPublicAccessBlockConfiguration"}, read: accountPublicAccessBlock},
		{name: "s3:GetBucketVersioning", of: bucket, scope: scan.Once, read: bucketVersioning},
	}
}

func listBuckets(ctx context.Context, c *clients, emit func(item)) error {
	pages := s3.NewListBucketsPaginator(c.s3(), &s3.ListBucketsInput{MaxBuckets: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, b := range page.Buckets {
			name := aws.ToString(b.Name)
			emit(item{Type: "AWS::S3::Bucket", ARN: "arn:" + c.partition + ":s3:::" + name, Name: name, Region: aws.ToString(b.BucketRegion), Data: fields{"CreationDate": b.CreationDate}})
		}
	}
	return nil
}

func accountPublicAccessBlock(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.s3control().GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &c.accountID})
	if err != nil {
		return nil, err
	}
	return fields{"PublicAccessBlock": out.PublicAccessBlockConfiguration}, nil
}

func bucketVersioning(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.in(b.Region).s3().GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &b.Name})
	if err != nil {
		return nil, err
	}
	return fields{"Versioning": map[string]any{"Status": out.Status, "MFADelete": out.MFADelete}}, nil
}
