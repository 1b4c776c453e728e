package resolve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fob/internal/secret"
)

// ssoAnswers gives one answer after the other, the last one for ever, and
// remembers what it was asked.
type ssoAnswers struct {
	list   []ssoAnswer
	asked  []*http.Request
	bodies []string
	pauses []time.Duration
}

type ssoAnswer struct {
	status    int
	errorType string // header
	body      string
	cut       error // ends the body
	err       error // in the place of an answer
}

func (a *ssoAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
	next := a.list[min(len(a.asked), len(a.list))-1]
	if next.err != nil {
		return nil, next.err
	}
	end := io.Reader(strings.NewReader(""))
	if next.cut != nil {
		end = cutOff{next.cut}
	}
	res := &http.Response{StatusCode: next.status, Header: http.Header{}, Body: io.NopCloser(io.MultiReader(strings.NewReader(next.body), end))}
	if next.errorType != "" {
		res.Header.Set("x-amzn-ErrorType", next.errorType)
	}
	return res, nil
}

type cutOff struct{ err error }

func (c cutOff) Read([]byte) (int, error) { return 0, c.err }

func (a *ssoAnswers) client(t *testing.T, base string) ssoClient {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return ssoClient{
		http:  &http.Client{Transport: limited{a}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		base:  u,
		sleep: func(_ context.Context, d time.Duration) { a.pauses = append(a.pauses, d) },
	}
}

const goodRole = `{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"sec","sessionToken":"tok","expiration":946688400000}}`

// What passes is tried three times, what does not once.
func TestSSOTries(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for name, c := range map[string]struct {
		answers []ssoAnswer
		tries   int
		fail    string
	}{
		"at once":             {[]ssoAnswer{{status: 200, body: goodRole}}, 1, ""},
		"the second time":     {[]ssoAnswer{{status: 500}, {status: 200, body: goodRole}}, 2, ""},
		"the last time":       {[]ssoAnswer{{err: refused}, {status: 429}, {status: 200, body: goodRole}}, 3, ""},
		"after a cut":         {[]ssoAnswer{{status: 200, body: `{"role`, cut: io.ErrUnexpectedEOF}, {status: 200, body: goodRole}}, 2, ""},
		"always down":         {[]ssoAnswer{{status: 503, body: "<html>"}}, 3, "AWSError: C: unreachable: status 503"},
		"down, with words":    {[]ssoAnswer{{status: 500, errorType: "InternalServerException", body: `{"message":"sorry"}`}}, 3, "AWSError: C: unreachable (InternalServerException): status 500: sorry"},
		"always throttled":    {[]ssoAnswer{{status: 429, body: `{"message":"slow down"}`}}, 3, "AWSError: C: throttled: slow down"},
		"throttled, as 400":   {[]ssoAnswer{{status: 400, errorType: "ThrottlingException", body: `{}`}}, 3, "AWSError: C: throttled (ThrottlingException)"},
		"always refused":      {[]ssoAnswer{{err: refused}}, 3, "AWSError: C: unreachable: connection refused"},
		"always cut":          {[]ssoAnswer{{status: 200, body: `{"role`, cut: io.ErrUnexpectedEOF}}, 3, "AWSError: C: unreachable: unexpected EOF"},
		"bad certificate":     {[]ssoAnswer{{err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}}, 1, "AWSError: C: unreachable: x509: certificate signed by unknown authority"},
		"no such host":        {[]ssoAnswer{{err: &net.DNSError{Err: "no such host", Name: "portal", IsNotFound: true}}}, 1, "AWSError: C: unreachable: lookup portal: no such host"},
		"too large":           {[]ssoAnswer{{status: 200, body: strings.Repeat(" ", maxBody+1)}}, 1, "AWSError: C: invalid answer: the answer is larger than 1 MiB"},
		"denied":              {[]ssoAnswer{{status: 403, body: `{"message":"No access"}`}}, 1, "AWSError: C: access denied: No access"},
		"HTML":                {[]ssoAnswer{{status: 200, body: "<html>"}}, 1, "AWSError: C: invalid answer: not an answer of AWS"},
		"a redirect":          {[]ssoAnswer{{status: 302}}, 1, "AWSError: C: invalid answer: status 302, not an answer"},
		"somebody else's 403": {[]ssoAnswer{{status: 403, body: "<html>"}}, 1, "AWSError: C: invalid answer: status 403, not an answer"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &ssoAnswers{list: c.answers}
			f, err := a.client(t, "https://portal").do(t.Context(), ssoRequest{call: "C", method: "GET", path: "p"})
			if len(a.asked) != c.tries || len(a.pauses) != c.tries-1 {
				t.Errorf("%d tries with pauses %v, want %d", len(a.asked), a.pauses, c.tries)
			}
			for i, d := range a.pauses {
				if d < 0 || d >= time.Duration(i+1)*time.Second {
					t.Errorf("pause %d of %s", i+1, d)
				}
			}
			if c.fail != "" {
				checkError(t, err, c.fail)
			} else if err != nil || f["roleCredentials"] == nil {
				t.Errorf("%v: %v", f, err)
			}
		})
	}
}

