package resolve

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
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
	defer func() { unspoken(err, req, c.as.Secret, c.as.Token, secret.New(form.Get("WebIdentityToken"))) }()
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
	if xml.Unmarshal(body, &r) != nil || r.Error.Code == "" {
		r.Error.Code, r.Error.Message = jsonRefusal(body)
	}
	switch e.Code, e.Text = r.Error.Code, strings.TrimSpace(r.Error.Message); {
	case e.Code != "":
		e.Cause = causeOf(e.Code, e.Text)
	case e.Text != "": // a gateway's own word
		e.Cause, e.Text = BadAnswer, fmt.Sprintf("HTTP status %d, not in the form of STS: %s", status, e.Text)
	default:
		e.Cause, e.Text = BadAnswer, fmt.Sprintf("HTTP status %d, %s", status, notAWS)
	}
	if status >= 500 && e.Cause != Throttled {
		e.Cause = Unreachable
	}
	return e
}

// jsonRefusal reads a refusal in the form of AWS's JSON protocols, as gateways and emulators
// before STS word it, and "" of what is none. A message may stand alone.
func jsonRefusal(body []byte) (code, message string) {
	var r struct {
		Type    string `json:"__type"`
		Code    any    // code, too, in either spelling; some gateways put the HTTP status there
		Message string
	}
	if json.Unmarshal(body, &r) != nil {
		return "", ""
	}
	named, _ := r.Code.(string)
	code = cmp.Or(r.Type, named)
	return code[strings.LastIndex(code, "#")+1:], r.Message
}
