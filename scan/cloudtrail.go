package scan

import (
	"slices"
	"time"
)

// Trail is a trail of CloudTrail, found under its home region. That of an organization,
// or of another region, is shown wherever it records.
type Trail struct {
	Resource
	S3BucketName, CloudWatchLogsLogGroupArn string
	KmsKeyId                                string // "" where no key of the customer encrypts
	IsMultiRegionTrail                      *bool
	IncludeGlobalServiceEvents              *bool
	LogFileValidationEnabled                *bool
	Status                                  Val[TrailStatus]    `op:"cloudtrail:GetTrailStatus"`
	Selectors                               Val[EventSelectors] `op:"cloudtrail:GetEventSelectors"`
	// MetricFilters are those of the trail's log group, absent where the group is gone.
	MetricFilters Val[[]MetricFilter] `op:"logs:DescribeMetricFilters"`
}

// TrailStatus says whether a trail works. The zero times are never.
type TrailStatus struct {
	IsLogging                        bool
	StartLoggingTime                 time.Time
	LatestDeliveryTime               time.Time
	LatestDeliveryError              string // "" where the last delivery went well
	LatestCloudWatchLogsDeliveryTime time.Time
}

var trails = newKind[Trail]("AWS::CloudTrail::Trail", "cloudtrail", Regional, "cloudtrail:DescribeTrails")

func cloudtrailKinds() []*Kind { return []*Kind{trails.Kind} }

func cloudtrailChecks() []Check {
	return slices.Concat(trailAccountChecks(), trailChecks(), trailBucketChecks())
}

// owner is the account that a trail belongs to.
func (t *Trail) owner() string { return parseARN(t.ARN).account }

// leftOut is for what the list of trails always says, and did not say.
func (t *Trail) leftOut(field string) *ReadError {
	const op = "cloudtrail:DescribeTrails"
	return &ReadError{Op: op, Action: op, Resource: t.ARN, Region: t.Region, Why: Failed, Code: "bad-answer: no " + field}
}

// status is a trail's, or why it is not known.
func (t *Trail) status() (*TrailStatus, *ReadError) {
	if !t.Status.Present() {
		return nil, orNotPlanned(t.Status.Err)
	}
	return &t.Status.V, nil
}
