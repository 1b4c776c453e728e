package resolve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const webAnswer = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<AssumedRoleUser><AssumedRoleId>AROAX:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/W/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>sec</SecretAccessKey><SessionToken>tok</SessionToken><Expiration>%END%</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`

func TestWebIdentity(t *testing.T) {
	end := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	var form url.Values
	status, body := http.StatusOK, strings.Replace(webAnswer, "%END%", end, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the request is signed")
		}
		b, _ := io.ReadAll(r.Body)
		form, _ = url.ParseQuery(string(b))
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer s.Close()
	token := filepath.Join(t.TempDir(), "token")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(token, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	step := WebIdentityStep{At: Origin{Name: "AWS_ROLE_ARN"}, ARN: "arn:aws:iam::123456789012:role/W", SessionName: "me", Duration: 2 * time.Hour,
		TokenFile: token, TokenAt: Origin{Name: "FILE"}, Service: Service{Region: "us-east-1", STS: s.URL}}
	r := &Resolver{HTTP: func(Service) (*http.Client, error) { return NewHTTPClient(nil, nil) }}

	write("the-jwt\n")
	got, err := runStep(t, r, step)
	if err != nil {
		t.Fatal(err)
	}
	if got.AccessKeyID != "ASIAWEB" || got.AccountID != "123456789012" || got.Expires.Format(time.RFC3339) != end {
		t.Errorf("got %v of %s", got, got.AccountID)
	}
	for k, want := range map[string]string{"Action": "AssumeRoleWithWebIdentity", "WebIdentityToken": "the-jwt", "RoleArn": step.ARN, "RoleSessionName": "me", "DurationSeconds": "7200"} {
		if form.Get(k) != want {
			t.Errorf("%s = %q, want %q", k, form.Get(k), want)
		}
	}

	status, body = http.StatusBadRequest, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider found</Message></Error></ErrorResponse>`
	_, err = runStep(t, r, step)
	checkError(t, err, "AWSError: AssumeRoleWithWebIdentity arn:aws:iam::123456789012:role/W: refused (InvalidIdentityToken): No OpenIDConnect")

	form = nil
	for content, want := range map[string]string{" \n": "is empty", strings.Repeat("x", maxWebIdentityToken+1): "larger than 32 KiB"} {
		write(content)
		_, err = runStep(t, r, step)
		checkError(t, err, "ConfigError: FILE: the web identity token file … "+want)
	}
	step.TokenFile = filepath.Join(t.TempDir(), "none")
	_, err = runStep(t, r, step)
	checkError(t, err, "ConfigError: FILE: the web identity token file … none … cannot be read")
	if form != nil {
		t.Error("a request was made without a token")
	}
}
