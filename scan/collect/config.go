package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/configservice"
)

func configOperations() []operation {
	return []operation{
		{name: "config:DescribeConfigurationRecorders", of: "AWS::Region", read: configRecorders},
		{name: "config:DescribeConfigurationRecorderStatus", of: "AWS::Region", read: configRecorderStatus},
	}
}

func configRecorders(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.configservice().DescribeConfigurationRecorders(ctx, &configservice.DescribeConfigurationRecordersInput{})
	if err != nil {
		return nil, err
	}
	return fields{"Recorders": orNone(out.ConfigurationRecorders)}, nil
}

func configRecorderStatus(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.configservice().DescribeConfigurationRecorderStatus(ctx, &configservice.DescribeConfigurationRecorderStatusInput{})
	if err != nil {
		return nil, err
	}
	return fields{"RecorderStatuses": orNone(out.ConfigurationRecordersStatus)}, nil
}

// orNone keeps an empty list from being taken for none at all.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
