package collect

import (
	"context"
	"slices"
	"strings"

	"fob/scan"
)

// operation is one API call and what it gives: resources, or fields of one.
type operation struct {
	// name is "service:Operation" as rows and tags name it.
	name string
	// action is the IAM action that allows it; "" means the name.
	action string
	// scope says whether it is called in every region or once.
	scope scan.Scope
	// perSecond is the rate to start from, 0 means the usual one.
	perSecond float64
	// calls are how many an account without resources takes, where it is not one.
	calls calls
	// absent are the error codes that say that there is none, which is data.
	absent []string

	// through are the operations whose answers it works with, also where those are not
	// whole. They tell of the error; a scan that gets more of them calls it again.
	through []string

	// list emits every resource of an account and region, page by page.
	list func(ctx context.Context, c *clients, emit func(item)) error
	// of is the type of resource that read is called for.
	of string
	// read fills fields of one resource. A nil value says that there is none.
	read func(ctx context.Context, c *clients, r *item) (fields, error)
	// when leaves out resources for which the call makes no sense; nil means none.
	when func(r *item) bool
}

// calls is a number of calls. The zero value is one.
type calls int

// noCalls is for an operation that asks nothing itself where there are no resources.
const noCalls calls = -1

// whenEmpty is how many calls the operation takes where there are no resources.
func (o *operation) whenEmpty() int {
	switch o.calls {
	case 0:
		return 1
	case noCalls:
		return 0
	}
	return int(o.calls)
}

// item is a resource on its way into the snapshot.
type item struct {
	Type, ARN, Name string
	Region          string // "" means where the operation was called
	listed          string // the region whose list named it, if it lies in another one
	Tags            map[string]string
	// Data is what is known of it. Once a list has emitted it, the values are JSON as the
	// record has them, whatever they were before: recorded reads them.
	Data fields
}

// fields are parts of a resource's record, by name.
type fields map[string]any

// service is the prefix of the name: whose limits it counts against.
func (o *operation) service() string {
	s, _, _ := strings.Cut(o.name, ":")
	return s
}

func (o *operation) iamAction() string {
	if o.action != "" {
		return o.action
	}
	return o.name
}

// operations are all that is ever called, service by service.
func operations() []operation {
	return slices.Concat(
		accessanalyzerOperations(),
		accountOperations(),
		acmOperations(),
		cloudformationOperations(),
		cloudfrontOperations(),
		cloudtrailOperations(),
		cloudwatchOperations(),
		configOperations(),
		dynamodbOperations(),
		ec2Operations(),
		ecrOperations(),
		ecsOperations(),
		efsOperations(),
		eksOperations(),
		elasticacheOperations(),
		elbOperations(),
		elbv2Operations(),
		guarddutyOperations(),
		iamOperations(),
		kmsOperations(),
		lambdaOperations(),
		opensearchOperations(),
		organizationsOperations(),
		rdsOperations(),
		redshiftOperations(),
		route53Operations(),
		s3Operations(),
		secretsmanagerOperations(),
		securityhubOperations(),
		sesOperations(),
		snsOperations(),
		sqsOperations(),
		ssmOperations(),
	)
}
