package collect

import (
	"context"
	"strings"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
)

func cloudtrailOperations() []operation {
	const trail, perSecond = "AWS::CloudTrail::Trail", 10
	return []operation{
		{name: "cloudtrail:DescribeTrails", scope: scan.Regional, perSecond: perSecond, list: describeTrails},
		{name: "cloudtrail:GetTrailStatus", scope: scan.Regional, perSecond: perSecond, of: trail, read: trailStatus},
		{name: "cloudtrail:GetEventSelectors", scope: scan.Regional, perSecond: perSecond, of: trail, read: eventSelectors},
	}
}

// describeTrails asks for the shadows of trails, too: only as such those of an organization
// are shown to its members, and those whose home is not read at all. The answer has no
// pages.
func describeTrails(ctx context.Context, c *clients, emit func(item)) error {
	out, err := c.cloudtrail().DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	switch {
	case err != nil:
		return err
	case out.TrailList == nil:
		return errLeftOut
	}
	for _, t := range out.TrailList {
		data, err := parts(t)
		if err != nil {
			return err
		}
		emit(item{Type: "AWS::CloudTrail::Trail", ARN: aws.ToString(t.TrailARN), Name: aws.ToString(t.Name), Region: aws.ToString(t.HomeRegion), Data: data})
	}
	return nil
}

func trailStatus(ctx context.Context, c *clients, t *item) (fields, error) {
	out, err := c.cloudtrail().GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: &t.ARN})
	if err != nil {
		return nil, ofTrail(c, t, err)
	}
	logging, err := said(out.IsLogging)
	return fields{"Status": fields{
		"IsLogging": logging, "StartLoggingTime": out.StartLoggingTime, "StopLoggingTime": out.StopLoggingTime,
		"LatestDeliveryTime": out.LatestDeliveryTime, "LatestDeliveryError": out.LatestDeliveryError,
		"LatestCloudWatchLogsDeliveryTime": out.LatestCloudWatchLogsDeliveryTime, "LatestCloudWatchLogsDeliveryError": out.LatestCloudWatchLogsDeliveryError,
	}}, err
}

// eventSelectors: a trail always has selectors of one of the two forms.
func eventSelectors(ctx context.Context, c *clients, t *item) (fields, error) {
	out, err := c.cloudtrail().GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: &t.ARN})
	switch {
	case err != nil:
		return nil, ofTrail(c, t, err)
	case len(out.EventSelectors) == 0 && len(out.AdvancedEventSelectors) == 0:
		return nil, errLeftOut
	}
	return fields{"Selectors": fields{"EventSelectors": orNone(out.EventSelectors), "AdvancedEventSelectors": orNone(out.AdvancedEventSelectors)}}, nil
}

// ofTrail is an error about a trail. Members of an organization see its trail, but some
// calls do not know it there.
func ofTrail(c *clients, t *item, err error) error {
	if strings.Contains(t.ARN, ":"+c.accountID+":") {
		return err
	}
	switch apiCode(err) {
	case "CloudTrailARNInvalidException", "TrailNotFoundException", "InvalidTrailNameException":
		return outOfReach{err}
	}
	return err
}
