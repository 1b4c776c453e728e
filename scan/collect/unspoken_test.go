package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"fob/internal/echo"
	"fob/internal/secret"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/cbor"
)

var spoken = aws.Credentials{
	AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	SessionToken: "IQoJb3JpZ2luX2VjEAoaCXVzLWVhc3QtMSJGMEQCIF/+8k2hR7sQ1pX9v0Zy3mWcT5uLdK4nB6gJ==",
}

// mirror answers every call with all that it was sent, and keeps the signatures.
type mirror struct {
	status int
	code   string // AWS's for the error
	how    string // the form of the answer

	mu         sync.Mutex
	signatures []secret.Text
}

// sent is a request in words: its URL, headers and body, plain and as a query has them.
func (m *mirror) sent(q asked) string {
	m.mu.Lock()
	m.signatures = append(m.signatures, echo.Secrets(q.Request)...)
	m.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "The Canonical String for this request should have been '%s %s\n", q.Method, q.URL)
	query := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(q.Header)) {
		fmt.Fprintf(&b, "%s:%s\n", strings.ToLower(name), q.Header.Get(name))
		query.Set(name, q.Header.Get(name))
	}
	return b.String() + query.Encode() + q.body + q.sent
}

func (m *mirror) answer(w http.ResponseWriter, q asked) {
	said, code := m.sent(q), m.code
	token := q.Header.Get("X-Amz-Security-Token")
	switch {
	case m.how == "code":
		code = token
	case m.how == "id":
		w.Header().Set("X-Amzn-Requestid", token)
		w.Header().Set("X-Amz-Request-Id", token)
	case m.how == "html":
		w.WriteHeader(m.status)
		_, _ = io.WriteString(w, "<html><"+token+">"+html.EscapeString(said)+"</html>")
		return
	case m.how == "text":
		w.WriteHeader(m.status)
		_, _ = io.WriteString(w, said)
		return
	}
	switch {
	case isCBOR(q):
		cborAnswer(m.status, cbor.Map{"__type": cbor.String(code), "message": cbor.String(said)})(w, q)
	case strings.HasPrefix(q.op, "ec2:"):
		ec2Error(m.status, html.EscapeString(code), html.EscapeString(said))(w, q)
	case q.form.Get("Action") != "", strings.HasPrefix(q.op, "s3:"), strings.HasPrefix(q.op, "cloudfront:"), strings.HasPrefix(q.op, "route53:"):
		w.WriteHeader(m.status)
		_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>%[1]s</Code><Message>%[2]s</Message></Error><Code>%[1]s</Code><Message>%[2]s</Message></ErrorResponse>", html.EscapeString(code), html.EscapeString(said))
	default:
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(m.status)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": said, "Message": said})
	}
}

func (m *mirror) wantNone(t *testing.T, what, text string) {
	t.Helper()
	secrets := append(m.signatures, secret.New(spoken.SecretAccessKey), secret.New(spoken.SessionToken))
	if echo.Repeats(text, secrets...) {
		t.Errorf("%s repeats a secret of the request: %.600s", what, text)
	}
}

// TestAnswersThatRepeatTheRequest: whatever a service says, in each of AWS's protocols,
// the session token and the signature do not reach an error or the snapshot.
func TestAnswersThatRepeatTheRequest(t *testing.T) {
	for _, status := range []int{400, 403, 500} {
		for _, how := range []string{"as AWS", "code", "id", "html", "text"} {
			t.Run(fmt.Sprintf("%d %s", status, how), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					m := &mirror{status: status, code: "SignatureDoesNotMatch", how: how}
					s := newSimulated()
					s.other = m.answer
					for op := range s.answers {
						if op != "ec2:DescribeRegions" {
							delete(s.answers, op)
						}
					}
					c := s.collector(t)
					snap, err := m.read(t, c)
					if err != nil {
						t.Fatal(err)
					}
					errs := snap.of("err")
					if len(errs) < 40 {
						t.Errorf("%d errors", len(errs))
					}
					for _, e := range errs {
						if how == "as AWS" && e.Code != m.code && e.Code != "bad-answer" && e.Code != "Forbidden" {
							t.Errorf("%s has the code %q", e.Op, e.Code)
						}
					}
					if _, err := c.Members(t.Context(), m.account()); err == nil {
						t.Error("the organization's accounts are listed")
					} else {
						m.wantNone(t, "the error of the list", err.Error())
					}
				})
			})
		}
	}
}

// TestRefusalThatRepeatsTheRequest: nor the error of an account that cannot be read.
func TestRefusalThatRepeatsTheRequest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := &mirror{status: 403, code: "AuthFailure"}
		s := newSimulated()
		s.answers, s.other = nil, m.answer
		_, err := m.read(t, s.collector(t, "ec2-ebs-volume-encrypted"))
		if err == nil || !strings.Contains(err.Error(), "api error AuthFailure: the answer repeats") {
			t.Fatal(err)
		}
		m.wantNone(t, "the error", err.Error())
	})
}

func (m *mirror) account() Account {
	a := theAccount()
	a.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return spoken, nil })
	return a
}

func (m *mirror) read(t *testing.T, c *Collector) (*snapshot, error) {
	t.Helper()
	out := new(bytes.Buffer)
	err := c.Run(t.Context(), m.account(), out)
	got := parse(t, out.Bytes())
	text, _ := json.Marshal(got.lines)
	m.wantNone(t, "the snapshot", string(text))
	return got, err
}

// TestRedirect: nothing that is signed goes where an answer says.
func TestRedirect(t *testing.T) {
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s was followed there with %v", r.URL, r.Header)
	}))
	t.Cleanup(there.Close)
	s := newStandIn(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s.on("ec2:DescribeVolumes", func(w http.ResponseWriter, q asked) { http.Redirect(w, q.Request, there.URL, status) })
		got := read(t, s.collector(t, "ec2-ebs-volume-encrypted"))
		if errs := got.of("err"); len(errs) != 1 || errs[0].Why != scan.Failed {
			t.Errorf("%d: %+v", status, errs)
		}
	}
}
