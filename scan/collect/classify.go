package collect

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"fob/scan"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

var (
	errBudget  = errors.New("the number of calls is used up")
	errBlocked = errors.New("the region is not asked any more")
)

// outOfReach is a refusal of what this account cannot know by its place in an
// organization: nobody has to allow anything.
type outOfReach struct{ error }

func (e outOfReach) Unwrap() error { return e.error }

// classify says why a call under ctx gave no answer. nil is for an answer, and absent
// for one that says that there is none.
func (o *operation) classify(ctx context.Context, err error, arn, region string) (e *scan.ReadError, absent bool) {
	if err == nil {
		return nil, false
	}
	e = &scan.ReadError{Op: o.name, Action: o.iamAction(), Resource: arn, Region: region, Why: scan.Failed}
	var api smithy.APIError
	if errors.As(err, &api) {
		e.Code = api.ErrorCode()
		e.By = refusedBy(api.ErrorMessage())
	}
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil {
		e.Request = requestID(answer.Response.Header)
	}
	switch {
	case slices.Contains(o.absent, e.Code):
		return nil, true
	case errors.As(err, new(outOfReach)):
		e.Why = scan.Context
	case errors.As(err, new(*FaultError)):
		e.Why = scan.Internal
	case errors.Is(err, errBudget):
		e.Why = scan.Budget
	case errors.Is(err, errBlocked):
		e.Why = scan.Blocked
	case ctx.Err() != nil:
		e.Why, e.Code = scan.Cancelled, ""
	case isDenied(e.Code):
		e.Why = scan.Denied
	case isThrottle(e.Code):
		e.Why = scan.Throttled
	case e.Code == "":
		e.Code = connectCode(err)
	}
	return e, false
}

func requestID(h map[string][]string) string {
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id", "X-Amzn-Request-Id"} {
		if v := h[name]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func isDenied(code string) bool {
	switch code {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException",
		"Client.UnauthorizedOperation", "NotAuthorized", "Forbidden", "UnauthorizedException", "AuthFailure",
		"OptInRequired", "SubscriptionRequiredException", "InvalidClientTokenId", "UnrecognizedClientException":
		return true
	}
	return false
}

func isThrottle(code string) bool {
	switch code {
	case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
		"RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
		"PriorRequestNotComplete", "EC2ThrottledException", "TransactionInProgressException", "ProvisionedThroughputExceededException":
		return true
	}
	return false
}

// refusedBy reads who refused from AWS's words, "" when it does not say.
func refusedBy(message string) string {
	m := strings.ToLower(message)
	for _, p := range []struct{ words, by string }{
		{"service control policy", "scp"}, {"resource control policy", "rcp"}, {"permissions boundary", "boundary"},
		{"session policy", "session"}, {"resource-based policy", "resource"}, {"identity-based policy", "identity"},
	} {
		if strings.Contains(m, p.words) {
			return p.by
		}
	}
	return ""
}

// connectCode names what went wrong below the API.
func connectCode(err error) string {
	var nowhere noEndpoint
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &nowhere):
		return nowhere.code
	case errors.Is(err, errRepeatedToken):
		return "repeated-token"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no-such-host"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	var unsent *smithyhttp.RequestSendError
	if errors.As(err, &unsent) {
		return "no-connection"
	}
	return "bad-answer"
}
