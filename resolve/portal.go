package resolve

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fob/internal/secret"
)

// ssoClient speaks to one of the services for sign-ins: IAM Identity Center's
// access portal and OIDC, and AWS Sign-In. They take JSON without a signature, so
// that fob asks them itself: the start of the SDK's clients would be paid by
// every command.
type ssoClient struct {
	http  *http.Client
	base  *url.URL
	sleep func(context.Context, time.Duration) // between tries; nil means a real pause
}

// ssoRequest is one call of a service.
type ssoRequest struct {
	call   string // as errors name it
	method string
	path   string
	query  url.Values
	token  secret.Text                      // of the sign-in, empty for none
	body   []byte                           // JSON, nil for none
	mute   bool                             // it answers with a status alone
	proof  func(htu string) (string, error) // DPoP proof of a key for one try, nil for none
}

// do makes a call, up to three times while the service or the network fails,
// and reads the object that it answers with.
//
// Errors: *AWSError and ErrCancelled. The status of a refusal in AWS's form is
// found by statusOf.
func (c ssoClient) do(ctx context.Context, r ssoRequest) (fields, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for try := 1; ; try++ {
		f, again, err := c.once(ctx, r)
		if !again || try == maxTries {
			return f, err
		}
		c.pause(ctx, try)
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return nil, ErrCancelled
		case ctx.Err() != nil:
			return nil, err
		}
	}
}

// pause waits up to one second after the first try and up to two after the
// second: full jitter, so that many callers do not come back together.
func (c ssoClient) pause(ctx context.Context, try int) {
	sleep := c.sleep
	if sleep == nil {
		sleep = pause
	}
	sleep(ctx, rand.N(time.Duration(try)*time.Second))
}

// once is one try. again says whether another may end better.
func (c ssoClient) once(ctx context.Context, r ssoRequest) (f fields, again bool, err error) {
	u := c.base.JoinPath(r.path)
	u.RawQuery = r.query.Encode()
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, false, err
	}
	req.Header.Set("User-Agent", "fob")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !r.token.Empty() {
		req.Header.Set("X-Amz-Sso_bearer_token", r.token.Reveal())
	}
	if r.proof != nil {
		proof, err := r.proof(u.String())
		if err != nil {
			return nil, false, err
		}
		req.Header.Set("DPoP", proof)
	}
	defer func() { unspoken(err, req, secretsIn(r.body)...) }()
	res, err := c.http.Do(req)
	if err != nil {
		return nil, ctx.Err() == nil && mayPass(err), awsError(r.call, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	switch {
	case r.mute && res.StatusCode/100 == 2:
		return fields{}, false, nil
	case errors.Is(err, errTooLarge):
		return nil, false, &AWSError{Call: r.call, Cause: BadAnswer, Text: err.Error(), Err: err}
	case err != nil:
		return nil, ctx.Err() == nil, awsError(r.call, err)
	}
	return readSSO(r.call, res.StatusCode, res.Header.Get("X-Amzn-Errortype"), body)
}

// secretsIn are the secrets of a body that is sent: the client's, and what is given for a
// token.
func secretsIn(body []byte) (out []secret.Text) {
	f, _ := readFields(body) // none without a body
	for _, name := range []string{"clientSecret", "refreshToken", "code", "codeVerifier", "deviceCode"} {
		text, _ := f.text(name)
		out = append(out, secret.New(text))
	}
	return out
}

// mayPass says whether a connection that failed is worth another try. A
// certificate and a name stay what they are.
func mayPass(err error) bool {
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	return !errors.As(err, &cert) && (!errors.As(err, &dns) || !dns.IsNotFound)
}

// readSSO reads an answer by its status, its error header and its body, an object.
func readSSO(call string, status int, errorType string, body []byte) (f fields, again bool, err error) {
	f, err = readFields(body)
	e := &AWSError{Call: call, Cause: BadAnswer, Text: fmt.Sprintf("status %d", status), Err: err}
	switch {
	case status/100 == 2 && err == nil:
		return f, false, nil
	case status/100 == 2:
		e.Text = notAWS
	case status < 400, status < 500 && err != nil && errorType == "" && status != http.StatusTooManyRequests:
		e.Text += ", " + notAWS
	default:
		e.refuse(status, errorType, f)
	}
	return nil, e.Cause == Unreachable || e.Cause == Throttled, e
}

// httpStatus is the status of a refusal, in the form that statusOf looks for.
type httpStatus int

func (s httpStatus) Error() string       { return fmt.Sprintf("status %d", int(s)) }
func (s httpStatus) HTTPStatusCode() int { return int(s) }

// refusal is a status with OAuth's name for the error, "" where there is none.
type refusal struct {
	httpStatus
	oauth string
}

// refuse sorts a refusal. The code stands in the header or in __type, with a
// namespace before and an address after it; OIDC has OAuth's names as well.
func (e *AWSError) refuse(status int, errorType string, f fields) {
	words := func(names ...string) (s string) {
		for _, name := range names {
			text, _ := f.text(name)
			s = cmp.Or(s, strings.TrimSpace(text))
		}
		return s
	}
	e.Err = refusal{httpStatus(status), words("error")}
	e.Code, _, _ = strings.Cut(cmp.Or(errorType, words("__type", "code", "error")), ":")
	e.Code = strings.TrimSpace(e.Code[strings.LastIndexByte(e.Code, '#')+1:])
	text := words("message", "Message", "error_description")
	e.Cause = causeOf(e.Code, text)
	switch {
	case status == http.StatusTooManyRequests:
		e.Cause = Throttled
	case status >= 500 && e.Cause != Throttled:
		e.Cause = Unreachable
	case status == http.StatusForbidden:
		e.Cause = Denied
	}
	if status < 500 && (e.Code != "" || text != "") {
		e.Text = text
	} else if text != "" {
		e.Text += ": " + text
	}
}
