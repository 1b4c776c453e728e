package collect

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/cbor"
	"go.uber.org/goleak"
)

const testAccount = "123456789012"

// standIn answers for AWS. A call that the test says nothing of gets an empty answer.
type standIn struct {
	*httptest.Server
	mu      sync.Mutex
	calls   map[string]int // "eu-west-1 ec2:DescribeVolumes" → how often
	answers map[string]func(w http.ResponseWriter, q asked)
}

// asked is a call as it came in.
type asked struct {
	*http.Request
	region, op string
	key        string     // the access key that signed it
	body       string     // of a simulated call
	form       url.Values // of the query protocol
	sent       string     // the body
	n          int        // the n-th call of this operation in this region, from 1
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	s := &standIn{calls: map[string]int{}, answers: map[string]func(http.ResponseWriter, asked){}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	s.on("ec2:DescribeRegions", regionList("eu-west-1"))
	for op, answer := range plainAnswers() {
		s.on(op, answer)
	}
	return s
}

// plainAnswers are those of an empty account, where an empty answer would be none.
func plainAnswers() map[string]func(http.ResponseWriter, asked) {
	return map[string]func(http.ResponseWriter, asked){
		"securityhub:DescribeHub":               jsonError(400, "InvalidAccessException", "not subscribed"),
		"account:GetAlternateContact":           jsonError(404, "ResourceNotFoundException", "no contact"),
		"guardduty:ListDetectors":               body(`{"detectorIds":[]}`),
		"ec2:GetEbsEncryptionByDefault":         body(`<r><ebsEncryptionByDefault>true</ebsEncryptionByDefault></r>`),
		"ec2:GetSnapshotBlockPublicAccessState": body(`<r><state>block-all-sharing</state></r>`),
		"ec2:GetImageBlockPublicAccessState":    body(`<r><imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState></r>`),
		"iam:GetAccountPasswordPolicy":          refuse(404, "NoSuchEntity"),
		"iam:GenerateCredentialReport":          body(`<GenerateCredentialReportResponse><GenerateCredentialReportResult><State>COMPLETE</State></GenerateCredentialReportResult></GenerateCredentialReportResponse>`),
		"iam:GetCredentialReport": body(`<GetCredentialReportResponse><GetCredentialReportResult><Content>` +
			base64.StdEncoding.EncodeToString([]byte(testReport("ann", "true"))) + `</Content><GeneratedTime>2026-11-22T18:40:00Z</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>`),
		"organizations:DescribeOrganization": jsonError(400, "AWSOrganizationsNotInUseException", "none"),
		"organizations:ListAccounts":         jsonError(400, "AWSOrganizationsNotInUseException", "none"),
		"s3:GetPublicAccessBlock":            ownAccessBlock,
		"s3:GetBucketOwnershipControls":      body(`<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`),
		"s3:GetBucketPolicy":                 refuse(404, "NoSuchBucketPolicy"),
		"cloudtrail:DescribeTrails":          body(`{"trailList":[]}`),
	}
}

// ownAccessBlock answers that the account has none, and a bucket all of it.
func ownAccessBlock(w http.ResponseWriter, q asked) {
	if strings.HasPrefix(q.URL.Path, "/v20180820/") {
		refuse(404, "NoSuchPublicAccessBlockConfiguration")(w, q)
		return
	}
	body(`<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>
<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`)(w, q)
}

// refuse is an error in the form of the operation's protocol.
func refuse(status int, code string) func(http.ResponseWriter, asked) {
	return refuseFor(status, code, "refused")
}

func refuseFor(status int, code, message string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		switch {
		case strings.HasPrefix(q.op, "ec2:"):
			ec2Error(status, code, message)(w, q)
		case isCBOR(q):
			cborAnswer(status, cbor.Map{"__type": cbor.String(code), "message": cbor.String(message)})(w, q)
		case q.form.Get("Action") != "", isXML(q.op):
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
		case strings.HasPrefix(q.op, "s3:"):
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `<Error><Code>%s</Code><Message>%s</Message></Error>`, code, message)
		default:
			jsonError(status, code, message)(w, q)
		}
	}
}

// isXML says whether a service speaks XML without the query protocol.
func isXML(op string) bool {
	return strings.HasPrefix(op, "cloudfront:") || strings.HasPrefix(op, "route53:") || strings.HasPrefix(op, "s3:GetPublicAccessBlock")
}

// isCBOR says whether a call came in CBOR, which is how CloudWatch speaks.
func isCBOR(q asked) bool { return q.Header.Get("Smithy-Protocol") == "rpc-v2-cbor" }

func cborAnswer(status int, v cbor.Value) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) {
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("Content-Type", "application/cbor")
		w.WriteHeader(status)
		_, _ = w.Write(cbor.Encode(v))
	}
}

// on answers an operation, everywhere or in one region: "eu-west-1 ec2:DescribeVolumes".
func (s *standIn) on(op string, answer func(http.ResponseWriter, asked)) { s.answers[op] = answer }