// A call that is over while it pauses ends as what it was: given up by a
// person, or failed as its last try did.
func TestSSOTriesEnd(t *testing.T) {
	down := []ssoAnswer{{status: 503}}
	t.Run("cancelled", func(t *testing.T) {
		a := &ssoAnswers{list: down}
		c := a.client(t, "https://portal")
		ctx, cancel := context.WithCancel(t.Context())
		c.sleep = func(context.Context, time.Duration) { cancel() }
		if _, err := c.do(ctx, ssoRequest{call: "C", method: "GET"}); !errors.Is(err, ErrCancelled) || len(a.asked) != 1 {
			t.Errorf("%d tries: %v", len(a.asked), err)
		}
	})
	t.Run("cancelled in a try", func(t *testing.T) {
		a := &ssoAnswers{list: []ssoAnswer{{err: context.Canceled}}}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.client(t, "https://portal").do(ctx, ssoRequest{call: "C", method: "GET"}); !errors.Is(err, ErrCancelled) || len(a.pauses) != 0 {
			t.Errorf("%d pauses: %v", len(a.pauses), err)
		}
	})
	t.Run("out of time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			a := &ssoAnswers{list: down}
			c := a.client(t, "https://portal")
			c.sleep = func(ctx context.Context, _ time.Duration) { <-ctx.Done() }
			start := time.Now()
			_, err := c.do(t.Context(), ssoRequest{call: "C", method: "GET"})
			checkError(t, err, "AWSError: C: unreachable: status 503")
			if took := time.Since(start); took != callLimit || len(a.asked) != 1 {
				t.Errorf("%d tries in %s", len(a.asked), took)
			}
		})
	})
}

