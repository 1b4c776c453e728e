package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

func organizationsOperations() []operation {
	notInUse := []string{"AWSOrganizationsNotInUseException"}
	return []operation{
		{name: "organizations:DescribeOrganization", of: "AWS::Account", scope: scan.Once, perSecond: 2, absent: notInUse, read: describeOrganization},
		{name: "organizations:ListAccounts", of: "AWS::Account", scope: scan.Once, perSecond: 2, absent: notInUse, read: listAccounts},
	}
}

func describeOrganization(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.organizations().DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return nil, err
	}
	return fields{"Organization": out.Organization}, nil
}

// listAccounts reads the members. Only the management account and those that it
// trusts with it may: any other member cannot know them.
func listAccounts(ctx context.Context, c *clients, self *item) (fields, error) {
	members := []fields{}
	err := eachPage(ctx, c.organizations().ListAccounts, &organizations.ListAccountsInput{},
		func(in *organizations.ListAccountsInput, page *organizations.ListAccountsOutput) (*string, error) {
			for _, a := range page.Accounts {
				members = append(members, fields{"Id": a.Id, "Name": a.Name, "State": a.State})
			}
			in.NextToken = page.NextToken
			return in.NextToken, nil
		})
	org, read := recorded[struct{ MasterAccountId string }](self, "Organization")
	if isDenied(apiCode(err)) && read && org.MasterAccountId != c.accountID {
		err = outOfReach{err}
	}
	return fields{"OrganizationAccounts": members}, err
}
