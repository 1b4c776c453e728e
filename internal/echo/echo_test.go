package echo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"fob/internal/echo"
	"fob/internal/secret"
)

const (
	token     = "IQoJb3JpZ2luX2VjEAoaCXVzLWVhc3QtMSJGMEQCIF/+8k2hR7sQ1pX9v0Zy3mWcT5uLdK4nB6gJ=="
	signature = "8d3f0a64be1c97525f6de0c2a1b4938777e0d6c51f2a4b3988d7c6e5f4a3b2c1"
)

func TestRepeats(t *testing.T) {
	text := secret.New(token)
	for name, said := range map[string]string{
		"whole":            "the canonical string is x-amz-security-token:" + token + "\nhost:x",
		"of a query":       "?X-Amz-Security-Token=" + url.QueryEscape(token),
		"of a path":        "/" + url.PathEscape(token),
		"in small letters": strings.ToLower(url.QueryEscape(token)),
		"cut off":          "token " + token[:40] + "...",
		"without a start":  token[13:50],
		"its end":          token[len(token)-16:],
	} {
		if !echo.Repeats(said, text) {
			t.Errorf("%s is not found", name)
		}
	}
	for _, said := range []string{"", "AccessDenied", token[:15], "User: arn:aws:iam::123456789012:user/ann is not authorized"} {
		if echo.Repeats(said, text, secret.New(signature), secret.New(""), secret.New("not")) {
			t.Errorf("%q repeats nothing", said)
		}
	}
}

func TestSecrets(t *testing.T) {
	for name, value := range map[string]string{
		"Authorization":            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=" + signature,
		"X-Amz-Security-Token":     signature,
		"X-Amz-Sso_bearer_token":   signature,
		"X-Aws-Ec2-Metadata-Token": signature,
		"DPoP":                     signature,
	} {
		h := http.Header{}
		h.Set(name, value)
		secrets := echo.Secrets(&http.Request{Header: h})
		if !echo.Repeats("it was "+signature, secrets...) || echo.Repeats(strings.TrimSuffix(value, signature), secrets...) {
			t.Errorf("%s gives the wrong secrets", name)
		}
	}
	h := http.Header{"Authorization": {"Basic " + signature}} // of a container
	if !echo.Repeats(signature, echo.Secrets(&http.Request{Header: h})...) || echo.Secrets(nil) != nil {
		t.Error("a container's token is none")
	}
}
