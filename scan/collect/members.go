package collect

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go/middleware"
)

// Member is an account of an organization.
type Member struct{ ID, Name string }

// Members lists the active accounts of the organization that an account may ask about, or
// with units those below these organizational units and roots. Its Endpoint, HTTP,
// Proxy and Jobs are used as for reading.
func (c *Collector) Members(ctx context.Context, a Account, units ...string) ([]Member, error) {
	c.begin()
	defer c.end()
	client, err := c.client(a.Network.CABundle)
	if err != nil {
		return nil, err
	}
	cfg := aws.Config{
		Region: a.Region, Credentials: a.Credentials, HTTPClient: client, ConfigSources: []any{settings{&a.Network}},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = maxTries, maxBackoff })
		},
		APIOptions: []func(*middleware.Stack) error{func(s *middleware.Stack) error {
			return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("fobQuiet", quiet), "Retry", middleware.After)
		}},
	}
	if c.Endpoint != "" {
		cfg.BaseEndpoint = &c.Endpoint
	}
	l := &memberList{clients: &clients{cfg: cfg, endpoints: a.Network.Endpoints}, seen: map[string]bool{}}
	if len(units) == 0 {
		err := l.all(ctx)
		return l.members, err
	}
	for _, unit := range units {
		if err := l.below(ctx, unit); err != nil {
			return nil, err
		}
	}
	return l.members, nil
}

type memberList struct {
	*clients
	members []Member
	seen    map[string]bool // accounts and units
}

func (l *memberList) add(accounts []types.Account) {
	for _, a := range accounts {
		id := aws.ToString(a.Id)
		active := a.State == types.AccountStateActive || a.State == "" && string(a.Status) == "ACTIVE"
		if active && !l.seen[id] {
			l.seen[id] = true
			l.members = append(l.members, Member{id, aws.ToString(a.Name)})
		}
	}
}

func (l *memberList) all(ctx context.Context) error {
	err := eachPage(ctx, l.organizations().ListAccounts, &organizations.ListAccountsInput{},
		func(in *organizations.ListAccountsInput, page *organizations.ListAccountsOutput) (*string, error) {
			l.add(page.Accounts)
			in.NextToken = page.NextToken
			return in.NextToken, nil
		})
	if err != nil {
		return fmt.Errorf("list the organization's accounts: %w", err)
	}
	return nil
}

// below adds the accounts of a unit and of the units in it.
func (l *memberList) below(ctx context.Context, unit string) error {
	if l.seen[unit] {
		return nil
	}
	l.seen[unit] = true
	err := eachPage(ctx, l.organizations().ListAccountsForParent, &organizations.ListAccountsForParentInput{ParentId: &unit},
		func(in *organizations.ListAccountsForParentInput, page *organizations.ListAccountsForParentOutput) (*string, error) {
			l.add(page.Accounts)
			in.NextToken = page.NextToken
			return in.NextToken, nil
		})
	var inside []string
	if err == nil {
		err = eachPage(ctx, l.organizations().ListOrganizationalUnitsForParent, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &unit},
			func(in *organizations.ListOrganizationalUnitsForParentInput, page *organizations.ListOrganizationalUnitsForParentOutput) (*string, error) {
				for _, u := range page.OrganizationalUnits {
					inside = append(inside, aws.ToString(u.Id))
				}
				in.NextToken = page.NextToken
				return in.NextToken, nil
			})
	}
	if err != nil {
		return fmt.Errorf("list the accounts of %q: %w", unit, err)
	}
	for _, u := range inside {
		if err := l.below(ctx, u); err != nil {
			return err
		}
	}
	return nil
}
