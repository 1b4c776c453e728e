package collect

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const queuePage = 1000

func sqsOperations() []operation {
	return []operation{
		{name: "sqs:ListQueues", perSecond: 100, list: listQueues},
		{name: "sqs:GetQueueAttributes", of: "AWS::SQS::Queue", perSecond: 100, read: queueAttributes},
	}
}

func listQueues(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.sqs().ListQueues, &sqs.ListQueuesInput{MaxResults: aws.Int32(queuePage)},
		func(in *sqs.ListQueuesInput, out *sqs.ListQueuesOutput) (*string, error) {
			for _, url := range out.QueueUrls {
				name := url[strings.LastIndex(url, "/")+1:]
				emit(item{Type: "AWS::SQS::Queue", Name: name, ARN: "arn:" + c.partition + ":sqs:" + c.region + ":" + c.accountID + ":" + name, Data: fields{"QueueUrl": url}})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

// queueAttributes: SQS leaves out a policy and a key that are not there, and the key of
// its own where it knows none.
func queueAttributes(ctx context.Context, c *clients, q *item) (fields, error) {
	url, ok := recorded[string](q, "QueueUrl")
	if !ok {
		return nil, errLeftOut
	}
	out, err := c.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		return nil, err
	}
	if out.Attributes["QueueArn"] == "" {
		return nil, errLeftOut
	}
	got := fields{"KmsMasterKeyId": nil, "SqsManagedSseEnabled": nil, "Policy": nil}
	for name, v := range out.Attributes {
		got[name] = v
	}
	if text, ok := out.Attributes["Policy"]; ok {
		got["Policy"] = policyText(&text)
	}
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		delete(got, name) // another at every look
	}
	return got, nil
}
