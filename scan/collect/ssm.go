package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func ssmOperations() []operation {
	return []operation{
		{name: "ssm:ListDocuments", perSecond: 5, list: listDocuments},
		{name: "ssm:DescribeDocumentPermission", of: "AWS::SSM::Document", perSecond: 5, read: documentPermission},
	}
}

// listDocuments lists the account's own documents: those of AWS are thousands.
func listDocuments(ctx context.Context, c *clients, emit func(item)) error {
	own := []types.DocumentKeyValuesFilter{{Key: aws.String("Owner"), Values: []string{"Self"}}}
	return eachPage(ctx, c.ssm().ListDocuments, &ssm.ListDocumentsInput{Filters: own, MaxResults: aws.Int32(50)},
		func(in *ssm.ListDocumentsInput, out *ssm.ListDocumentsOutput) (*string, error) {
			for _, d := range out.DocumentIdentifiers {
				name := aws.ToString(d.Name)
				emit(item{Type: "AWS::SSM::Document", Name: name, ARN: "arn:" + c.partition + ":ssm:" + c.region + ":" + c.accountID + ":document/" + name,
					Tags: pairTags(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }),
					Data: fields{"DocumentType": d.DocumentType, "TargetType": d.TargetType, "DocumentVersion": d.DocumentVersion, "CreatedDate": d.CreatedDate}})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func documentPermission(ctx context.Context, c *clients, d *item) (fields, error) {
	accounts := []string{}
	in := &ssm.DescribeDocumentPermissionInput{Name: &d.Name, PermissionType: types.DocumentPermissionTypeShare, MaxResults: aws.Int32(200)}
	err := eachPage(ctx, c.ssm().DescribeDocumentPermission, in,
		func(in *ssm.DescribeDocumentPermissionInput, out *ssm.DescribeDocumentPermissionOutput) (*string, error) {
			accounts = append(accounts, out.AccountIds...)
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	if err != nil {
		return nil, err
	}
	return fields{"AccountIds": accounts}, nil
}
