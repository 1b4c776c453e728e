package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
)

func accessanalyzerOperations() []operation {
	return []operation{{name: "access-analyzer:ListAnalyzers", list: listAnalyzers}}
}

func listAnalyzers(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.accessanalyzer().ListAnalyzers, &accessanalyzer.ListAnalyzersInput{MaxResults: aws.Int32(100)},
		func(in *accessanalyzer.ListAnalyzersInput, out *accessanalyzer.ListAnalyzersOutput) (*string, error) {
			for _, x := range out.Analyzers {
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				delete(data, "Tags")
				emit(item{Type: "AWS::AccessAnalyzer::Analyzer", ARN: aws.ToString(x.Arn), Name: aws.ToString(x.Name), Tags: x.Tags, Data: data})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}
