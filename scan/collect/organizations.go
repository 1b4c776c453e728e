package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
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
	pages := organizations.NewListAccountsPaginator(c.organizations(), &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			org, _ := self.Data["Organization"].(*types.Organization)
			if isDenied(apiCode(err)) && org != nil && aws.ToString(org.MasterAccountId) != c.accountID {
				return nil, outOfReach{err}
			}
			return nil, err
		}
		for _, a := range page.Accounts {
			members = append(members, fields{"Id": a.Id, "Name": a.Name, "State": a.State})
		}
	}
	return fields{"OrganizationAccounts": members}, nil
}
