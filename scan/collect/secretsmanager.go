package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

func secretsmanagerOperations() []operation {
	return []operation{
		{name: "secretsmanager:ListSecrets", list: listSecrets},
		{name: "secretsmanager:GetResourcePolicy", of: "AWS::SecretsManager::Secret", perSecond: 50, read: secretPolicy},
	}
}

// listSecrets leaves out the descriptions, in which people write what they should not.
func listSecrets(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.secretsmanager().ListSecrets, &secretsmanager.ListSecretsInput{MaxResults: aws.Int32(100)},
		func(in *secretsmanager.ListSecretsInput, out *secretsmanager.ListSecretsOutput) (*string, error) {
			for _, s := range out.SecretList {
				data := fields{
					"RotationEnabled": s.RotationEnabled, "OwningService": s.OwningService, "PrimaryRegion": s.PrimaryRegion, "KmsKeyId": s.KmsKeyId,
					"CreatedDate": s.CreatedDate, "LastChangedDate": s.LastChangedDate, "LastAccessedDate": s.LastAccessedDate, "LastRotatedDate": s.LastRotatedDate,
				}
				emit(item{Type: "AWS::SecretsManager::Secret", ARN: aws.ToString(s.ARN), Name: aws.ToString(s.Name), Data: data,
					Tags: pairTags(s.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func secretPolicy(ctx context.Context, c *clients, s *item) (fields, error) {
	out, err := c.secretsmanager().GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: &s.ARN})
	if err != nil {
		return nil, err
	}
	return fields{"ResourcePolicy": policyText(out.ResourcePolicy)}, nil
}
