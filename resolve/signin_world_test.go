package resolve

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
)

const ssoConfig = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
[profile dev]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Dev
[profile admin]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Admin
[profile above]
role_arn = arn:aws:iam::123456789012:role/Plain
source_profile = dev
region = eu-west-1
[profile legacy]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Dev
`

// inSSO is inWorld with an Identity Center: the profiles dev and admin share a
// sign-in, above is a role on top of dev, legacy has the older keys.
func inSSO(t *testing.T, test func(t *testing.T, w *world)) {
	inWorld(t, func(t *testing.T, w *world) {
		w.config = ssoConfig
		for _, role := range []string{"Dev", "Admin"} {
			w.aws.Assign(awsfake.Assignment{AccountID: account, Role: role})
		}
		w.addRole(awsfake.Role{ARN: roleARN("Plain")})
		test(t, w)
	})
}

// sso changes how Identity Center behaves.
func (w *world) sso(change func(*awsfake.SSOBehaviour)) {
	w.aws.Behave(func(b *awsfake.Behaviour) { change(&b.SSO) })
}

func (w *world) step(profile string) SSOStep { return w.plan(profile).Steps[0].(SSOStep) }

// signIn has a person sign in with a code, in a new process.
func (w *world) signIn(profile string) error {
	w.t.Helper()
	return w.resolver().SignIn(w.t.Context(), w.step(profile), SignInOptions{Device: true, Show: func(SignInPrompt) error { return nil }})
}

func (w *world) mustSignIn(profile string) {
	w.t.Helper()
	if err := w.signIn(profile); err != nil {
		w.t.Fatal(err)
	}
}

// ssoCalls compares the calls since the last look: their names, those of
// CreateToken with the grant, refused ones with "!".
func (w *world) ssoCalls(want string) {
	w.t.Helper()
	var all []string
	for _, c := range w.aws.Calls() {
		s := map[string]string{"GetRoleCredentials": "role", "RegisterClient": "register", "StartDeviceAuthorization": "start", "Logout": "logout"}[c.Action]
		if c.Action == "CreateToken" {
			s = c.Grant[strings.LastIndexByte(c.Grant, ':')+1:]
		}
		if s == "" {
			s = c.Action
		}
		if c.Error != "" {
			s += "!"
		}
		all = append(all, s)
	}
	b := awsfake.Behaviour{}
	w.aws.Behave(func(now *awsfake.Behaviour) { b = *now })
	w.aws.Reset()
	w.aws.Behave(func(now *awsfake.Behaviour) { *now = b })
	if got := strings.Join(all, " "); got != want {
		w.t.Errorf("calls:\n got %s\nwant %s", got, want)
	}
}

// left writes a sign-in as `aws sso login` leaves it, for the plans of atHome.
func (w *world) left(token string) {
	w.t.Helper()
	if err := w.dir.WriteFile("left.json", []byte(token), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// atHome is plan, of a person with a home.
func (w *world) atHome(profile string) *Plan {
	w.t.Helper()
	p := w.plan(profile)
	s := p.Steps[0].(SSOStep)
	s.TokenFile = filepath.Join(w.dir.Name(), "left.json")
	p.Steps[0] = s
	return p
}

// online is an Identity Center on loopback in real time, for what needs a browser.
type online struct {
	t       *testing.T
	aws     *awsfake.Server
	dir     string
	planner *Planner
}

func newOnline(t *testing.T) *online {
	t.Helper()
	o := &online{t: t, aws: awsfake.New(awsfake.Options{}), dir: t.TempDir()}
	if err := o.aws.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.aws.Close)
	o.aws.Assign(awsfake.Assignment{AccountID: account, Role: "Dev"})
	o.planner = planCase{config: ssoConfig, env: env("AWS_ENDPOINT_URL", o.aws.URL())}.planner(t)
	return o
}

// process is a Resolver and the step of the profile dev, as a process has them.
func (o *online) process() (*Resolver, *Plan) {
	o.t.Helper()
	dir, err := os.OpenRoot(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = dir.Close() })
	plan, err := o.planner.Plan(Request{Profile: "dev"})
	if err != nil {
		o.t.Fatal(err)
	}
	return &Resolver{
		HTTP:   func(Service) (*http.Client, error) { return NewHTTPClient(nil, nil) },
		Cache:  fileCache{dir},
		Flight: func() *os.Root { return dir },
	}, plan
}

// signIn signs in with a browser.
func (o *online) signIn(open func(ctx context.Context, url string) error) error {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 20*time.Second)
	defer cancel()
	r, plan := o.process()
	return r.SignIn(ctx, plan.Steps[0].(SSOStep), SignInOptions{Open: open, Show: func(SignInPrompt) error { return nil }})
}

// browse is a browser that goes where it is sent, in the background.
func (o *online) browse(_ context.Context, url string) error {
	go func() {
		status, _, err := visit(url, nil)
		if err != nil || status != http.StatusOK {
			o.t.Errorf("the browser got %d, %v", status, err)
		}
	}()
	return nil
}

// visit gets a page, with more headers than a plain client's.
func visit(url string, header http.Header) (status int, page string, err error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	var b strings.Builder
	_, err = fmt.Fprint(&b, res.Header.Get("Content-Security-Policy"))
	return res.StatusCode, b.String(), err
}