// A code may stand in the header or in several places of the body.
func TestSSORefusals(t *testing.T) {
	for name, c := range map[string]struct {
		answer     ssoAnswer
		cause      Cause
		code, text string
		status     int
	}{
		"header":        {ssoAnswer{status: 401, errorType: "UnauthorizedException", body: `{"message":" no session "}`}, Refused, "UnauthorizedException", "no session", 401},
		"with address":  {ssoAnswer{status: 404, errorType: "ResourceNotFoundException:http://internal.amazon.com/coral/x/", body: `{}`}, Refused, "ResourceNotFoundException", "", 404},
		"__type":        {ssoAnswer{status: 403, body: `{"__type":"com.amazonaws.switchboard.portal#ForbiddenException","message":"No access"}`}, Denied, "ForbiddenException", "No access", 403},
		"header first":  {ssoAnswer{status: 400, errorType: "InvalidGrantException", body: `{"error":"invalid_grant","error_description":"Invalid refresh token"}`}, Refused, "InvalidGrantException", "Invalid refresh token", 400},
		"OAuth":         {ssoAnswer{status: 400, body: `{"error":"authorization_pending"}`}, Refused, "authorization_pending", "", 400},
		"denied by 400": {ssoAnswer{status: 400, errorType: "AccessDeniedException", body: `{}`}, Denied, "AccessDeniedException", "", 400},
		"header only":   {ssoAnswer{status: 401, errorType: "UnauthorizedException"}, Refused, "UnauthorizedException", "", 401},
		"nothing said":  {ssoAnswer{status: 404, body: `{}`}, Refused, "", "status 404", 404},
		"odd types":     {ssoAnswer{status: 400, body: `{"message":1,"__type":[]}`}, Refused, "", "status 400", 400},
		"throttled 503": {ssoAnswer{status: 503, errorType: "ThrottlingException"}, Throttled, "ThrottlingException", "status 503", 503},
		"HTML 401":      {ssoAnswer{status: 401, body: "<html>"}, BadAnswer, "", "status 401, " + notAWS, 0},
		"empty 401":     {ssoAnswer{status: 401}, BadAnswer, "", "status 401, " + notAWS, 0},
		"HTML 429":      {ssoAnswer{status: 429, body: "<html>"}, Throttled, "", "status 429", 429},
	} {
		_, _, err := readSSO("C", c.answer.status, c.answer.errorType, []byte(c.answer.body))
		var e *AWSError
		if !errors.As(err, &e) || e.Call != "C" || e.Cause != c.cause || e.Code != c.code || e.Text != c.text || statusOf(err) != c.status {
			t.Errorf("%s: %#v with status %d", name, e, statusOf(err))
		}
	}
}

func TestGetRoleCredentials(t *testing.T) {
	a := &ssoAnswers{list: []ssoAnswer{{status: 200, body: goodRole}}}
	c, err := portal{a.client(t, "https://h.example:8443/base/?x=1")}.roleCredentials(t.Context(), secret.New("a-token"), "012345678901", "A&B/C ü")
	if err != nil || c.AccessKeyID != "ASIASSO" || c.Secret.Reveal() != "sec" || c.Token.Reveal() != "tok" || !c.Expires.Equal(hour) {
		t.Fatalf("%v: %v", c, err)
	}
	r := a.asked[0]
	const want = "GET https://h.example:8443/base/federation/credentials?account_id=012345678901&role_name=A%26B%2FC+%C3%BC"
	if got := r.Method + " " + r.URL.String(); got != want {
		t.Errorf("asked %s", got)
	}
	if r.Header.Get("x-amz-sso_bearer_token") != "a-token" || r.Header.Get("Authorization") != "" || a.bodies[0] != "" {
		t.Errorf("sent %v", r.Header)
	}
}

func TestCreateToken(t *testing.T) {
	a := &ssoAnswers{list: []ssoAnswer{{status: 500}, {status: 200, body: `{"accessToken":"a","expiresIn":60,"refreshToken":"r","tokenType":"Bearer"}`}}}
	b, err := oidc{a.client(t, "https://oidc.example")}.createToken(t.Context(), "C", "id", secret.New("cs"), refreshGrant(secret.New("old")))
	if err != nil || b.access.Reveal() != "a" || b.refresh.Reveal() != "r" || b.life != time.Minute {
		t.Fatalf("%v: %v", b, err)
	}
	for i, r := range a.asked { // a repeated call sends its body again
		if r.Method != "POST" || r.URL.String() != "https://oidc.example/token" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Amz-Sso_bearer_token") != "" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		const want = `{"clientId":"id","clientSecret":"cs","grantType":"refresh_token","refreshToken":"old"}`
		if a.bodies[i] != want {
			t.Errorf("sent %s", a.bodies[i])
		}
	}
}

