package scan

import "strconv"

// DynamoDBTable is a table of DynamoDB.
type DynamoDBTable struct {
	Resource
	PointInTimeRecovery Val[struct{ PointInTimeRecoveryStatus string }] `op:"dynamodb:DescribeContinuousBackups"` // ENABLED, DISABLED
}

var dynamodbTables = newKind[DynamoDBTable]("AWS::DynamoDB::Table", "dynamodb", Regional, "dynamodb:ListTables")

func dynamodbKinds() []*Kind { return []*Kind{dynamodbTables.Kind} }

func dynamodbChecks() []Check {
	return []Check{
		Each(dynamodbTables, Check{
			ID: "dynamodb-pitr", Title: "Point-in-time recovery off", Severity: Low,
			Service: "dynamodb", Type: "AWS::DynamoDB::Table",
			Why:   "Items that are overwritten or deleted, by mistake or on purpose, are gone, or fall back to the last backup.",
			Fix:   "Turn on point-in-time recovery for the table (aws dynamodb update-continuous-backups).",
			Refs:  []string{"fsbp:DynamoDB.2"},
			Needs: []string{"PointInTimeRecovery"},
		}, func(t *DynamoDBTable, _ *Params) Verdict {
			const path = "PointInTimeRecovery.PointInTimeRecoveryStatus"
			switch status := t.PointInTimeRecovery.V.PointInTimeRecoveryStatus; status {
			case "ENABLED":
				return Pass("point-in-time recovery is on")
			case "DISABLED":
				return Fail("point-in-time recovery is off").At(path, status)
			default:
				return badAnswer("dynamodb:DescribeContinuousBackups", &t.Resource, "the status "+strconv.Quote(status))
			}
		}),
	}
}
