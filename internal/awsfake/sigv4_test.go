package awsfake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"fob/internal/awsfake"
)

const whoBody = "Action=GetCallerIdentity&Version=2011-06-15"

// signing is what goes into a hand-signed request.
type signing struct {
	key             awsfake.Key
	token           string
	service, region string
	at              time.Time
	body, query     string
}

// request signs with the SDK's signer.
func (s signing) request(t *testing.T) *http.Request {
	t.Helper()
	method := http.MethodPost
	if s.body == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequest(method, "http://sts.eu-central-1.amazonaws.com/?"+s.query, strings.NewReader(s.body))
	if s.body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	sum := sha256.Sum256([]byte(s.body))
	err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: s.key.ID, SecretAccessKey: s.key.Secret, SessionToken: s.token},
		r, hex.EncodeToString(sum[:]), s.service, s.region, s.at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answered returns the status and the error code in the body, if any.
func answered(s *awsfake.Server, r *http.Request) (status int, code, body string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if m := regexp.MustCompile(`<Code>(\w+)</Code>`).FindStringSubmatch(w.Body.String()); m != nil {
		code = m[1]
	}
	return w.Code, code, w.Body.String()
}

func TestSignatures(t *testing.T) {
	s := awsfake.New(awsfake.Options{})
	ann := s.AddUser(account, "ann")
	good := signing{key: ann.Key, service: "sts", region: "eu-central-1", at: s.Now(), body: whoBody}
	for name, tt := range map[string]struct {
		change func(*signing)      // before signing
		tamper func(*http.Request) // after signing
		status int
		code   string
	}{
		"good":            {status: 200},
		"in the query":    {change: func(s *signing) { s.body, s.query = "", whoBody+"&Name=a+b%2F~%20c&Name=a" }, status: 200},
		"wrong secret":    {change: func(s *signing) { s.key.Secret = "no" }, status: 403, code: "SignatureDoesNotMatch"},
		"unknown key":     {change: func(s *signing) { s.key.ID = "AKIAIOSFODNN7EXAMPLE" }, status: 403, code: "InvalidClientTokenId"},
		"token for a key": {change: func(s *signing) { s.token = "x" }, status: 403, code: "InvalidClientTokenId"},
		"other service":   {change: func(s *signing) { s.service = "iam" }, status: 403, code: "SignatureDoesNotMatch"},
		"no region":       {change: func(s *signing) { s.region = "aws-global" }, status: 403, code: "SignatureDoesNotMatch"},
		"5 min early":     {change: func(s *signing) { s.at = s.at.Add(5*time.Minute + 2*time.Second) }, status: 403, code: "SignatureDoesNotMatch"},
		"5 min late":      {change: func(s *signing) { s.at = s.at.Add(-5*time.Minute - 2*time.Second) }, status: 403, code: "SignatureDoesNotMatch"},
		"4 min late":      {change: func(s *signing) { s.at = s.at.Add(-4 * time.Minute) }, status: 200},
		"body":            {tamper: func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(whoBody + "&x=1")) }, status: 403, code: "SignatureDoesNotMatch"},
		"query":           {tamper: func(r *http.Request) { r.URL.RawQuery = "x=1" }, status: 403, code: "SignatureDoesNotMatch"},
		"path":            {tamper: func(r *http.Request) { r.URL.Path = "/x" }, status: 403, code: "SignatureDoesNotMatch"},
		"method":          {tamper: func(r *http.Request) { r.Method = http.MethodPut }, status: 403, code: "SignatureDoesNotMatch"},
		"host":            {tamper: func(r *http.Request) { r.Host = "elsewhere.example" }, status: 403, code: "SignatureDoesNotMatch"},
		"signed header":   {tamper: func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, status: 403, code: "SignatureDoesNotMatch"},
		"time": {tamper: func(r *http.Request) {
			r.Header.Set("X-Amz-Date", s.Now().Add(time.Second).UTC().Format("20060102T150405Z"))
		}, status: 403, code: "SignatureDoesNotMatch"},
		"no time":             {tamper: func(r *http.Request) { r.Header.Del("X-Amz-Date") }, status: 400, code: "IncompleteSignature"},
		"not signed":          {tamper: func(r *http.Request) { r.Header.Del("Authorization") }, status: 403, code: "MissingAuthenticationToken"},
		"other algorithm":     {tamper: func(r *http.Request) { r.Header.Set("Authorization", "Basic YTpi") }, status: 400, code: "IncompleteSignature"},
		"signature only":      {tamper: func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Signature=00") }, status: 400, code: "IncompleteSignature"},
		"host not signed for": {tamper: func(r *http.Request) { edit(r, "host;", "") }, status: 403, code: "SignatureDoesNotMatch"},
		"scope of three":      {tamper: func(r *http.Request) { edit(r, "/sts/aws4_request", "") }, status: 400, code: "IncompleteSignature"},
	} {
		t.Run(name, func(t *testing.T) {
			x := good
			if tt.change != nil {
				tt.change(&x)
			}
			r := x.request(t)
			if tt.tamper != nil {
				tt.tamper(r)
			}
			if status, code, body := answered(s, r); status != tt.status || code != tt.code {
				t.Errorf("got %d %s, want %d %s\n%s", status, code, tt.status, tt.code, body)
			}
		})
	}
}

