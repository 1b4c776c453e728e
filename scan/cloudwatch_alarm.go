package scan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fob/scan/filter"
)

// link is a part of the way from an event to somebody who is told of it, or all of it:
// whether it is there. Where it is not, unread is what could still tell otherwise, and
// missing what is not there; far counts how much else is.
type link struct {
	there   bool
	unread  []*ReadError
	missing string
	far     int
}

func no(far int, format string, args ...any) link {
	return link{missing: fmt.Sprintf(format, args...), far: far}
}

func unsure(errs ...*ReadError) link {
	var a link
	for _, e := range errs {
		a.unread = append(a.unread, orNotPlanned(e))
	}
	return a
}

// or is there if one of two is.
func (a link) or(b link) link {
	switch {
	case a.there:
		return a
	case b.there:
		return b
	}
	best := a
	if b.far > a.far {
		best = b
	}
	best.unread = once(slices.Concat(a.unread, b.unread))
	return best
}

// and is there if both are. What is surely not there needs nothing else to be read.
func (a link) and(b link) link {
	switch {
	case a.there:
		return b
	case b.there, len(a.unread) == 0:
		return a
	case len(b.unread) == 0:
		return b
	}
	a.unread = once(slices.Concat(a.unread, b.unread))
	return a
}

// alarmed says whether something alarms on each of some events. Several filters may do so
// together.
func (p *Params) alarmed(events []filter.Event) Verdict {
	var silent []string
	var why link
	var unread []*ReadError
	for _, e := range events {
		a := p.alarmedOn(e)
		switch {
		case a.there:
		case len(a.unread) > 0:
			unread = append(unread, a.unread...)
		default:
			if silent == nil {
				why = a
			}
			silent = append(silent, eventName(e))
		}
	}
	switch {
	case len(silent) > 0:
		return Fail("nothing alarms on %s: %s", firstOf(silent), why.missing)
	case len(unread) > 0:
		return Unknown(once(unread)...)
	}
	return Pass("an alarm notifies somebody of each such event")
}

func (p *Params) alarmedOn(e filter.Event) link {
	out := no(0, "no multi-region trail writes to a log group")
	out = out.or(unsure(p.seenAnywhere()...))
	for _, t := range All[Trail](p.Facts, "") {
		if t.CloudWatchLogsLogGroupArn != "" {
			out = out.or(t.everywhere().and(t.logs(e)).and(p.filtered(t, e)))
		}
	}
	return out
}

// everywhere says whether a trail is one of all regions.
func (t *Trail) everywhere() link {
	switch faults, unread := t.allRegions(); {
	case unread != nil:
		return unsure(unread)
	case len(faults) > 0:
		return no(0, "the trail %s %s", t.Name, faults[0].says)
	}
	return link{there: true}
}

// logs says whether a trail writes down such an event.
func (t *Trail) logs(e filter.Event) link {
	working, recording := link{there: true}, link{there: true}
	switch {
	case !t.Status.Present():
		working = unsure(t.Status.Err)
	case !t.Status.V.IsLogging:
		working = no(1, "the trail %s is stopped", t.Name)
	}
	switch {
	case !t.Selectors.Present():
		recording = unsure(t.Selectors.Err)
	case !t.Selectors.V.record(e):
		recording = no(1, "the trail %s does not record it", t.Name)
	}
	return working.and(recording)
}