var scope = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request`)

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	q := asked{Request: r}
	service := ""
	if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		q.key, q.region, service = m[1], m[2], m[3]
	}
	raw, _ := io.ReadAll(r.Body)
	q.sent = string(raw)
	q.form, _ = url.ParseQuery(q.sent)
	q.op = service + ":" + operationOf(r, q.form)
	s.mu.Lock()
	s.calls[q.region+" "+q.op]++
	q.n = s.calls[q.region+" "+q.op]
	answer := s.answers[q.region+" "+q.op]
	if answer == nil {
		answer = s.answers[q.op]
	}
	s.mu.Unlock()
	if answer == nil {
		answer = empty
	}
	answer(w, q)
}

// operationOf is the operation in any of AWS's protocols.
func operationOf(r *http.Request, form url.Values) string {
	if action := form.Get("Action"); action != "" {
		return action
	}
	if _, op, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return op
	}
	for _, p := range []struct{ path, op string }{
		{"/listRegions", "ListRegions"}, {"/getAlternateContact", "GetAlternateContact"}, {"/analyzer", "ListAnalyzers"},
		{"/accounts", "DescribeHub"}, {"/detector/", "GetDetector"}, {"/detector", "ListDetectors"},
	} {
		if strings.HasPrefix(r.URL.Path, p.path) {
			return p.op
		}
	}
	return r.Method + " " + r.URL.Path
}

func empty(w http.ResponseWriter, q asked) {
	action := q.form.Get("Action")
	switch {
	case isCBOR(q):
		cborAnswer(http.StatusOK, cbor.Map{})(w, q)
	case action != "":
		_, _ = fmt.Fprintf(w, "<%sResponse><%sResult></%sResult></%sResponse>", action, action, action, action)
	case isXML(q.op), strings.HasPrefix(q.op, "s3:"):
		_, _ = io.WriteString(w, "<Result/>")
	default:
		_, _ = io.WriteString(w, "{}")
	}
}

func body(text string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) { _, _ = io.WriteString(w, text) }
}

func jsonError(status int, code, message string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) {
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"__type":%q,"message":%q}`, code, message)
	}
}

func ec2Error(status int, code, message string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>req-1</RequestID></Response>`, code, message)
	}
}

func hangUp(w http.ResponseWriter, _ asked) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// regionList answers with regions; "!" before a name says that it is disabled.
func regionList(names ...string) func(http.ResponseWriter, asked) {
	var b strings.Builder
	b.WriteString("<r><regionInfo>")
	for _, n := range names {
		state := "opt-in-not-required"
		if bare, ok := strings.CutPrefix(n, "!"); ok {
			n, state = bare, "not-opted-in"
		}
		fmt.Fprintf(&b, "<item><regionName>%s</regionName><optInStatus>%s</optInStatus></item>", n, state)
	}
	b.WriteString("</regionInfo></r>")
	return body(b.String())
}

// made counts the calls of an operation in all regions, or all calls for "".
func (s *standIn) made(op string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, times := range s.calls {
		if op == "" || strings.HasSuffix(name, " "+op) {
			n += times
		}
	}
	return n
}

// collector reads what the checks need, all of this package's own when none is named.
func (s *standIn) collector(t *testing.T, ids ...string) *Collector {
	t.Helper()
	plan, err := NewPlan(pick(t, ids...))
	if err != nil {
		t.Fatal(err)
	}
	return &Collector{Plan: plan, Endpoint: s.URL, Tool: "test", Scan: "scan-1"}
}

func pick(t *testing.T, ids ...string) (out []scan.Check) {
	t.Helper()
	for _, c := range scan.Checks() {
		if slices.Contains(ids, c.ID) {
			out = append(out, c)
		}
	}
	if len(out) != len(ids) {
		t.Fatalf("not all of %v are checks", ids)
	}
	return out
}

func anyone() aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
	})
}

func theAccount() Account {
	return Account{ID: testAccount, Partition: "aws", Region: "eu-west-1", Credentials: anyone()}
}

// read runs a collector to its end and returns the snapshot. No goroutine may be left.
func read(t *testing.T, c *Collector) *snapshot {
	t.Helper()
	out := new(bytes.Buffer)
	if err := c.Run(t.Context(), theAccount(), out); err != nil {
		t.Fatal(err)
	}
	return parse(t, out.Bytes())
}

// noLeak demands at the end of a test that no goroutine of its run is left. The
// stand-in's own are there from before.
func noLeak(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		goleak.VerifyNone(t, before,
			goleak.IgnoreAnyFunction("net/http.(*Server).Serve"), goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
	})
}

// snapshot is what a run wrote.
type snapshot struct {
	lines []scan.Line
	facts *scan.Facts
}

func parse(t *testing.T, raw []byte) *snapshot {
	t.Helper()
	s := &snapshot{}
	if err := scan.Lines(bytes.NewReader(raw), func(l *scan.Line) error { s.lines = append(s.lines, *l); return nil }); err != nil {
		t.Fatal(err)
	}
	facts, err := scan.Load(bytes.NewReader(raw), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	if len(facts) == 1 {
		s.facts = facts[0]
	}
	return s
}

func (s *snapshot) of(k string) (out []scan.Line) {
	for _, l := range s.lines {
		if l.K == k {
			out = append(out, l)
		}
	}
	return out
}

// end is the last line.
func (s *snapshot) end(t *testing.T) scan.Line {
	t.Helper()
	last := s.lines[len(s.lines)-1]
	if last.K != "end" || last.Complete == nil {
		t.Fatalf("the last line is %+v", last)
	}
	return last
}

// scopes are the regions of each scope.
func (s *snapshot) scopes() map[string][]string {
	out := map[string][]string{}
	for _, l := range s.of("scope") {
		out[l.S] = append(out[l.S], l.R)
	}
	for _, regions := range out {
		slices.Sort(regions)
	}
	return out
}
