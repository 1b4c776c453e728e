package collect

import (
	"context"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func cloudformationOperations() []operation {
	return []operation{
		// Without a stack's name it asks for both actions.
		{name: "cloudformation:DescribeStacks", action: "cloudformation:DescribeStacks cloudformation:ListStacks", perSecond: 2, list: describeStacks},
	}
}

// describeStacks lists the stacks. Of parameters and outputs nothing is kept but the
// names, and what in the values looks like a secret, masked.
func describeStacks(ctx context.Context, c *clients, emit func(item)) error {
	secrets := secretsIn(ctx)
	return eachPage(ctx, c.cloudformation().DescribeStacks, &cloudformation.DescribeStacksInput{},
		func(in *cloudformation.DescribeStacksInput, out *cloudformation.DescribeStacksOutput) (*string, error) {
			for _, s := range out.Stacks {
				emit(item{Type: "AWS::CloudFormation::Stack", ARN: aws.ToString(s.StackId), Name: aws.ToString(s.StackName),
					Tags: pairTags(s.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }),
					Data: fields{"StackStatus": s.StackStatus, "RoleARN": s.RoleARN, "ParentId": s.ParentId, "CreationTime": s.CreationTime,
						"Parameters": stackParameters(secrets, s.Parameters), "Outputs": stackOutputs(secrets, s.Outputs)}})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

// stackParameters looks into the value that was resolved where there is one: then the
// given one is only its name in the Parameter Store.
func stackParameters(secrets *detector, list []types.Parameter) []scan.StackParameter {
	out := []scan.StackParameter{}
	for _, p := range list {
		key, value := aws.ToString(p.ParameterKey), aws.ToString(p.ParameterValue)
		if p.ResolvedValue != nil {
			value = *p.ResolvedValue
		}
		out = append(out, scan.StackParameter{ParameterKey: key, Secrets: secrets.find(key, value)})
	}
	return out
}

func stackOutputs(secrets *detector, list []types.Output) []scan.StackOutput {
	out := []scan.StackOutput{}
	for _, o := range list {
		key := aws.ToString(o.OutputKey)
		out = append(out, scan.StackOutput{OutputKey: key, Secrets: secrets.find(key, aws.ToString(o.OutputValue))})
	}
	return out
}
