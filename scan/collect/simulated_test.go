package collect

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"golang.org/x/time/rate"
)

// simulated is AWS in memory, with its limits, for tests whose clock is synctest's:
// minutes of a scan pass in moments. Accounts are told apart by the access keys that they
// sign with.
type simulated struct {
	latency time.Duration
	// limits are calls a second, by operation ("lambda:GetPolicy") or service ("lambda");
	// each account and region has buckets of its own.
	limits map[string]rate.Limit
	// sessions says when an access key's session ends; keys that it has not are for ever.
	sessions map[string]time.Time
	answers  map[string]func(w http.ResponseWriter, q asked) // by operation, or region and operation
	down     map[string]bool                                 // regions that do not answer at all
	closed   map[string]bool                                 // regions that the organization closes
	seen     func(q asked)                                   // is told of every call
	other    func(w http.ResponseWriter, q asked)            // what has no answer; nil means nothing

	mu        sync.Mutex
	buckets   map[string]*rate.Limiter
	calls     map[string]int // by operation
	numbers   map[string]int
	throttled int
	expired   int
}

func newSimulated() *simulated {
	s := &simulated{
		latency: 50 * time.Millisecond,
		limits:  map[string]rate.Limit{}, sessions: map[string]time.Time{}, down: map[string]bool{}, closed: map[string]bool{},
		buckets: map[string]*rate.Limiter{}, calls: map[string]int{}, numbers: map[string]int{},
	}
	s.answers = map[string]func(http.ResponseWriter, asked){}
	for op, answer := range plainAnswers() {
		s.answers[op] = answer
	}
	s.answers["ec2:DescribeRegions"] = regionList("eu-west-1")
	return s
}

// RoundTrip implements http.RoundTripper.
func (s *simulated) RoundTrip(r *http.Request) (*http.Response, error) {
	q := asked{Request: r}
	service := ""
	if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		q.key, q.region, service = m[1], m[2], m[3]
	}
	q.op = service + ":" + awsmiddleware.GetOperationName(r.Context())
	if r.Body != nil {
		raw, _ := io.ReadAll(r.Body)
		q.body = string(raw)
		q.form, _ = url.ParseQuery(q.body)
	}
	if s.down[q.region] {
		return nil, wait(r.Context(), connectLimit, &timedOut{})
	}
	if err := wait(r.Context(), s.latency, nil); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	s.answer(&q)(w, q)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	out := w.Result()
	out.Request = r
	return out, nil
}

// answer counts a call and holds it against the limits.
func (s *simulated) answer(q *asked) func(http.ResponseWriter, asked) {
	if s.seen != nil {
		s.seen(*q)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[q.op]++
	s.numbers[q.key+q.region+q.op]++
	q.n = s.numbers[q.key+q.region+q.op]
	if end, ok := s.sessions[q.key]; ok && !time.Now().Before(end) {
		s.expired++
		return refuse(http.StatusForbidden, expiredCode(q.op))
	}
	if s.closed[q.region] {
		return refuseFor(http.StatusForbidden, "AccessDeniedException", "with an explicit deny in a service control policy")
	}
	service, _, _ := strings.Cut(q.op, ":")
	for _, name := range []string{q.op, service} {
		limit, ok := s.limits[name]
		if !ok {
			continue
		}
		at := q.key + q.region + name
		if s.buckets[at] == nil {
			s.buckets[at] = rate.NewLimiter(limit, int(limit))
		}
		if !s.buckets[at].Allow() {
			s.throttled++
			return refuse(http.StatusTooManyRequests, "ThrottlingException")
		}
		break
	}
	for _, name := range []string{q.region + " " + q.op, q.op} {
		if a := s.answers[name]; a != nil {
			return a
		}
	}
	if s.other != nil {
		return s.other
	}
	return empty
}

// made counts calls of an operation, or all for "".
func (s *simulated) made(op string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, times := range s.calls {
		if op == "" || name == op {
			n += times
		}
	}
	return n
}

// expiredCode is how a service says that a session expired.
func expiredCode(op string) string {
	switch service, _, _ := strings.Cut(op, ":"); service {
	case "ec2":
		return "RequestExpired"
	case "iam", "s3":
		return "ExpiredToken"
	}
	return "ExpiredTokenException"
}

// wait passes time, and returns err after it.
func wait(ctx context.Context, d time.Duration, err error) error {
	select {
	case <-time.After(d):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

type timedOut struct{}

func (*timedOut) Error() string   { return "connection timed out" }
func (*timedOut) Timeout() bool   { return true }
func (*timedOut) Temporary() bool { return true }

// collector reads what the checks need, all of them when none is named.
func (s *simulated) collector(t *testing.T, ids ...string) *Collector {
	t.Helper()
	checks := scan.Checks()
	if len(ids) > 0 {
		checks = pick(t, ids...)
	}
	plan, err := NewPlan(checks)
	if err != nil {
		t.Fatal(err)
	}
	return &Collector{Plan: plan, HTTP: &http.Client{Transport: s, Timeout: tryLimit}, Tool: "test", Scan: "scan-1"}
}

// bubble runs a test on a clock of its own.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// seventeen are the regions that every account has.
var seventeen = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
	"eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// keyNumber is an account's n-th session.
func keyNumber(n int) aws.Credentials {
	return aws.Credentials{AccessKeyID: fmt.Sprintf("ASIAIOSFODNN7%07d", n), SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SessionToken: "token"}
}

// someVolumes answers with pages of one volume each.
func someVolumes(pages int) func(http.ResponseWriter, asked) {
	var all [][]string
	for n := range pages {
		all = append(all, []string{fmt.Sprintf("vol-%d", n)})
	}
	return volumePages(all...)
}

// runInto runs a collector and returns what it wrote.
func runInto(t *testing.T, c *Collector, a Account) (*snapshot, error) {
	t.Helper()
	out := new(bytes.Buffer)
	err := c.Run(t.Context(), a, out)
	return parse(t, out.Bytes()), err
}
