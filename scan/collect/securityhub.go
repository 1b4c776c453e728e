package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/securityhub"
)

func securityhubOperations() []operation {
	return []operation{
		// InvalidAccessException says that Security Hub is off, AccessDeniedException that
		// the caller may not ask.
		{name: "securityhub:DescribeHub", of: "AWS::Region", absent: []string{"InvalidAccessException", "ResourceNotFoundException"}, read: describeHub},
	}
}

func describeHub(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.securityhub().DescribeHub(ctx, &securityhub.DescribeHubInput{})
	if err != nil {
		return nil, err
	}
	return fields{"SecurityHub": out}, nil
}
