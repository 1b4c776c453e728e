package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
)

func ecrOperations() []operation {
	return []operation{
		{name: "ecr:DescribeRepositories", list: describeRepositories},
		{name: "ecr:GetRepositoryPolicy", of: "AWS::ECR::Repository", absent: []string{"RepositoryPolicyNotFoundException"}, read: repositoryPolicy},
		{name: "ecr:GetRegistryScanningConfiguration", of: "AWS::ECR::RegistryScanningConfiguration", read: registryScanning},
	}
}

// describeRepositories emits the registry's scanning configuration as well, once there is
// a repository: where there is none nobody asks for it.
func describeRepositories(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.ecr().DescribeRepositories, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(1000)},
		func(in *ecr.DescribeRepositoriesInput, out *ecr.DescribeRepositoriesOutput) (*string, error) {
			for _, r := range out.Repositories {
				emit(item{Type: "AWS::ECR::RegistryScanningConfiguration", Name: c.accountID,
					ARN: "arn:" + c.partition + ":ecr:" + c.region + ":" + c.accountID + ":registry-scanning-configuration"})
				data, err := parts(r)
				if err != nil {
					return nil, err
				}
				emit(item{Type: "AWS::ECR::Repository", ARN: aws.ToString(r.RepositoryArn), Name: aws.ToString(r.RepositoryName), Data: data})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func repositoryPolicy(ctx context.Context, c *clients, r *item) (fields, error) {
	out, err := c.ecr().GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: &r.Name})
	if err != nil {
		return nil, err
	}
	return fields{"RepositoryPolicy": policyText(out.PolicyText)}, nil
}

func registryScanning(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.ecr().GetRegistryScanningConfiguration(ctx, &ecr.GetRegistryScanningConfigurationInput{})
	if err != nil {
		return nil, err
	}
	if out.ScanningConfiguration == nil || out.ScanningConfiguration.ScanType == "" {
		return nil, errLeftOut
	}
	return fields{"ScanType": out.ScanningConfiguration.ScanType, "Rules": orNone(out.ScanningConfiguration.Rules)}, nil
}
