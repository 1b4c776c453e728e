package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/internal/echo"
	"fob/internal/secret"
)

const (
	sentToken  = "IQoJb3JpZ2luX2VjEAoaCXVzLWVhc3QtMSJGMEQCIF/+8k2hR7sQ1pX9v0Zy3mWcT5uLdK4nB6gJ=="
	sentSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// mirror answers with all that it is sent, in words, and keeps the secrets of the headers.
func mirror(t *testing.T, status int, how string) (at string, sent *[]secret.Text) {
	var mu sync.Mutex
	sent = &[]secret.Text{secret.New(sentToken), secret.New(sentSecret)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		*sent = append(*sent, echo.Secrets(r)...)
		mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		said := fmt.Sprintf("The Canonical String should have been %s %s\n%v\n%s\n%s", r.Method, r.URL, r.Header, body, url.Values(r.Header).Encode())
		code := "SignatureDoesNotMatch"
		switch how {
		case "code":
			code = sentToken
		case "html":
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>"+html.EscapeString(said)+"</html>")
			return
		case "line": // no HTTP
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, strings.ReplaceAll(said, "\n", " ")+"\r\n\r\n")
				_ = conn.Close()
			}
			return
		}
		if strings.Contains(r.Header.Get("Content-Type"), "form") {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, html.EscapeString(said))
			return
		}
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": said, "error": sentToken})
	}))
	t.Cleanup(s.Close)
	return s.URL, sent
}

// What AWS refuses is said without what it was sent: sessions, keys, signatures, tokens of
// every kind.
func TestAnswersThatRepeatTheRequest(t *testing.T) {
	for _, status := range []int{400, 403} {
		for _, how := range []string{"as AWS", "code", "html", "line"} {
			t.Run(fmt.Sprintf("%d %s", status, how), func(t *testing.T) {
				t.Parallel()
				at, sent := mirror(t, status, how)
				for name, err := range spokenTo(t, at) {
					var aws *AWSError
					if !errors.As(err, &aws) {
						t.Errorf("%s: %v", name, err)
						continue
					}
					for e := err; e != nil; e = errors.Unwrap(e) {
						if text := fmt.Sprintf("%v %+v", e, e); echo.Repeats(text, *sent...) {
							t.Errorf("%s repeats a secret: %s", name, text)
						}
					}
					if how == "as AWS" && (name == "WhoAmI" || name == "AssumeRole") && (aws.Code != "SignatureDoesNotMatch" || aws.Cause != BadKey) {
						t.Errorf("%s: %s %q", name, aws.Cause, aws.Code)
					}
				}
			})
		}
	}
}

// spokenTo are the errors of calls to a server.
func spokenTo(t *testing.T, at string) map[string]error {
	ctx := t.Context()
	r := &Resolver{HTTP: func(Service) (*http.Client, error) { return NewHTTPClient(nil, nil) }}
	s := Service{Region: "eu-west-1", STS: at}
	as := Credentials{AccessKeyID: "ASIAIOSFODNN7EXAMPLE", Secret: secret.New(sentSecret), Token: secret.New(sentToken)}
	base, _ := url.Parse(at)
	client, _ := NewHTTPClient(nil, nil)
	sso := ssoClient{http: client, base: base, sleep: func(context.Context, time.Duration) {}}
	sts := func(as Credentials) *stsClient {
		c, err := r.stsAs(s, as)
		if err != nil {
			t.Error(err)
		}
		return c
	}
	const role = "arn:aws:iam::123456789012:role/Ops"
	var mu sync.Mutex
	var all sync.WaitGroup
	errs := map[string]error{}
	for name, call := range map[string]func() error{
		"WhoAmI": func() error { _, err := r.WhoAmI(ctx, s, as); return err },
		"AssumeRole": func() error {
			_, err := sts(as).assumeRole(ctx, RoleStep{ARN: role, SessionName: "ann"}, "")
			return err
		},
		"GetSessionToken": func() error {
			_, err := sts(as).sessionToken(ctx, MFAStep{Serial: "arn:aws:iam::123456789012:mfa/ann", Duration: time.Hour}, "123456")
			return err
		},
		"AssumeRoleWithWebIdentity": func() error {
			_, err := sts(Credentials{}).assumeRoleWithWebIdentity(ctx, WebIdentityStep{ARN: role, SessionName: "ann"}, sentToken)
			return err
		},
		"GetRoleCredentials": func() error {
			_, err := portal{sso}.roleCredentials(ctx, secret.New(sentToken), "123456789012", "Ops")
			return err
		},
		"CreateToken": func() error {
			_, err := oidc{sso}.createToken(ctx, "CreateToken", "client", secret.New(sentSecret), refreshGrant(secret.New(sentToken)))
			return err
		},
		"with a proof": func() error {
			proof := func(string) (string, error) { return sentToken, nil }
			_, err := sso.do(ctx, ssoRequest{call: createOAuth2Token, method: http.MethodPost, body: []byte("{}"), proof: proof})
			return err
		},
		"container": func() error {
			m := r.metadata("the container's service", Origin{}, nil)
			status, body, err := m.do(ctx, http.MethodGet, base, map[string]string{"Authorization": sentToken})
			if err == nil {
				err = m.refused(status, body)
			}
			return err
		},
		"getSigninToken": func() error {
			_, _, err := r.SigninToken(ctx, Console{Partition: "aws", signIn: base}, as, 0)
			return err
		},
	} {
		all.Go(func() {
			err := call()
			mu.Lock()
			defer mu.Unlock()
			errs[name] = err
		})
	}
	all.Wait()
	return errs
}
