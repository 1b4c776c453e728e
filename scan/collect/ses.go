package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func sesOperations() []operation {
	return []operation{
		{name: "ses:ListEmailIdentities", perSecond: 1, list: listIdentities},
		{name: "ses:GetEmailIdentity", of: "AWS::SES::EmailIdentity", perSecond: 1, read: emailIdentity},
	}
}

func listIdentities(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.sesv2().ListEmailIdentities, &sesv2.ListEmailIdentitiesInput{PageSize: aws.Int32(1000)},
		func(in *sesv2.ListEmailIdentitiesInput, out *sesv2.ListEmailIdentitiesOutput) (*string, error) {
			for _, i := range out.EmailIdentities {
				name := aws.ToString(i.IdentityName)
				emit(item{Type: "AWS::SES::EmailIdentity", Name: name, ARN: "arn:" + c.partition + ":ses:" + c.region + ":" + c.accountID + ":identity/" + name,
					Data: fields{"IdentityType": i.IdentityType, "SendingEnabled": i.SendingEnabled, "VerificationStatus": i.VerificationStatus}})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func emailIdentity(ctx context.Context, c *clients, i *item) (fields, error) {
	out, err := c.sesv2().GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &i.Name})
	if err != nil {
		return nil, err
	}
	if out.DkimAttributes == nil || out.DkimAttributes.Status == "" {
		return nil, errLeftOut
	}
	i.Tags = pairTags(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	policies := fields{}
	for name, text := range out.Policies {
		policies[name] = policyText(&text)
	}
	d := out.DkimAttributes
	return fields{"Policies": policies, "DkimAttributes": fields{
		"SigningEnabled": d.SigningEnabled, "Status": d.Status, "SigningAttributesOrigin": d.SigningAttributesOrigin, "CurrentSigningKeyLength": d.CurrentSigningKeyLength,
	}}, nil
}