// An answer without a part, or with one of another form, is none. No error
// quotes a value.
func TestBadSSOAnswers(t *testing.T) {
	role := func(from, to string) string { return strings.Replace(goodRole, from, to, 1) }
	for body, want := range map[string]string{
		`{}`:                                            "without key, token or end",
		`{"RoleCredentials":{}}`:                        "without key, token or end",
		`{"roleCredentials":null}`:                      "roleCredentials: not a JSON object",
		`{"roleCredentials":"x"}`:                       "roleCredentials: not a JSON object",
		role(`"sec"`, `""`):                             "without key, token or end",
		role(`"tok"`, `null`):                           "without key, token or end",
		role(`"sec"`, `"canary\n"`):                     "secretAccessKey has other characters",
		role(`"tok"`, `7`):                              "sessionToken is not a string",
		role(`accessKey`, `AccessK`):                    "without key, token or end",
		role(`"sec"`, `"a","secretAccessKey":"canary"`): "stands twice",
		role(`946688400000`, `0`):                       "without key, token or end",
		role(`946688400000`, `-1`):                      "expiration is not a whole number",
		role(`946688400000`, `1.5`):                     "expiration is not a whole number",
		role(`946688400000`, `"946688400000"`):          "expiration is not a whole number",
		role(`946688400000`, `253402300800000`):         "expiration is not a whole number",
	} {
		a := &ssoAnswers{list: []ssoAnswer{{status: 200, body: body}}}
		_, err := portal{a.client(t, "https://h")}.roleCredentials(t.Context(), secret.New("a-token"), "1", "r")
		checkBadAnswer(t, body, err, want)
	}
	for body, want := range map[string]string{
		`{}`:                               "no token, or one without an end",
		`{"accessToken":"a"}`:              "no token, or one without an end",
		`{"accessToken":"","expiresIn":1}`: "no token, or one without an end",
		`{"accessToken":"canary ","expiresIn":1}`:             "accessToken has other characters",
		`{"accessToken":"a","expiresIn":1,"refreshToken":{}}`: "refreshToken is not a string",
		`{"accessToken":"a","expiresIn":2147483648}`:          "expiresIn is not a whole number",
		`{"accessToken":"a","expiresIn":"1"}`:                 "expiresIn is not a whole number",
	} {
		a := &ssoAnswers{list: []ssoAnswer{{status: 200, body: body}}}
		_, err := oidc{a.client(t, "https://h")}.createToken(t.Context(), "CreateToken", "id", secret.New("cs"), nil)
		checkBadAnswer(t, body, err, want)
	}
}

func checkBadAnswer(t *testing.T, body string, err error, want string) {
	t.Helper()
	if causeIn(err) != BadAnswer || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
		t.Errorf("%s: %v, want %s", body, err, want)
	}
}

// Whatever comes is either whole or one of the causes.
func FuzzSSOAnswer(f *testing.F) {
	f.Add(200, "", []byte(goodRole))
	f.Add(200, "", []byte(`{"accessToken":"a","expiresIn":60,"refreshToken":"r"}`))
	f.Add(401, "UnauthorizedException:http://x", []byte(`{"message":"m","__type":"a#b"}`))
	f.Add(400, "", []byte(`{"error":"invalid_grant","error_description":"d"}`))
	f.Add(503, "", []byte("<html>"))
	f.Fuzz(func(t *testing.T, status int, errorType string, body []byte) {
		answer, again, err := readSSO("C", status, errorType, body)
		if err != nil {
			if cause := causeIn(err); cause == "" || again != (cause == Unreachable || cause == Throttled) || answer != nil {
				t.Fatalf("again %v: %v", again, err)
			}
			return
		}
		if status < 200 || status > 299 || again {
			t.Fatalf("status %d is a success", status)
		}
		if c, err := readRoleCredentials(answer); err == nil {
			if c.AccessKeyID == "" || c.Secret.Empty() || c.Token.Empty() || c.Expires.Unix() < 0 {
				t.Fatalf("%v: %v", c, err)
			}
		}
		if b, err := readBearer(answer); err == nil && (b.access.Empty() || b.life <= 0 || b.life > math.MaxInt32*time.Second) {
			t.Fatalf("a token for %s", b.life)
		}
	})
}
