package resolve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"fob/internal/secret"
)

const (
	// callLimit ends a call with all its tries; the limit of one try is the HTTP client's.
	callLimit = 25 * time.Second
	maxTries  = 3
	// skewLimit is how far the clocks may be apart before fob says so.
	skewLimit = 2 * time.Minute
)

// stsClient is STS as one caller. The SDK's client stays a concrete type here:
// as an interface value it would make the linker keep every method it has.
type stsClient struct {
	client  *sts.Client
	w       *walk
	account string // the caller's, "" when unknown
}

func (w *walk) sts(s Service, as Credentials) (*stsClient, error) {
	o, err := stsOptions(s, as, w.Resolver)
	if err != nil {
		return nil, err
	}
	return &stsClient{sts.New(o), w, as.AccountID}, nil
}

func stsOptions(s Service, as Credentials, r *Resolver) (sts.Options, error) {
	if s.STS != "" && (s.FIPS || s.DualStack) {
		return sts.Options{}, &ConfigError{Fact: "the endpoint " + s.STS + " cannot be combined with FIPS or dual stack", Fix: "leave one of them out"}
	}
	client, err := r.HTTP(s)
	if err != nil {
		return sts.Options{}, err
	}
	o := sts.Options{
		Region:      s.Region,
		HTTPClient:  client,
		Credentials: aws.AnonymousCredentials{},
		Retryer:     retryer(false),
	}
	if as.AccessKeyID != "" {
		v := aws.Credentials{AccessKeyID: as.AccessKeyID, SecretAccessKey: as.Secret.Reveal(), SessionToken: as.Token.Reveal()}
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return v, nil })
	}
	if s.STS != "" {
		o.BaseEndpoint = aws.String(s.STS)
	}
	if s.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if s.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	return o, nil
}

func retryer(hasCode bool) aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff = maxTries, 3*time.Second
		if hasCode {
			o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(lostAnswer)}, o.Retryables...)
		}
	})
}

// tries sets how a call is repeated. One with an MFA code is not when its answer
// was lost: AWS may have used the code up.
func tries(hasCode bool) func(*sts.Options) {
	return func(o *sts.Options) { o.Retryer = retryer(hasCode) }
}

// lostAnswer ends the tries of a call that may have reached AWS without an answer.
func lostAnswer(err error) aws.Ternary {
	var api smithy.APIError
	var op *net.OpError
	if errors.As(err, &api) || errors.As(err, &op) && op.Op == "dial" {
		return aws.UnknownTernary
	}
	return aws.FalseTernary
}

func (c *stsClient) sessionToken(ctx context.Context, s MFAStep, code string) (Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	issued := c.w.now()
	out, err := c.client.GetSessionToken(ctx, &sts.GetSessionTokenInput{
		DurationSeconds: aws.Int32(int32(s.Duration / time.Second)),
		SerialNumber:    aws.String(s.Serial),
		TokenCode:       aws.String(code),
	}, tries(true))
	if err != nil {
		return Credentials{}, awsError("GetSessionToken for "+s.Serial, err)
	}
	c.w.checkSkew(out.ResultMetadata)
	return fromSTS("GetSessionToken", out.Credentials, issued, c.w.now(), cmp.Or(accountOfARN(s.Serial), c.account), s.String())
}

func (c *stsClient) assumeRole(ctx context.Context, s RoleStep, code string) (Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	in := &sts.AssumeRoleInput{RoleArn: aws.String(s.ARN), RoleSessionName: aws.String(s.SessionName)}
	if s.ExternalID != "" {
		in.ExternalId = aws.String(s.ExternalID)
	}
	if s.Duration > 0 {
		in.DurationSeconds = aws.Int32(int32(s.Duration / time.Second))
	}
	s.Session.send(in)
	if code != "" {
		in.SerialNumber, in.TokenCode = aws.String(s.Serial), aws.String(code)
	}
	issued := c.w.now()
	call := "AssumeRole " + s.ARN
	out, err := c.client.AssumeRole(ctx, in, tries(code != ""))
	if err != nil {
		return Credentials{}, awsError(call, err)
	}
	c.w.checkSkew(out.ResultMetadata)
	asked, got := accountOfARN(s.ARN), ""
	if u := out.AssumedRoleUser; u != nil {
		got = accountOfARN(aws.ToString(u.Arn))
	}
	if got == "" {
		got = asked
	} else if asked != "" && asked != got {
		c.w.warn("%s: the answer is for account %s", call, got)
	}
	return fromSTS(call, out.Credentials, issued, c.w.now(), got, s.String())
}

