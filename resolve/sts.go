package resolve

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"fob/internal/secret"
)

const (
	// callLimit ends a call with all its tries; the limit of one try is the HTTP client's.
	callLimit = 25 * time.Second
	maxTries  = 3
	// skewLimit is how far the clocks may be apart before fob says so.
	skewLimit = 2 * time.Minute
)

// stsClient is STS as one caller: a form, signed with the SDK's signer, and an
// answer in XML. The SDK's own client would be a tenth of the start of every
// command, most of which call nobody.
type stsClient struct {
	*Resolver
	http   *http.Client
	base   *url.URL
	region string
	as     Credentials   // the zero value signs nothing
	skew   time.Duration // AWS's clock minus this machine's, once it is known
}

func (w *walk) sts(s Service, as Credentials) (*stsClient, error) {
	return w.Resolver.stsAs(s, as)
}

func (r *Resolver) stsAs(s Service, as Credentials) (*stsClient, error) {
	base, err := awsEndpoint("sts", s, s.STS)
	if err != nil {
		return nil, err
	}
	client, err := r.HTTP(s)
	if err != nil {
		return nil, err
	}
	r.nameForeign(base, s)
	return &stsClient{Resolver: r, http: client, base: base, region: s.Region, as: as}, nil
}

// stsReply is what the calls answer, one inside an element named after the call.
type stsReply struct {
	Result struct {
		Credentials *struct {
			AccessKeyID     string `xml:"AccessKeyId"`
			SecretAccessKey string
			SessionToken    string
			Expiration      time.Time
		}
		AssumedRoleUser struct{ Arn string }
		Arn, Account    string
	} `xml:",any"`
}

// do makes a call, up to three times while the service or the network fails or
// this machine's clock is off. One with an MFA code is not repeated when its
// answer was lost: AWS may have used the code up.
func (c *stsClient) do(ctx context.Context, call string, form url.Values) (stsReply, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	form.Set("Version", "2011-06-15")
	skewed := false
	for try := 1; ; try++ {
		a, again, err := c.once(ctx, call, form)
		if causeIn(err) == Skew && c.skew != 0 && !skewed {
			again, skewed = true, true
		}
		if err == nil && (c.skew > skewLimit || c.skew < -skewLimit) {
			c.warn("this machine's clock is %s off AWS's; corrected for this call", c.skew.Round(time.Second))
		}
		if !again || try == maxTries {
			return a, err
		}
		pause(ctx, rand.N(time.Duration(try)*time.Second))
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return a, ErrCancelled
		case ctx.Err() != nil:
			return a, err
		}
	}
}

// once is one try. again says whether another may end better.
func (c *stsClient) once(ctx context.Context, call string, form url.Values) (a stsReply, again bool, err error) {
	body := []byte(form.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath("/").String(), bytes.NewReader(body))
	if err != nil {
		return a, false, err
	}
	req.Header.Set("User-Agent", "fob")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if err := c.sign(ctx, req, body); err != nil {
		return a, false, err
	}
	lost := form.Has("TokenCode") // an answer that is lost may have cost the code
	res, err := c.http.Do(req)
	if err != nil {
		var op *net.OpError
		unsent := errors.As(err, &op) && op.Op == "dial"
		return a, ctx.Err() == nil && mayPass(err) && (unsent || !lost), awsError(call, err)
	}
	defer func() { _ = res.Body.Close() }()
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		c.skew = date.Sub(c.now())
	}
	answer, err := io.ReadAll(res.Body)
	switch {
	case errors.Is(err, errTooLarge):
		return a, false, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error(), Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return a, false, &AWSError{Call: call, Cause: BadAnswer, Text: notAWS, Err: err}
	case err != nil:
		return a, ctx.Err() == nil && !lost, awsError(call, err)
	case res.StatusCode != http.StatusOK:
		e := refused(call, res.StatusCode, answer)
		return a, e.Cause == Unreachable || e.Cause == Throttled, e
	case xml.Unmarshal(answer, &a) != nil:
		return a, false, &AWSError{Call: call, Cause: BadAnswer, Text: notAWS}
	}
	return a, false, nil
}

// sign puts the signature on a request. A clock that is far off is corrected.
func (c *stsClient) sign(ctx context.Context, req *http.Request, body []byte) error {
	if c.as.AccessKeyID == "" {
		return nil
	}
	at := c.now()
	if c.skew > skewLimit || c.skew < -skewLimit {
		at = at.Add(c.skew)
	}
	sum := sha256.Sum256(body)
	creds := aws.Credentials{AccessKeyID: c.as.AccessKeyID, SecretAccessKey: c.as.Secret.Reveal(), SessionToken: c.as.Token.Reveal()}
	return v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "sts", c.region, at)
}

