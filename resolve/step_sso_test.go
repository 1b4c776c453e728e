package resolve

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ssoWorld is IAM Identity Center and a sign-in of its own, in a bubble of fake
// time: the pauses between tries cost nothing.
type ssoWorld struct {
	*service
	http     func(Service) (*http.Client, error)
	step     SSOStep
	warnings []string
	cache    Cache
}

const (
	getCredentials = "GET /federation/credentials"
	postToken      = "POST /token"
)

func newSSOWorld(t *testing.T, token string, answers map[string][]answer) *ssoWorld {
	t.Helper()
	listener := newPipes()
	p := &ssoWorld{service: &service{answers: answers}, http: (&world{pipes: listener}).http}
	served := &http.Server{Handler: p.service}
	go func() { _ = served.Serve(listener) }()
	t.Cleanup(func() { _ = served.Close() })
	p.step = SSOStep{Profile: "p", Session: "s", StartURL: "https://foo.bar", AccountID: "123456789012", RoleName: "RN",
		TokenFile: ssoTokenFile(t.TempDir(), "s"), Service: Service{Region: "us-east-1"}}
	if token != "" {
		p.write(t, token, 0o600)
	}
	return p
}

func (p *ssoWorld) write(t *testing.T, token string, mode os.FileMode) {
	t.Helper()
	err := errors.Join(os.MkdirAll(filepath.Dir(p.step.TokenFile), 0o700), os.WriteFile(p.step.TokenFile, []byte(token), mode), os.Chmod(p.step.TokenFile, mode))
	if err != nil {
		t.Fatal(err)
	}
}

func (p *ssoWorld) resolve(t *testing.T) (Credentials, error) {
	t.Helper()
	return runStep(t, &Resolver{
		HTTP:  p.http,
		Cache: p.cache,
		Warn:  func(s string) { p.warnings = append(p.warnings, s) },
	}, p.step)
}

func tokenJSON(access string, end time.Time, more string) string {
	return fmt.Sprintf(`{"accessToken":%q,"expiresAt":%q,"novel":true%s}`, access, end.UTC().Format(time.RFC3339), more)
}

func refreshKeys(registration time.Time) string {
	return fmt.Sprintf(`,"refreshToken":"r","clientId":"c","clientSecret":"cs","registrationExpiresAt":%q`, registration.UTC().Format(time.RFC3339))
}

func roleJSON(end time.Time) string {
	return fmt.Sprintf(`{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"sec","sessionToken":"tok","expiration":%d}}`, end.UnixMilli())
}

// Around the time at which every bubble begins.
var (
	hour = time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC)
	past = time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC)
)

func TestSSO(t *testing.T) {
	alive, dead := tokenJSON("a-token", hour, ""), tokenJSON("a-token", past, "")
	deadRefreshable := tokenJSON("a-token", past, refreshKeys(hour))
	granted := []answer{{200, roleJSON(hour), ""}}
	renewed := []answer{{200, `{"accessToken":"new-token","expiresIn":3600,"refreshToken":"new-refresh","tokenType":"Bearer"}`, ""}}
	const ask, asked = getCredentials + " a-token", getCredentials + " new-token"
	for name, c := range map[string]struct {
		token   string
		answers map[string][]answer
		asked   string
		fail    string
		warn    string
	}{
		"alive":              {token: alive, answers: map[string][]answer{getCredentials: granted}, asked: ask},
		"dead, refreshable":  {token: deadRefreshable, answers: map[string][]answer{getCredentials: granted, postToken: renewed}, asked: postToken + ", " + asked},
		"dead":               {token: dead, fail: "PersonError: it needs a login to sso-session s (https://foo.bar), and the saved sign-in expired at"},
		"registration over":  {token: tokenJSON("a-token", past, refreshKeys(past)), fail: "PersonError: … login … expired"},
		"none":               {fail: "PersonError: … login … there is no saved sign-in"},
		"broken":             {token: `{"accessToken":"a-to`, fail: "PersonError: … login … cannot be read", warn: "is not used: not a JSON object"},
		"portal says 401":    {token: alive, answers: map[string][]answer{getCredentials: {{401, `{"message":"Session token not found or invalid"}`, ""}}}, asked: ask, fail: "PersonError: … login … 401"},
		"portal says 403":    {token: alive, answers: map[string][]answer{getCredentials: {{403, `{"message":"No access"}`, ""}}}, asked: ask, fail: "AWSError: GetRoleCredentials RN in 123456789012: access denied … No access"},
		"another's 401":      {token: alive, answers: map[string][]answer{getCredentials: {{401, `<html>`, ""}}}, asked: ask, fail: "AWSError: GetRoleCredentials … invalid answer: status 401, not an answer of AWS"},
		"throttled":          {token: alive, answers: map[string][]answer{getCredentials: {{429, `{"message":"slow down"}`, ""}}}, asked: ask + ", " + ask + ", " + ask, fail: "AWSError: GetRoleCredentials … throttled: slow down"},
		"refresh throttled":  {token: deadRefreshable, answers: map[string][]answer{postToken: {{429, `{}`, ""}}}, asked: postToken + ", " + postToken + ", " + postToken, fail: "AWSError: CreateToken … throttled"},
		"refresh by another": {token: deadRefreshable, answers: map[string][]answer{postToken: {{403, `<html>`, ""}}}, asked: postToken, fail: "AWSError: CreateToken … invalid answer"},
		"portal down":        {token: alive, answers: map[string][]answer{getCredentials: {{503, `{}`, ""}}}, asked: ask + ", " + ask + ", " + ask, fail: "AWSError: GetRoleCredentials … unreachable"},
		"HTML":               {token: alive, answers: map[string][]answer{getCredentials: {{200, `<html>`, ""}}}, fail: "AWSError: … invalid answer"},
		"half an answer":     {token: alive, answers: map[string][]answer{getCredentials: {{200, `{"roleCredentials":{"accessKeyId":"A"}}`, ""}}}, fail: "AWSError: … without key, token or end"},
		"answer of the past": {token: alive, answers: map[string][]answer{getCredentials: {{200, roleJSON(past), ""}}}, fail: "AWSError: … clock"},
		"refresh refused":    {token: deadRefreshable, answers: map[string][]answer{postToken: {{400, `{"error":"invalid_grant"}`, ""}}}, asked: postToken, fail: "PersonError: … login … (400)"},
		"refresh impossible": {token: deadRefreshable, answers: map[string][]answer{postToken: {{500, `{}`, ""}}}, fail: "AWSError: CreateToken … unreachable"},
		"refresh gives none": {token: deadRefreshable, answers: map[string][]answer{postToken: {{200, `{"tokenType":"Bearer"}`, ""}}}, fail: "AWSError: CreateToken … no token"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newSSOWorld(t, c.token, c.answers)
				got, err := p.resolve(t)
				if c.asked != "" && p.asked() != c.asked || c.answers == nil && p.asked() != "" {
					t.Errorf("asked %q, want %q", p.asked(), c.asked)
				}
				if w := strings.Join(p.warnings, "\n"); !strings.Contains(w, c.warn) || c.warn == "" && w != "" {
					t.Errorf("warned %q, want %q", w, c.warn)
				}
				if c.fail == "" {
					p.check(t, got, err)
					return
				}
				checkError(t, err, c.fail)
				if b, err := os.ReadFile(p.step.TokenFile); c.token != "" && string(b) != c.token {
					t.Errorf("%v: the file was touched: %s", err, b)
				}
			})
		})
	}
}

