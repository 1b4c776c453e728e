package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func dynamodbOperations() []operation {
	return []operation{
		{name: "dynamodb:ListTables", list: listTables},
		// AWS documents the rate.
		{name: "dynamodb:DescribeContinuousBackups", of: "AWS::DynamoDB::Table", perSecond: 10, read: continuousBackups},
	}
}

func listTables(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.dynamodb().ListTables, &dynamodb.ListTablesInput{Limit: aws.Int32(100)},
		func(in *dynamodb.ListTablesInput, out *dynamodb.ListTablesOutput) (*string, error) {
			for _, name := range out.TableNames {
				emit(item{Type: "AWS::DynamoDB::Table", Name: name, ARN: "arn:" + c.partition + ":dynamodb:" + c.region + ":" + c.accountID + ":table/" + name})
			}
			in.ExclusiveStartTableName = out.LastEvaluatedTableName
			return in.ExclusiveStartTableName, nil
		})
}

func continuousBackups(ctx context.Context, c *clients, t *item) (fields, error) {
	out, err := c.dynamodb().DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &t.Name})
	if err != nil {
		return nil, err
	}
	if out.ContinuousBackupsDescription == nil || out.ContinuousBackupsDescription.PointInTimeRecoveryDescription == nil {
		return nil, errLeftOut
	}
	d := out.ContinuousBackupsDescription.PointInTimeRecoveryDescription
	return fields{"PointInTimeRecovery": fields{"PointInTimeRecoveryStatus": d.PointInTimeRecoveryStatus, "RecoveryPeriodInDays": d.RecoveryPeriodInDays}}, nil
}
