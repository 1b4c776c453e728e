package collect

import (
	"net/http"
	"strings"
	"testing"
)

func TestDynamoDB(t *testing.T) {
	aws := newStandIn(t)
	aws.on("dynamodb:ListTables", func(w http.ResponseWriter, q asked) {
		if !strings.Contains(q.sent, "ExclusiveStartTableName") {
			body(`{"TableNames":["orders","users"],"LastEvaluatedTableName":"users"}`)(w, q)
			return
		}
		body(`{"TableNames":["visits","gone"]}`)(w, q)
	})
	backups := func(status string) string {
		return `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"` + status + `"}}}`
	}
	aws.on("dynamodb:DescribeContinuousBackups", asking(map[string]string{
		"orders": backups("ENABLED"), "users": backups("DISABLED"), "visits": `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED"}}`, "gone": "!TableNotFoundException",
	}))
	got, _ := judged(t, aws, "dynamodb-pitr")
	wants(t, got, `
dynamodb-pitr orders PASS
dynamodb-pitr users  FAIL
dynamodb-pitr visits UNKNOWN
dynamodb-pitr gone   UNKNOWN`)
}
