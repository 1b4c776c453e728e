package awsfake

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func FuzzAuthorization(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=00ff", "20261122T010203Z")
	f.Add("AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request,SignedHeaders=host,Signature=0", "")
	f.Add("AWS4-HMAC-SHA256 =,=,=", "x")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, header, date string) {
		sig, err := parseAuthorization(header)
		if err == nil && (sig.keyID+sig.date+sig.region+sig.service == "" && strings.Count(header, "/") < 4 || sig.value == "" || len(sig.headers) == 0) {
			t.Fatalf("%q was read as %+v", header, sig)
		}
		_ = sig.setTime(date)
		_ = sig.check("sts", time.Unix(0, 0))
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if sig.matches("secret", r, nil) {
			t.Fatalf("%q matches", header)
		}
	})
}

// FuzzUnsigned sends what nobody signed: nothing of it may come through.
func FuzzUnsigned(f *testing.F) {
	s := New(Options{})
	u := s.AddUser("123456789012", "ann")
	f.Add("Action=GetCallerIdentity&Version=2011-06-15", "", "AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/sts/aws4_request,SignedHeaders=host,Signature=00")
	f.Add("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/Ops&RoleSessionName=x1&WebIdentityToken=a.b.c", "", "")
	f.Add("Action=CreateAccessKey&Version=2010-05-08", "X-Amz-Signature=0&X-Amz-Expires=900&X-Amz-Credential="+u.Key.ID+"/20261122/us-east-1/iam/aws4_request&X-Amz-SignedHeaders=host&X-Amz-Date=20261122T000000Z", "")
	f.Add("Tags.member.1.Key=%zz&=&&;", "%", "x")
	f.Fuzz(func(t *testing.T, body, query, authorization string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = &url.URL{Path: "/", RawQuery: query}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", authorization)
		r.Header.Set("X-Amz-Date", s.Now().UTC().Format(timeFormat))
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code < 400 || !strings.Contains(w.Body.String(), "<ErrorResponse") {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		s.Reset()
	})
}
