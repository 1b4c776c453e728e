package awsfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"fob/internal/awsfake"
)

// federation asks the endpoint: the status, and the answer's text.
func (f fixture) federation(path string, form url.Values) (int, string) {
	f.t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Get(f.URL() + path + "?" + form.Encode())
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(body) + res.Header.Get("Location")
}

// signinToken asks for one, "" when it is refused.
func (f fixture) signinToken(c *ststypes.Credentials, more ...string) string {
	f.t.Helper()
	session, _ := json.Marshal(map[string]string{"sessionId": *c.AccessKeyId, "sessionKey": *c.SecretAccessKey, "sessionToken": *c.SessionToken})
	form := url.Values{"Action": {"getSigninToken"}, "Session": {string(session)}}
	for _, length := range more {
		form.Set("SessionDuration", length)
	}
	var out struct{ SigninToken string }
	if status, body := f.federation("/federation", form); status == http.StatusOK && json.Unmarshal([]byte(body), &out) != nil {
		f.t.Fatal(body)
	}
	return out.SigninToken
}

func (f fixture) assumed(as aws.Config) *ststypes.Credentials {
	f.t.Helper()
	out, err := sts.NewFromConfig(as).AssumeRole(f.t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String(ops), RoleSessionName: aws.String("it")})
	if err != nil {
		f.t.Fatal(err)
	}
	return out.Credentials
}

// Who AWS lets into the console, and whose session may be given a length.
func TestSigninToken(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.role(awsfake.Role{ARN: ops})
	role := f.assumed(f.config(f.ann.Key, ""))
	fed, err := f.sts().GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("ann")})
	if err != nil {
		t.Fatal(err)
	}
	forged := *role
	forged.SessionToken = aws.String("x")
	for name, tt := range map[string]struct {
		token string
		works bool
	}{
		"role":               {f.signinToken(role), true},
		"role with a length": {f.signinToken(role, "43200"), true},
		"too long":           {f.signinToken(role, "43201"), false},
		"too short":          {f.signinToken(role, "899"), false},
		"federated":          {f.signinToken(fed.Credentials), true},
		"federated, length":  {f.signinToken(fed.Credentials, "3600"), false},
		"user's session":     {f.signinToken(f.session(false)), false},
		"role of a session":  {f.signinToken(f.assumed(f.as(f.session(false)))), true},
		"the same, length":   {f.signinToken(f.assumed(f.as(f.session(false))), "3600"), false},
		"forged":             {f.signinToken(&forged), false},
	} {
		if (tt.token != "") != tt.works {
			t.Errorf("%s: got %q", name, tt.token)
		}
	}
	f.ExpireAll()
	if f.signinToken(role) != "" {
		t.Error("an ended session was let in")
	}
}

func TestConsoleLogin(t *testing.T) {
	var c clock
	f := start(t, awsfake.Options{Now: c.Now})
	f.role(awsfake.Role{ARN: ops})
	token := f.signinToken(f.assumed(f.config(f.ann.Key, "")))
	login := url.Values{"Action": {"login"}, "SigninToken": {token}, "Destination": {"https://console.aws.amazon.com/s3"}}
	status, page := f.federation("/federation", login)
	if status != 200 || !strings.HasPrefix(page, "console of arn:aws:sts::123456789012:assumed-role/Ops/it until ") || !strings.HasSuffix(page, " at https://console.aws.amazon.com/s3\n") {
		t.Errorf("got %d, %s", status, page)
	}
	for name, change := range map[string][2]string{"token": {"SigninToken", "x"}, "page": {"Destination", "http://console.aws.amazon.com"}, "action": {"Action", "x"}} {
		other := url.Values{"Action": login["Action"], "SigninToken": login["SigninToken"], "Destination": login["Destination"]}
		other.Set(change[0], change[1])
		if status, _ := f.federation("/federation", other); status != 400 {
			t.Errorf("another %s: %d", name, status)
		}
	}
	if status, to := f.federation("/oauth", url.Values{"Action": {"logout"}, "redirect_uri": {"https://x/y"}}); status != 302 || !strings.HasSuffix(to, "https://x/y") {
		t.Errorf("signing out: %d, %s", status, to)
	}
	c.advance(16 * time.Minute)
	if status, _ := f.federation("/federation", login); status != 400 {
		t.Errorf("an old token: %d", status)
	}
	if all := f.SigninTokens(); len(all) != 1 || all[0] != token {
		t.Error("the token is not among the tokens")
	}
}
