package e2e

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// gate stands before the emulator, knows every call by its name, counts it, and
// refuses those that it is told to, as AWS words it.
type gate struct {
	server *httptest.Server
	proxy  *httputil.ReverseProxy

	mu      sync.Mutex
	calls   map[string]int
	denied  string // "service:Operation"
	strange []string
}

func newGate(t *testing.T, m *moto) *gate {
	t.Helper()
	to, err := url.Parse(m.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{proxy: httputil.NewSingleHostReverseProxy(to), calls: map[string]int{}}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

// deny refuses an operation from now on, none for "", and forgets what was called.
func (g *gate) deny(op string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.denied, g.calls = op, map[string]int{}
}

// called is what was called since the last deny.
func (g *gate) called() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.calls)
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	op, refuse := operationOf(r, body)
	g.mu.Lock()
	g.calls[op]++
	if op == "" {
		g.strange = append(g.strange, r.Method+" "+r.URL.String())
	}
	denied := op != "" && op == g.denied
	g.mu.Unlock()
	if denied {
		refuse(w, op)
		return
	}
	g.proxy.ServeHTTP(w, r)
}

// signedFor is the service that a request is signed for.
var signedFor = regexp.MustCompile(`Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request`)

// planName is how the plan names a service, where it is not as it signs.
var planName = map[string]string{"monitoring": "cloudwatch"}

// routes are the operations of services that name them by method and path.
var routes = []struct{ service, method, path, op string }{
	{"s3", "GET", `^/v20180820/configuration/publicAccessBlock$`, "s3control:GetPublicAccessBlock"},
	{"s3", "GET", `\?(.*&)?acl`, "s3:GetBucketAcl"},
	{"s3", "GET", `\?(.*&)?logging`, "s3:GetBucketLogging"},
	{"s3", "GET", `\?(.*&)?ownershipControls`, "s3:GetBucketOwnershipControls"},
	{"s3", "GET", `\?(.*&)?policy(&|=|$)`, "s3:GetBucketPolicy"},
	{"s3", "GET", `\?(.*&)?versioning`, "s3:GetBucketVersioning"},
	{"s3", "GET", `\?(.*&)?publicAccessBlock`, "s3:GetPublicAccessBlock"},
	{"s3", "HEAD", `^/[^/?]+/?$`, "s3:HeadBucket"},
	{"s3", "GET", `^/(\?|$)`, "s3:ListBuckets"},
	{"lambda", "GET", `/functions/[^/]+/policy`, "lambda:GetPolicy"},
	{"lambda", "GET", `/functions/[^/]+/urls`, "lambda:ListFunctionUrlConfigs"},
	{"lambda", "GET", `/functions/?(\?|$)`, "lambda:ListFunctions"},
	{"eks", "GET", `^/clusters/[^/?]+$`, "eks:DescribeCluster"},
	{"eks", "GET", `^/clusters`, "eks:ListClusters"},
	{"elasticfilesystem", "GET", `/file-systems/[^/]+/policy`, "elasticfilesystem:DescribeFileSystemPolicy"},
	{"elasticfilesystem", "GET", `/file-systems`, "elasticfilesystem:DescribeFileSystems"},
	{"cloudfront", "GET", `/distribution`, "cloudfront:ListDistributions"},
	{"route53", "GET", `/hostedzone/[^/]+/rrset`, "route53:ListResourceRecordSets"},
	{"route53", "GET", `/hostedzone`, "route53:ListHostedZones"},
	{"guardduty", "GET", `^/detector/[^/]+$`, "guardduty:GetDetector"},
	{"guardduty", "GET", `^/detector`, "guardduty:ListDetectors"},
	{"securityhub", "GET", `^/accounts`, "securityhub:DescribeHub"},
	{"access-analyzer", "GET", `^/analyzer`, "access-analyzer:ListAnalyzers"},
	{"account", "POST", `^/getAlternateContact`, "account:GetAlternateContact"},
	{"account", "POST", `^/listRegions`, "account:ListRegions"},
	{"ses", "POST", `/list-identities`, "ses:ListEmailIdentities"},
	{"ses", "GET", `/identities/[^/?]+`, "ses:GetEmailIdentity"},
	{"ses", "GET", `/identities`, "ses:ListEmailIdentities"},
	{"es", "GET", `/domain(\?|$)`, "es:ListDomainNames"},
	{"es", "POST", `/domain-info`, "es:DescribeDomains"},
}

// operationOf names a call, and how its service says no; "" is one that is not known.
func operationOf(r *http.Request, body []byte) (op string, refuse func(http.ResponseWriter, string)) {
	found := signedFor.FindStringSubmatch(r.Header.Get("Authorization"))
	if found == nil {
		return "", nil
	}
	service := found[1]
	if name := planName[service]; name != "" {
		service = name
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return service + ":" + target[strings.LastIndex(target, ".")+1:], refuseJSON
	}
	if _, name, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		return service + ":" + name, refuseCBOR
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		return service + ":" + form.Get("Action"), refuseXML
	}
	for _, route := range routes {
		if route.service == service && route.method == r.Method && regexp.MustCompile(route.path).MatchString(r.URL.RequestURI()) {
			if service == "s3" || service == "cloudfront" || service == "route53" {
				return route.op, refuseXML
			}
			return route.op, refuseJSON
		}
	}
	return "", nil
}

const refusal = "User: arn:aws:iam::123456789012:user/audit is not authorized to perform: %s because no identity-based policy allows the action"

func refuseJSON(w http.ResponseWriter, op string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprintf(w, `{"__type":"AccessDeniedException","message":"`+refusal+`"}`, op)
}

func refuseXML(w http.ResponseWriter, op string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(http.StatusForbidden)
	code := "AccessDenied"
	text := fmt.Sprintf(refusal, op)
	switch service, _, _ := strings.Cut(op, ":"); service {
	case "ec2":
		_, _ = fmt.Fprintf(w, `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>%s</Message></Error></Errors><RequestID>1</RequestID></Response>`, text)
	case "s3":
		_, _ = fmt.Fprintf(w, `<Error><Code>%s</Code><Message>Access Denied</Message></Error>`, code)
	default:
		_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, code, text)
	}
}

// refuseCBOR writes {"__type": …, "message": …} in RFC 8949.
func refuseCBOR(w http.ResponseWriter, op string) {
	text := func(s string) []byte {
		return append([]byte{0x79, byte(len(s) >> 8), byte(len(s))}, s...) // a string with two bytes of length
	}
	out := []byte{0xa2}
	for _, s := range []string{"__type", "AccessDenied", "message", fmt.Sprintf(refusal, op)} {
		out = append(out, text(s)...)
	}
	w.Header().Set("Content-Type", "application/cbor")
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write(out)
}
