package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
)

func accountOperations() []operation {
	return []operation{
		{name: "account:GetAlternateContact", of: "AWS::Account", scope: scan.Once, perSecond: 1, absent: []string{"ResourceNotFoundException"}, read: securityContact},
	}
}

func securityContact(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.account().GetAlternateContact(ctx, &account.GetAlternateContactInput{AlternateContactType: types.AlternateContactTypeSecurity})
	if err != nil {
		return nil, err
	}
	contact, err := said(out.AlternateContact)
	return fields{"SecurityContact": map[string]any{"Name": contact.Name, "Title": contact.Title, "EmailAddress": contact.EmailAddress}}, err
}