func (p *ssoWorld) check(t *testing.T, got Credentials, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got.AccessKeyID != "ASIASSO" || got.Secret.Reveal() != "sec" || got.Token.Reveal() != "tok" || got.AccountID != "123456789012" || !got.Expires.Equal(hour) {
		t.Errorf("got %v of %s", got, got.AccountID)
	}
}

// A refreshed sign-in is there for every other tool, with all that it had.
func TestSSORefreshIsSaved(t *testing.T) { synctest.Test(t, testSSORefreshIsSaved) }

func testSSORefreshIsSaved(t *testing.T) {
	p := newSSOWorld(t, tokenJSON("a-token", hour.Add(-2*time.Hour), refreshKeys(hour)), map[string][]answer{
		getCredentials: {{200, roleJSON(hour), ""}},
		postToken:      {{200, `{"accessToken":"new-token","expiresIn":3600,"refreshToken":"new-refresh"}`, ""}},
	})
	for range 2 { // the second time nothing is refreshed
		if _, err := p.resolve(t); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(p.asked(), postToken); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
	b, err := os.ReadFile(p.step.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"accessToken":"new-token"`, `"refreshToken":"new-refresh"`, `"novel":true`, `"clientSecret":"cs"`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s is not in %s", part, b)
		}
	}
	info, err := os.Stat(p.step.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 && mode != 0o666 { // Windows has no others
		t.Errorf("mode %v", mode)
	}
}

// A refresh token is good once: many profiles of one sign-in refresh it once.
func TestSSORefreshIsShared(t *testing.T) { synctest.Test(t, testSSORefreshIsShared) }

func testSSORefreshIsShared(t *testing.T) {
	p := newSSOWorld(t, tokenJSON("a-token", hour.Add(-2*time.Hour), refreshKeys(hour)), map[string][]answer{
		getCredentials: {{200, roleJSON(hour), ""}},
		postToken:      {{200, `{"accessToken":"new-token","expiresIn":3600}`, ""}},
	})
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }()
	done := make(chan error)
	for i := range 8 {
		s := p.step
		s.RoleName = fmt.Sprint("Role", i)
		r := &Resolver{
			HTTP:   p.http,
			Flight: func() *os.Root { return dir },
			Cache:  newMemCache(),
		}
		go func() {
			_, err := r.Resolve(t.Context(), &Plan{Steps: []Step{s}})
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(p.asked(), postToken); n != 1 {
		t.Errorf("%d refreshes, want 1: %s", n, p.asked())
	}
}

// What SSO gave is kept: the next call asks nobody, also when the sign-in is over.
func TestSSOIsKept(t *testing.T) { synctest.Test(t, testSSOIsKept) }

func testSSOIsKept(t *testing.T) {
	p := newSSOWorld(t, tokenJSON("a-token", hour, ""), map[string][]answer{getCredentials: {{200, roleJSON(hour), ""}}})
	p.cache = newMemCache()
	for range 2 {
		if _, err := p.resolve(t); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(p.step.TokenFile); err != nil {
			t.Fatal(err)
		}
	}
	if p.asked() != getCredentials+" a-token" {
		t.Errorf("asked %s", p.asked())
	}
}

// An endpoint of one's own is neither FIPS nor dual stack, and nobody is asked.
func TestSSOEndpointConflict(t *testing.T) { synctest.Test(t, testSSOEndpointConflict) }

func testSSOEndpointConflict(t *testing.T) {
	p := newSSOWorld(t, tokenJSON("a-token", hour, ""), nil)
	p.step.Portal, p.step.Service.FIPS = "https://sso.example", true
	_, err := p.resolve(t)
	checkError(t, err, "ConfigError: the endpoint https://sso.example cannot be combined with FIPS")
	if p.asked() != "" {
		t.Errorf("asked %s", p.asked())
	}
}
