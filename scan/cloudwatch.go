package scan

import (
	"fmt"
	"strings"

	"fob/scan/filter"
)

// Alarm is a CloudWatch alarm on metrics.
type Alarm struct {
	Resource
	ActionsEnabled        *bool    // nil means that they are
	AlarmActions          []string // ARNs
	Namespace, MetricName string   // "" for an alarm on several metrics
	Dimensions            []MetricDimension
	Metrics               []struct {
		AccountId  string // of the metric, "" for the alarm's own
		MetricStat struct {
			Metric struct {
				Namespace, MetricName string
				Dimensions            []MetricDimension
			}
		}
	}
}

// MetricDimension is a part of a metric's identity.
type MetricDimension struct{ Name, Value string }

// AlarmTopic is an SNS topic of the account that alarms notify.
type AlarmTopic struct {
	Resource
	// Subscriptions are absent for a topic that is gone.
	Subscriptions Val[[]Subscription] `op:"sns:ListSubscriptionsByTopic"`
}

// Subscription is a receiver of a topic's messages. Until it is confirmed, words stand in
// place of its ARN.
type Subscription struct{ SubscriptionArn, Protocol string }

// MetricFilter counts what matches a pattern in a log group.
type MetricFilter struct {
	FilterName, FilterPattern, LogGroupName string
	// FieldSelectionCriteria leave out the events of some accounts or regions.
	FieldSelectionCriteria string
	// EmitSystemFieldDimensions split the count by account or region.
	EmitSystemFieldDimensions []string
	MetricTransformations     []struct {
		MetricNamespace, MetricName string
		Dimensions                  map[string]string
	}
}

var (
	alarms      = newKind[Alarm]("AWS::CloudWatch::Alarm", "cloudwatch", Regional, "cloudwatch:DescribeAlarms")
	alarmTopics = newKind[AlarmTopic]("AWS::CloudWatch::AlarmTopic", "cloudwatch", Regional, "cloudwatch:DescribeAlarms")
)

func cloudwatchKinds() []*Kind { return []*Kind{alarms.Kind, alarmTopics.Kind} }

func cloudwatchChecks() []Check {
	var out []Check
	for _, w := range watches() {
		out = append(out, Each(accounts, Check{
			ID: "cw-alarm-" + w.id, Title: "No alarm on " + w.what, Severity: w.severity,
			Service: "cloudwatch", Type: "AWS::Account",
			Why: w.why,
			Fix: "Have a multi-region trail write to a log group, count " + w.what + " there (" + eventNames(w.events) + ") with a metric filter, and alarm on the count through a topic that somebody reads.",
			Refs: []string{
				fmt.Sprintf("cis-1.2:3.%d", w.number), fmt.Sprintf("cis-3.0:4.%d", w.number), fmt.Sprintf("cis-5.0:4.%d", w.number), fmt.Sprintf("cis-7.0:5.%d", w.number),
				"scoutsuite:logs-no-alarm-" + w.old,
			},
			Reads: []string{
				"AWS::CloudTrail::Trail.Status", "AWS::CloudTrail::Trail.Selectors", "AWS::CloudTrail::Trail.MetricFilters",
				"AWS::CloudWatch::Alarm", "AWS::CloudWatch::AlarmTopic.Subscriptions",
			},
		}, func(_ *Account, p *Params) Verdict { return p.alarmed(w.events) }))
	}
	return out
}

// eventNames are kinds of events as people call them.
func eventNames(events []filter.Event) string {
	var names []string
	for _, e := range events {
		names = append(names, eventName(e))
	}
	return strings.Join(names, ", ")
}

// eventName is what the first fact says: the name of an API call, an error, a user.
func eventName(e filter.Event) string { return e[0].Value }
