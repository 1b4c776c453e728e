package collect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

const functionPage = 50

// lambdaOperations: policies have a limit of their own, which is what a big scan waits
// for; the other two share one of fifteen a second.
func lambdaOperations() []operation {
	const function = "AWS::Lambda::Function"
	return []operation{
		{name: "lambda:ListFunctions", perSecond: 5, list: listFunctions},
		{name: "lambda:GetPolicy", of: function, perSecond: 15, absent: []string{"ResourceNotFoundException"}, read: functionPolicy},
		{name: "lambda:ListFunctionUrlConfigs", of: function, perSecond: 10, read: functionURLs},
		{name: "lambda:GetAliasPolicy", action: "lambda:GetPolicy", of: function, perSecond: 15, read: aliasPolicies, when: hasAliasURL},
	}
}

func listFunctions(ctx context.Context, c *clients, emit func(item)) error {
	secrets := secretsIn(ctx)
	return eachPage(ctx, c.lambda().ListFunctions, &lambda.ListFunctionsInput{MaxItems: aws.Int32(functionPage)},
		func(in *lambda.ListFunctionsInput, out *lambda.ListFunctionsOutput) (*string, error) {
			for _, f := range out.Functions {
				data, err := functionRecord(f, secrets)
				if err != nil {
					return nil, err
				}
				emit(item{Type: "AWS::Lambda::Function", ARN: aws.ToString(f.FunctionArn), Name: aws.ToString(f.FunctionName), Data: data})
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
}

// functionRecord is a function as Lambda gives it, but of its environment nothing but the
// names, and what in the values looks like a secret, masked.
func functionRecord(f types.FunctionConfiguration, secrets *detector) (fields, error) {
	env := f.Environment
	f.Environment = nil
	data, err := parts(f)
	if err != nil || env == nil {
		return data, err
	}
	if env.Error != nil {
		data["EnvironmentError"] = fields{"ErrorCode": env.Error.ErrorCode}
	}
	environment := []scan.EnvironmentValue{}
	for _, name := range slices.Sorted(maps.Keys(env.Variables)) {
		environment = append(environment, scan.EnvironmentValue{Name: name, Secrets: secrets.find(name, env.Variables[name])})
	}
	data["Environment"] = environment
	return data, nil
}

func functionPolicy(ctx context.Context, c *clients, f *item) (fields, error) {
	out, err := c.lambda().GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &f.ARN})
	if err != nil {
		return nil, err
	}
	if aws.ToString(out.Policy) == "" {
		return nil, errLeftOut
	}
	return fields{"Policy": policyText(out.Policy)}, nil
}

func functionURLs(ctx context.Context, c *clients, f *item) (fields, error) {
	urls := []types.FunctionUrlConfig{}
	err := eachPage(ctx, c.lambda().ListFunctionUrlConfigs, &lambda.ListFunctionUrlConfigsInput{FunctionName: &f.ARN, MaxItems: aws.Int32(functionPage)},
		func(in *lambda.ListFunctionUrlConfigsInput, out *lambda.ListFunctionUrlConfigsOutput) (*string, error) {
			for _, u := range out.FunctionUrlConfigs {
				if u.AuthType == "" {
					return nil, errLeftOut
				}
				urls = append(urls, u)
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
	return fields{"URLs": urls}, err
}

func hasAliasURL(f *item) bool { return len(urlsOfAliases(f)) > 0 }

// urlsOfAliases are the ARNs of a function's aliases that have a URL.
func urlsOfAliases(f *item) (arns []string) {
	urls, _ := recorded[[]scan.FunctionURL](f, "URLs")
	for _, u := range urls {
		if u.FunctionArn != f.ARN {
			arns = append(arns, u.FunctionArn)
		}
	}
	return arns
}

// aliasPolicies leaves out aliases without a policy.
func aliasPolicies(ctx context.Context, c *clients, f *item) (fields, error) {
	found := []fields{}
	for _, arn := range urlsOfAliases(f) {
		alias := strings.TrimPrefix(arn, f.ARN+":")
		out, err := c.lambda().GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &f.ARN, Qualifier: &alias})
		if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
			continue
		}
		if err != nil {
			return nil, err
		}
		if aws.ToString(out.Policy) == "" {
			return nil, errLeftOut
		}
		found = append(found, fields{"FunctionArn": arn, "Policy": policyText(out.Policy)})
	}
	return fields{"AliasPolicies": found}, nil
}
