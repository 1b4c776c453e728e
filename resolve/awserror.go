package resolve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"fob/internal/echo"
	"fob/internal/secret"
)

// awsError sorts what the network did instead of an answer.
func awsError(call string, err error) error {
	e := &AWSError{Call: call, Cause: Unreachable, Err: err}
	var ne net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return ErrCancelled
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &ne) && ne.Timeout():
		e.Text = "no answer in time"
	default:
		e.Text = rootText(err)
	}
	return e
}

// unspoken takes out of a failed call what repeats a secret of its request. The cause and
// AWS's code for it stay, which advice is given by.
func unspoken(err error, r *http.Request, more ...secret.Text) {
	var e *AWSError
	if !errors.As(err, &e) {
		return
	}
	secrets := append(echo.Secrets(r), more...)
	if echo.Repeats(e.Code, secrets...) {
		e.Code = ""
	}
	if echo.Repeats(e.Text, secrets...) {
		e.Text = "the answer repeats what was sent, and is not shown"
	}
	if e.Err != nil && echo.Repeats(e.Err.Error(), secrets...) {
		e.Err = nil
	}
	var refused refusal
	if errors.As(e.Err, &refused) && echo.Repeats(refused.oauth, secrets...) {
		e.Err = refused.httpStatus
	}
}

// notAWS is what an answer is that cannot be read.
const notAWS = "not an answer of AWS (a proxy or a captive portal?)"

// statusOf is the HTTP status of a refusal, 0 when there is none.
func statusOf(err error) int {
	var res interface{ HTTPStatusCode() int }
	if !errors.As(err, &res) {
		return 0
	}
	return res.HTTPStatusCode()
}

// causeOf reads AWS's own codes. STS says AccessDenied for a wrong MFA code too
// and tells it apart in words alone.
func causeOf(code, text string) Cause {
	switch code {
	case "AccessDenied", "AccessDeniedException":
		if strings.Contains(text, "MultiFactorAuthentication failed") {
			return WrongCode
		}
		return Denied
	case "ExpiredToken", "ExpiredTokenException":
		return Expired
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId":
		return BadKey
	case "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture":
		if code != "SignatureDoesNotMatch" || strings.HasPrefix(text, "Signature expired") || strings.HasPrefix(text, "Signature not yet current") {
			return Skew
		}
		return BadKey
	case "Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded":
		return Throttled
	}
	return Refused
}

// overRoleLimit: the role allows less than was asked for. STS tells it in words alone.
func overRoleLimit(err error) bool {
	var aws *AWSError
	return errors.As(err, &aws) && strings.Contains(aws.Text, "MaxSessionDuration")
}

// rootText is the innermost error's text: the layers above repeat the call.
func rootText(err error) string {
	for {
		u := errors.Unwrap(err)
		if u == nil {
			return err.Error()
		}
		err = u
	}
}