// refused reads a refusal. One that is not in AWS's form is somebody else's.
func refused(call string, status int, body []byte) *AWSError {
	var r struct {
		Error struct{ Code, Message string }
	}
	e := &AWSError{Call: call, Err: httpStatus(status)}
	if err := xml.Unmarshal(body, &r); err != nil || r.Error.Code == "" {
		e.Cause, e.Text = BadAnswer, fmt.Sprintf("HTTP status %d, %s", status, notAWS)
	} else {
		e.Code, e.Text = r.Error.Code, strings.TrimSpace(r.Error.Message)
		e.Cause = causeOf(e.Code, e.Text)
	}
	if status >= 500 && e.Cause != Throttled {
		e.Cause = Unreachable
	}
	return e
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

func (c *stsClient) sessionToken(ctx context.Context, s MFAStep, code string) (Credentials, error) {
	issued := c.now()
	a, err := c.do(ctx, "GetSessionToken for "+s.Serial, url.Values{
		"Action": {"GetSessionToken"}, "DurationSeconds": {seconds(s.Duration)}, "SerialNumber": {s.Serial}, "TokenCode": {code},
	})
	if err != nil {
		return Credentials{}, err
	}
	return c.credentials("GetSessionToken", a, issued, cmp.Or(accountOfARN(s.Serial), c.as.AccountID), s.String())
}

func (c *stsClient) assumeRole(ctx context.Context, s RoleStep, code string) (Credentials, error) {
	form := url.Values{"Action": {"AssumeRole"}, "RoleArn": {s.ARN}, "RoleSessionName": {s.SessionName}}
	if s.ExternalID != "" {
		form.Set("ExternalId", s.ExternalID)
	}
	if s.Duration > 0 {
		form.Set("DurationSeconds", seconds(s.Duration))
	}
	if code != "" {
		form.Set("SerialNumber", s.Serial)
		form.Set("TokenCode", code)
	}
	s.Session.send(form)
	issued := c.now()
	call := "AssumeRole " + s.ARN
	a, err := c.do(ctx, call, form)
	if err != nil {
		return Credentials{}, err
	}
	asked, got := accountOfARN(s.ARN), accountOfARN(a.Result.AssumedRoleUser.Arn)
	if got != "" && asked != "" && asked != got {
		c.warn("%s: the answer is for account %s", call, got)
	}
	return c.credentials(call, a, issued, cmp.Or(got, asked), s.String())
}

func (c *stsClient) assumeRoleWithWebIdentity(ctx context.Context, s WebIdentityStep, token string) (Credentials, error) {
	form := url.Values{"Action": {"AssumeRoleWithWebIdentity"}, "RoleArn": {s.ARN}, "RoleSessionName": {s.SessionName}, "WebIdentityToken": {token}}
	if s.Duration > 0 {
		form.Set("DurationSeconds", seconds(s.Duration))
	}
	s.Session.sendPolicies(form)
	issued := c.now()
	call := "AssumeRoleWithWebIdentity " + s.ARN
	a, err := c.do(ctx, call, form)
	if err != nil {
		return Credentials{}, err
	}
	return c.credentials(call, a, issued, cmp.Or(accountOfARN(a.Result.AssumedRoleUser.Arn), accountOfARN(s.ARN)), s.String())
}

// send puts what a session is given into a call.
func (r RoleSession) send(form url.Values) {
	if r.SourceIdentity != "" {
		form.Set("SourceIdentity", r.SourceIdentity)
	}
	for i, t := range r.Tags {
		member := fmt.Sprintf("Tags.member.%d.", i+1)
		form.Set(member+"Key", t.Key)
		form.Set(member+"Value", t.Value)
	}
	for i, key := range r.TransitiveTags {
		form.Set(fmt.Sprintf("TransitiveTagKeys.member.%d", i+1), key)
	}
	r.sendPolicies(form)
}

// sendPolicies puts the session policies into a call.
func (r RoleSession) sendPolicies(form url.Values) {
	if r.Policy != "" {
		form.Set("Policy", r.Policy)
	}
	for i, arn := range r.PolicyARNs {
		form.Set(fmt.Sprintf("PolicyArns.member.%d.arn", i+1), arn)
	}
}

// Identity says who some credentials are.
type Identity struct{ ARN, Account string }

// WhoAmI asks STS whose credentials these are: the check that a new key works.
func (r *Resolver) WhoAmI(ctx context.Context, s Service, as Credentials) (Identity, error) {
	c, err := r.stsAs(s, as)
	if err != nil {
		return Identity{}, err
	}
	a, err := c.do(ctx, "GetCallerIdentity", url.Values{"Action": {"GetCallerIdentity"}})
	return Identity{a.Result.Arn, a.Result.Account}, err
}

// credentials refuses an answer that lacks a part or is over now. issued is when it was asked for.
func (c *stsClient) credentials(call string, a stsReply, issued time.Time, account, source string) (Credentials, error) {
	k := a.Result.Credentials
	if k == nil || k.AccessKeyID == "" || k.SecretAccessKey == "" || k.SessionToken == "" || k.Expiration.IsZero() {
		return Credentials{}, &AWSError{Call: call, Cause: BadAnswer, Text: "credentials without key, token or end"}
	}
	if !k.Expiration.After(c.now()) {
		return Credentials{}, &AWSError{Call: call, Cause: Skew, Text: "the credentials ended at " + k.Expiration.UTC().Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	return Credentials{
		AccessKeyID: k.AccessKeyID, Secret: secret.New(k.SecretAccessKey), Token: secret.New(k.SessionToken),
		Issued: issued, Expires: k.Expiration.UTC(), AccountID: cmp.Or(account, accountOfKeyID(k.AccessKeyID)), Source: source,
	}, nil
}

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