// filtered says whether a filter of the trail's log group takes such an event, and
// something alarms on what the filter counts.
func (p *Params) filtered(t *Trail, e filter.Event) link {
	group := parseARN(t.CloudWatchLogsLogGroupArn)
	switch {
	case group.account != p.Account:
		return unsure(&ReadError{Op: "logs:DescribeMetricFilters", Action: "logs:DescribeMetricFilters", Resource: t.CloudWatchLogsLogGroupArn,
			Region: group.region, Why: Context, Code: "the log group lies in account " + group.account})
	case !t.MetricFilters.Known():
		return unsure(t.MetricFilters.Err)
	}
	out := no(2, "no metric filter of the log group of the trail %s counts it", t.Name)
	for i := range t.MetricFilters.V {
		f := &t.MetricFilters.V[i]
		parsed, err := filter.Parse(f.FilterPattern)
		switch {
		case f.FieldSelectionCriteria != "" || errors.Is(err, filter.ErrNotJSON):
		case err != nil: // AWS took it
			out = out.or(unsure(&ReadError{Op: "logs:DescribeMetricFilters", Action: "logs:DescribeMetricFilters", Resource: t.CloudWatchLogsLogGroupArn,
				Region: group.region, Why: Internal, Code: err.Error()}))
		case parsed.Covers(e):
			out = out.or(p.counted(f, group.region))
		}
	}
	return out
}

// counted says whether an alarm watches the metric of a filter. One that is split by
// dimensions is not one metric, and an alarm watches a part of it.
func (p *Params) counted(f *MetricFilter, region string) link {
	out := no(3, "no alarm watches the metric of the filter %s", f.FilterName)
	if err := p.ListError(alarms.Kind, region); err != nil {
		out = out.or(unsure(err))
	}
	for _, m := range f.MetricTransformations {
		if len(m.Dimensions) > 0 || len(f.EmitSystemFieldDimensions) > 0 {
			continue
		}
		for _, a := range All[Alarm](p.Facts, region) {
			if a.watches(m.MetricNamespace, m.MetricName) {
				out = out.or(p.notifies(a))
			}
		}
	}
	return out
}

func (a *Alarm) watches(namespace, name string) bool {
	if a.Namespace == namespace && a.MetricName == name && len(a.Dimensions) == 0 {
		return true
	}
	for i := range a.Metrics {
		if of := a.Metrics[i].AccountId; of != "" && of != a.Account {
			continue
		}
		if m := &a.Metrics[i].MetricStat.Metric; m.Namespace == namespace && m.MetricName == name && len(m.Dimensions) == 0 {
			return true
		}
	}
	return false
}

// notifies says whether an alarm does something when it goes off.
func (p *Params) notifies(a *Alarm) link {
	switch {
	case a.ActionsEnabled != nil && !*a.ActionsEnabled:
		return no(4, "the actions of the alarm %s are switched off", a.Name)
	case len(a.AlarmActions) == 0:
		return no(4, "the alarm %s has no action", a.Name)
	}
	out := no(0, "")
	for _, arn := range a.AlarmActions {
		out = out.or(p.received(a, arn))
	}
	return out
}

// received says whether an action of an alarm reaches anything.
func (p *Params) received(a *Alarm, action string) link {
	to := parseARN(action)
	if to.service != "sns" {
		return link{there: true}
	}
	if to.account != p.Account {
		return unsure(&ReadError{Op: "sns:ListSubscriptionsByTopic", Action: "sns:ListSubscriptionsByTopic", Resource: action,
			Region: to.region, Why: Context, Code: "the topic lies in account " + to.account})
	}
	topic := Find[AlarmTopic](p.Facts, action)
	switch {
	case topic == nil:
		return unsure(&ReadError{Op: "sns:ListSubscriptionsByTopic", Action: "sns:ListSubscriptionsByTopic", Resource: action, Region: to.region, Why: NotPlanned})
	case !topic.Subscriptions.Known():
		return unsure(topic.Subscriptions.Err)
	case slices.ContainsFunc(topic.Subscriptions.V, func(s Subscription) bool { return strings.HasPrefix(s.SubscriptionArn, "arn:") }):
		return link{there: true}
	}
	return no(5, "nobody has confirmed to receive the topic %s of the alarm %s", topic.Name, a.Name)
}

// arnParts are the parts of an ARN that say where it is.
type arnParts struct{ service, region, account string }

func parseARN(arn string) (out arnParts) {
	if p := strings.SplitN(arn, ":", 6); len(p) == 6 {
		out = arnParts{p[2], p[3], p[4]}
	}
	return out
}
