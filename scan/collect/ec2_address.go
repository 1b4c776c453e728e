package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func addressOperations() []operation {
	return []operation{{name: "ec2:DescribeAddresses", list: describeAddresses}}
}

// describeAddresses has no pages.
func describeAddresses(ctx context.Context, c *clients, emit func(item)) error {
	out, err := c.ec2().DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return err
	}
	for _, x := range out.Addresses {
		i, err := ec2Item(c, "AWS::EC2::EIP", "elastic-ip", x.AllocationId, nil, x.Tags, x)
		if err != nil {
			return err
		}
		emit(i)
	}
	return nil
}
