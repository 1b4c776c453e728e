package collect

import (
	"net/http"
	"strings"
	"testing"

	"fob/scan"

	"github.com/aws/smithy-go/encoding/cbor"
)

// describeAlarmsCall is the call as it comes in.
var describeAlarmsCall = restOp("monitoring", "POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms")

func cborAlarm(name, namespace, metric, action string) cbor.Value {
	return cbor.Map{
		"AlarmName": cbor.String(name), "AlarmArn": cbor.String("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:" + name),
		"ActionsEnabled": cbor.Bool(true), "AlarmActions": cbor.List{cbor.String(action)},
		"Namespace": cbor.String(namespace), "MetricName": cbor.String(metric), "StateReasonData": cbor.String("changes"),
	}
}

// watchedAccount has a trail whose log group counts the deletion of keys, and an alarm on
// the count. The trail's home is where its log group is.
func watchedAccount(t *testing.T) *standIn {
	t.Helper()
	aws := newStandIn(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1"))
	aws.on("cloudtrail:DescribeTrails", body(`{"trailList":[
		{"Name":"main","TrailARN":"arn:aws:cloudtrail:eu-west-1:123456789012:trail/main","HomeRegion":"eu-west-1","IsMultiRegionTrail":true,"S3BucketName":"trails",
		 "CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:123456789012:log-group:/trail/main:*"},
		{"Name":"org","TrailARN":"arn:aws:cloudtrail:eu-west-1:210987654321:trail/org","HomeRegion":"eu-west-1","IsMultiRegionTrail":true,"IsOrganizationTrail":true,"S3BucketName":"trails",
		 "CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:210987654321:log-group:org:*"},
		{"Name":"bare","TrailARN":"arn:aws:cloudtrail:eu-west-1:123456789012:trail/bare","HomeRegion":"eu-west-1","IsMultiRegionTrail":true,"S3BucketName":"trails"}]}`))
	aws.on("cloudtrail:GetTrailStatus", body(`{"IsLogging":true}`))
	aws.on("cloudtrail:GetEventSelectors", body(`{"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[],"ExcludeManagementEventSources":[]}]}`))
	aws.on("logs:DescribeMetricFilters", func(w http.ResponseWriter, q asked) {
		if q.region != "eu-west-1" || !strings.Contains(q.form.Encode(), "%22%2Ftrail%2Fmain%22") {
			t.Errorf("asked in %s for %v", q.region, q.form)
		}
		body(`{"metricFilters":[{"filterName":"keys","logGroupName":"/trail/main","filterPattern":"{ $.eventName = DisableKey || $.eventName = ScheduleKeyDeletion }",
			"metricTransformations":[{"metricName":"KeyDeletion","metricNamespace":"Security","metricValue":"1"}]}]}`)(w, q)
	})
	const topic = "arn:aws:sns:eu-west-1:123456789012:security"
	aws.on("us-east-1 "+describeAlarmsCall, cborAnswer(200, cbor.Map{"MetricAlarms": cbor.List{}}))
	aws.on("eu-west-1 "+describeAlarmsCall, cborAnswer(200, cbor.Map{"MetricAlarms": cbor.List{
		cborAlarm("keys", "Security", "KeyDeletion", topic), cborAlarm("again", "Security", "Other", topic),
		cborAlarm("cpu", "AWS/EC2", "CPUUtilization", topic+"-of-aws-metrics"), cborAlarm("far", "Security", "Far", "arn:aws:sns:eu-west-1:210987654321:security"),
	}}))
	aws.on("sns:ListSubscriptionsByTopic", body(`<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions><member>
		<TopicArn>`+topic+`</TopicArn><Protocol>email</Protocol><SubscriptionArn>`+topic+`:1</SubscriptionArn><Owner>123456789012</Owner><Endpoint>ann@example.com</Endpoint>
		</member></Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`))
	return aws
}

// TestAlarms takes the alarm on the deletion of keys from the wire to its verdict.
func TestAlarms(t *testing.T) {
	ids := []string{"cw-alarm-kms-deletion", "cw-alarm-root-use"}
	aws := watchedAccount(t)
	s := read(t, aws.collector(t, ids...))
	if got := findings(t, s, ids...); len(got) != 2 || got[0].Status != scan.StatusPass || got[1].Status != scan.StatusUnknown || got[1].Unread[0].Why != scan.Context {
		t.Errorf("findings %+v", got)
	}
	if !*s.end(t).Complete {
		t.Error("the log group of another account makes the scan incomplete")
	}
	for op, want := range map[string]int{"logs:DescribeMetricFilters": 1, "sns:ListSubscriptionsByTopic": 1, describeAlarmsCall: 2} {
		if n := aws.made(op); n != want {
			t.Errorf("%d calls of %s, want %d", n, op, want)
		}
	}
	for _, l := range s.of("res") {
		for name, raw := range l.D {
			if strings.Contains(string(raw), "ann@example.com") || name == "StateReasonData" {
				t.Errorf("%s has %s in %s", l.ID, raw, name)
			}
		}
	}
}

// TestAlarmTopicIsGone: a topic that is no more notifies nobody.
func TestAlarmTopicIsGone(t *testing.T) {
	aws := watchedAccount(t)
	aws.on("cloudtrail:DescribeTrails", body(`{"trailList":[{"Name":"main","TrailARN":"arn:aws:cloudtrail:eu-west-1:123456789012:trail/main","HomeRegion":"eu-west-1","IsMultiRegionTrail":true,
		 "CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:123456789012:log-group:/trail/main:*"}]}`))
	aws.on("sns:ListSubscriptionsByTopic", func(w http.ResponseWriter, _ asked) {
		w.WriteHeader(404)
		_, _ = w.Write([]byte(`<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`))
	})
	s := read(t, aws.collector(t, "cw-alarm-kms-deletion"))
	if got := findings(t, s, "cw-alarm-kms-deletion"); len(got) != 1 || got[0].Status != scan.StatusFail || !strings.Contains(got[0].Message, "nobody") {
		t.Errorf("findings %+v", got)
	}
}
