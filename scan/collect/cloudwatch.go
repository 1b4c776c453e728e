package collect

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

const (
	alarmPage  = 100
	filterPage = 50
)

func cloudwatchOperations() []operation {
	return []operation{
		{name: "cloudwatch:DescribeAlarms", perSecond: 9, list: describeAlarms},
		{name: "sns:ListSubscriptionsByTopic", of: "AWS::CloudWatch::AlarmTopic", perSecond: 30, absent: []string{"NotFound", "NotFoundException"}, read: topicSubscriptions},
		{name: "logs:DescribeMetricFilters", of: "AWS::CloudTrail::Trail", perSecond: 5, absent: []string{"ResourceNotFoundException"}, read: trailFilters, when: func(t *item) bool { return trailLogGroup(t) != "" }},
	}
}

// describeAlarms gives the alarms on metrics, and the topics that they notify.
func describeAlarms(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.cloudwatch().DescribeAlarms,
		&cloudwatch.DescribeAlarmsInput{MaxRecords: aws.Int32(alarmPage), AlarmTypes: []cwtypes.AlarmType{cwtypes.AlarmTypeMetricAlarm}},
		func(in *cloudwatch.DescribeAlarmsInput, out *cloudwatch.DescribeAlarmsOutput) (*string, error) {
			for _, a := range out.MetricAlarms {
				data, err := parts(a)
				if err != nil {
					return nil, err
				}
				for _, name := range []string{"StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp"} {
					delete(data, name) // another at every look
				}
				emit(item{Type: "AWS::CloudWatch::Alarm", ARN: aws.ToString(a.AlarmArn), Name: aws.ToString(a.AlarmName), Data: data})
				emitTopics(c, &a, emit)
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

// emitTopics gives the own topics of alarms that may watch the count of a filter: on
// metrics of AWS, which are most, nobody asks whom they tell.
func emitTopics(c *clients, a *cwtypes.MetricAlarm, emit func(item)) {
	if strings.HasPrefix(aws.ToString(a.Namespace), "AWS/") {
		return
	}
	prefix := "arn:" + c.partition + ":sns:" + c.region + ":" + c.accountID + ":"
	for _, arn := range a.AlarmActions {
		if name, ok := strings.CutPrefix(arn, prefix); ok {
			emit(item{Type: "AWS::CloudWatch::AlarmTopic", ARN: arn, Name: name})
		}
	}
}

// topicSubscriptions reads who is told: not their addresses.
func topicSubscriptions(ctx context.Context, c *clients, t *item) (fields, error) {
	subscriptions := []fields{}
	err := eachPage(ctx, c.sns().ListSubscriptionsByTopic, &sns.ListSubscriptionsByTopicInput{TopicArn: &t.ARN},
		func(in *sns.ListSubscriptionsByTopicInput, out *sns.ListSubscriptionsByTopicOutput) (*string, error) {
			for _, s := range out.Subscriptions {
				subscriptions = append(subscriptions, fields{"SubscriptionArn": s.SubscriptionArn, "Protocol": s.Protocol})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	return fields{"Subscriptions": subscriptions}, err
}

// logGroup is where a trail writes its events: the region and the name of a log group of
// the account.
func logGroup(c *clients, t *item) (region, name string) {
	p := strings.SplitN(trailLogGroup(t), ":", 8) // arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*
	if len(p) < 7 || p[4] != c.accountID {
		return "", ""
	}
	return p[3], p[6]
}

func trailLogGroup(t *item) string {
	arn, _ := recorded[string](t, "CloudWatchLogsLogGroupArn")
	return arn
}

// errOtherAccount is what another account alone may look at.
var errOtherAccount = errors.New("it lies in another account")

func trailFilters(ctx context.Context, c *clients, t *item) (fields, error) {
	region, name := logGroup(c, t)
	if name == "" {
		return nil, outOfReach{errOtherAccount}
	}
	filters := []types.MetricFilter{}
	err := eachPage(ctx, c.in(region).cloudwatchlogs().DescribeMetricFilters, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: &name, Limit: aws.Int32(filterPage)},
		func(in *cloudwatchlogs.DescribeMetricFiltersInput, out *cloudwatchlogs.DescribeMetricFiltersOutput) (*string, error) {
			filters = append(filters, out.MetricFilters...)
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
	return fields{"MetricFilters": filters}, err
}