// send puts what a session is given into a call.
func (r RoleSession) send(in *sts.AssumeRoleInput) {
	if r.SourceIdentity != "" {
		in.SourceIdentity = aws.String(r.SourceIdentity)
	}
	for _, t := range r.Tags {
		in.Tags = append(in.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	in.TransitiveTagKeys = r.TransitiveTags
	in.Policy, in.PolicyArns = r.policies()
}

// policies are the session policies as calls take them.
func (r RoleSession) policies() (inline *string, managed []types.PolicyDescriptorType) {
	if r.Policy != "" {
		inline = aws.String(r.Policy)
	}
	for _, arn := range r.PolicyARNs {
		managed = append(managed, types.PolicyDescriptorType{Arn: aws.String(arn)})
	}
	return inline, managed
}

// Identity says who some credentials are.
type Identity struct{ ARN, Account string }

// WhoAmI asks STS whose credentials these are: the check that a new key works.
func (r *Resolver) WhoAmI(ctx context.Context, s Service, as Credentials) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	o, err := stsOptions(s, as, r)
	if err != nil {
		return Identity{}, err
	}
	out, err := sts.New(o).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Identity{}, awsError("GetCallerIdentity", err)
	}
	return Identity{aws.ToString(out.Arn), aws.ToString(out.Account)}, nil
}

// fromSTS refuses an answer that lacks a part or is over now. issued is when it was asked for.
func fromSTS(call string, c *types.Credentials, issued, now time.Time, account, source string) (Credentials, error) {
	if c == nil || aws.ToString(c.AccessKeyId) == "" || aws.ToString(c.SecretAccessKey) == "" || aws.ToString(c.SessionToken) == "" || c.Expiration == nil {
		return Credentials{}, &AWSError{Call: call, Cause: BadAnswer, Text: "credentials without key, token or end"}
	}
	if !c.Expiration.After(now) {
		return Credentials{}, &AWSError{Call: call, Cause: Skew, Text: "the credentials ended at " + c.Expiration.UTC().Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	return Credentials{
		AccessKeyID: *c.AccessKeyId, Secret: secret.New(*c.SecretAccessKey), Token: secret.New(*c.SessionToken),
		Issued: issued, Expires: c.Expiration.UTC(), AccountID: cmp.Or(account, accountOfKeyID(*c.AccessKeyId)), Source: source,
	}, nil
}

// checkSkew tells of a wrong clock; the SDK has corrected the signature by then.
func (w *walk) checkSkew(m middleware.Metadata) {
	if skew, ok := awsmiddleware.GetAttemptSkew(m); ok && (skew > skewLimit || skew < -skewLimit) {
		w.warn("this machine's clock is %s off AWS's; corrected for this call", skew.Round(time.Second))
	}
}

// awsError sorts the SDK's error.
func awsError(call string, err error) error {
	e := &AWSError{Call: call, Cause: Unreachable, Err: err}
	var api smithy.APIError
	var de *smithy.DeserializationError
	var ne net.Error
	switch {
	case errors.As(err, &api):
		e.sort(api, statusOf(err))
	case errors.Is(err, context.Canceled):
		return ErrCancelled
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &ne) && ne.Timeout():
		e.Text = "no answer in time"
	case errors.As(err, &de):
		e.Cause, e.Text = BadAnswer, notAWS
	default:
		e.Text = rootText(err)
	}
	return e
}

// notAWS is what an answer is that the SDK cannot read.
const notAWS = "not an answer of AWS (a proxy or a captive portal?)"

// sort reads a refusal. The SDK calls one UnknownError that is not in AWS's form.
func (e *AWSError) sort(api smithy.APIError, status int) {
	e.Code, e.Text = api.ErrorCode(), strings.TrimSpace(api.ErrorMessage())
	e.Cause = causeOf(e.Code, e.Text)
	if e.Code == "UnknownError" {
		e.Cause, e.Code, e.Text = BadAnswer, "", fmt.Sprintf("HTTP status %d, %s", status, notAWS)
	}
	if status >= 500 && e.Cause != Throttled {
		e.Cause = Unreachable
	}
}

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
