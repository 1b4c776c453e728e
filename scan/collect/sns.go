package collect

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func snsOperations() []operation {
	return []operation{
		{name: "sns:ListTopics", perSecond: 30, list: listTopics},
		{name: "sns:GetTopicAttributes", of: "AWS::SNS::Topic", perSecond: 30, read: topicAttributes},
	}
}

func listTopics(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.sns().ListTopics, &sns.ListTopicsInput{},
		func(in *sns.ListTopicsInput, out *sns.ListTopicsOutput) (*string, error) {
			for _, t := range out.Topics {
				arn := aws.ToString(t.TopicArn)
				emit(item{Type: "AWS::SNS::Topic", ARN: arn, Name: arn[strings.LastIndex(arn, ":")+1:]})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

// topicAttributes: every topic has a policy, and a key only if it is encrypted.
func topicAttributes(ctx context.Context, c *clients, t *item) (fields, error) {
	out, err := c.sns().GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &t.ARN})
	if err != nil {
		return nil, err
	}
	got := fields{"KmsMasterKeyId": nil}
	for name, v := range out.Attributes {
		got[name] = v
	}
	text, ok := out.Attributes["Policy"]
	if !ok {
		return nil, errLeftOut
	}
	got["Policy"] = policyText(&text)
	delete(got, "EffectiveDeliveryPolicy") // says nothing that DeliveryPolicy does not
	return got, nil
}