func edit(r *http.Request, from, to string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
}

func TestSessionTokens(t *testing.T) {
	f := start(t, awsfake.Options{})
	a, b := f.session(false), f.session(false)
	for name, tt := range map[string]struct{ token, code string }{
		"own":       {*a.SessionToken, ""},
		"none":      {"", "InvalidClientTokenId"},
		"another's": {*b.SessionToken, "InvalidClientTokenId"},
		"cut":       {(*a.SessionToken)[:100], "InvalidClientTokenId"},
	} {
		_, err := whoami(t, f.config(awsfake.Key{ID: *a.AccessKeyId, Secret: *a.SecretAccessKey}, tt.token))
		if tt.code != "" {
			refused(t, err, tt.code, unknownKey)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPresigned(t *testing.T) {
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now})
	p, err := sts.NewPresignClient(f.sts()).PresignGetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	get := func(url string) int {
		status, _, _ := answered(f.Server, httptest.NewRequest(http.MethodGet, url, nil))
		return status
	}
	if got := get(p.URL); got != 200 {
		t.Errorf("presigned: %d", got)
	}
	if got := get(p.URL + "&x=1"); got != 403 {
		t.Errorf("tampered: %d", got)
	}
	if got := get(p.URL + "&X-Amz-Expires=x"); got == 200 {
		t.Errorf("tampered: %d", got)
	}
	c.advance(16 * time.Minute)
	if got := get(p.URL); got != 403 {
		t.Errorf("expired: %d", got)
	}
}

func TestSkew(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.Behave(func(b *awsfake.Behaviour) { b.Skew = time.Hour })
	r := signing{key: f.ann.Key, service: "sts", region: "eu-central-1", at: time.Now(), body: whoBody}.request(t)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != 403 || !regexp.MustCompile(`Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)`).MatchString(w.Body.String()) {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
	date, err := http.ParseTime(w.Header().Get("Date"))
	if ahead := time.Until(date); err != nil || ahead < 59*time.Minute || ahead > 61*time.Minute {
		t.Errorf("Date is %s ahead, %v", ahead, err)
	}
	f.Behave(func(b *awsfake.Behaviour) { b.Skew = -time.Hour })
	_, _, body := answered(f.Server, signing{key: f.ann.Key, service: "sts", region: "eu-central-1", at: time.Now(), body: whoBody}.request(t))
	if !strings.Contains(body, "Signature not yet current: ") {
		t.Errorf("got %s", body)
	}
}

func TestWrongRequests(t *testing.T) {
	s := awsfake.New(awsfake.Options{})
	ann := s.AddUser(account, "ann")
	for body, want := range map[string]string{
		"Action=Nonsense&Version=2011-06-15":          "InvalidAction",
		"Action=GetCallerIdentity&Version=2010-05-08": "InvalidAction",
		"Action=GetUser&Version=1":                    "InvalidAction",
		"%zz":                                         "InvalidAction",
		"Action=GetSessionToken&DurationSeconds=1h&Version=2011-06-15": "MalformedInput",
		"Action=AssumeRole&Version=2011-06-15":                         "ValidationError",
	} {
		r := signing{key: ann.Key, service: "sts", region: "eu-central-1", at: s.Now(), body: body}.request(t)
		if status, code, _ := answered(s, r); status != 400 || code != want {
			t.Errorf("%s: got %d %s, want 400 %s", body, status, code, want)
		}
	}
	big := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, 1<<20+1)))
	if status, _, _ := answered(s, big); status != 413 {
		t.Errorf("2 MiB: %d", status)
	}
}

// need skips a test whose program is missing, where skipping is allowed.
func need(t *testing.T, ok bool, reason string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// TestBotocore has another SDK's signer and XML parser agree.
func TestBotocore(t *testing.T) {
	python, err := exec.LookPath("python3")
	need(t, err == nil, "no python3")
	need(t, exec.CommandContext(t.Context(), python, "-c", "import botocore").Run() == nil, "python3 has no botocore")
	f := start(t, awsfake.Options{})
	role := f.role(awsfake.Role{ARN: ops, RequireMFA: true})
	const script = `
import sys, botocore.session
from botocore.exceptions import ClientError
url, key, secret, serial, code, role = sys.argv[1:]
def client(name, key, secret, token=None):
    return botocore.session.Session().create_client(name, region_name="us-east-1", endpoint_url=url,
        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
sts = client("sts", key, secret)
print(sts.get_caller_identity()["Arn"])
c = sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
sts = client("sts", c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"])
print(sts.assume_role(RoleArn=role, RoleSessionName="bot")["AssumedRoleUser"]["Arn"])
print(client("iam", key, secret).list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"])
try:
    client("sts", key, "wrong").get_caller_identity()
except ClientError as e:
    print(e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"])
`
	cmd := exec.CommandContext(t.Context(), python, "-c", script, f.URL(), f.ann.Key.ID, f.ann.Key.Secret, f.mfa.Serial, *f.code(), role)
	cmd.Env = append(os.Environ(), "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	want := f.ann.ARN + "\narn:aws:sts::123456789012:assumed-role/Ops/bot\n[]\nSignatureDoesNotMatch 403\n"
	if got := strings.ReplaceAll(string(out), "\r", ""); err != nil || got != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}
