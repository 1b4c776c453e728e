package resolve

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"fob/internal/awsfile"
)

// loginMargin is what the credentials of a console session must have left to be
// handed out without a refresh, as botocore has it. They live for 15 minutes.
const loginMargin = 5 * time.Minute

// LoginStep takes the credentials of a console session that `aws login` opened
// from its file in ~/.aws/login/cache, and renews them there.
type LoginStep struct {
	Profile   string
	At        Origin
	Session   string // login_session: the ARN of who signed in
	TokenFile string
	Service   Service // its STS is not used
	SignIn    string  // endpoint override, "" for AWS's own
}

func (s LoginStep) String() string {
	return "console session of " + s.Session + " from " + s.TokenFile + " (aws login)"
}

// Origin is the line of login_session.
func (s LoginStep) Origin() Origin { return s.At }

func (s LoginStep) inputs(w *keyWriter) {
	w.add("login session", s.Session)
	w.add("login token", s.TokenFile)
	w.add("login region", s.Service.Region)
	w.add("login endpoint", s.SignIn)
}

// keeps says no: the session's file, which all tools share, is where its
// credentials rest.
func (s LoginStep) keeps() bool { return false }

func (s LoginStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	t, err := s.saved(w)
	if err != nil {
		return Credentials{}, err
	}
	if t.fresh(w.now()) {
		return s.answer(t), nil
	}
	c, err := s.renew(ctx, w)
	if err != nil && ctx.Err() == nil && t.credentials.Left(w.now()) > lastMinute {
		if errors.Is(err, errBusy) {
			return s.answer(t), nil
		}
		w.warn("cannot renew: %v; using the console session's credentials that end at %s", err, t.credentials.Expires.Format("15:04 MST"))
		return s.answer(t), nil
	}
	return c, err
}

// fresh says whether a session's credentials may be handed out as they are.
func (t loginToken) fresh(now time.Time) bool { return t.credentials.Left(now) > loginMargin }

// answer is what is handed out of a session.
func (s LoginStep) answer(t loginToken) Credentials {
	c := t.credentials
	c.AccountID = cmp.Or(c.AccountID, accountOfARN(s.Session), accountOfKeyID(c.AccessKeyID))
	c.Source = s.String()
	return c
}

// saved reads the session's file. One that cannot be read is told and then none.
func (s LoginStep) saved(w *walk) (loginToken, error) {
	t, err := loadLoginToken(s.TokenFile)
	switch {
	case isMissing(err):
		return loginToken{}, s.login("there is no saved session")
	case err != nil:
		w.warn("the saved console session %s is not used: %v", s.TokenFile, err)
		return loginToken{}, s.login("the saved one cannot be read")
	}
	return t, nil
}

func (s LoginStep) login(reason string) error {
	return &PersonError{Need: "a console login as " + s.Session, Reason: reason, Fix: "aws login --profile " + s.Profile}
}

// renew gets new credentials, one process at a time: who waited takes what the
// other has saved.
func (s LoginStep) renew(ctx context.Context, w *walk) (Credentials, error) {
	key := Key(sha256.Sum256([]byte("console session\x00" + s.TokenFile)))
	release, _, err := w.acquire(ctx, key, s, func() bool {
		t, err := loadLoginToken(s.TokenFile)
		return err == nil && t.fresh(w.now())
	})
	if err != nil {
		return Credentials{}, err
	}
	defer release()
	t, err := s.saved(w)
	if err != nil {
		return Credentials{}, err
	}
	if t.fresh(w.now()) {
		return s.answer(t), nil
	}
	if lacks := t.missing(); lacks != "" {
		return Credentials{}, s.login("the saved one ends at " + t.credentials.Expires.Format("2006-01-02 15:04 MST") + " and has no " + lacks)
	}
	if _, err := t.key(); err != nil {
		return Credentials{}, s.login("the saved one cannot be refreshed: " + err.Error())
	}
	return s.refresh(ctx, w, t)
}

// refresh asks AWS for new credentials and saves them.
func (s LoginStep) refresh(ctx context.Context, w *walk, t loginToken) (Credentials, error) {
	service, err := w.awsSignIn(s.Service, s.SignIn)
	if err != nil {
		return Credentials{}, err
	}
	r, code, err := service.refresh(ctx, t, w.now)
	switch {
	case code == "INSUFFICIENT_PERMISSIONS": // another login would not help
		return Credentials{}, err
	case code != "":
		return Credentials{}, s.login(fmt.Sprintf("AWS does not refresh the saved one (%.60s)", code))
	case err != nil:
		return Credentials{}, err
	}
	content, err := t.renewed(r)
	if err == nil {
		err = writeCache(s.TokenFile, content)
	}
	if err != nil {
		w.warn("the renewed console session could not be saved: %v", err)
	}
	r.credentials.AccountID = t.credentials.AccountID
	t.credentials = r.credentials
	return s.answer(t), nil
}

// loginSteps is a profile with login_session, which `aws login` writes.
func (b *builder) loginSteps(p *Profile, session awsfile.Value) ([]Step, error) {
	s := LoginStep{Profile: p.Name, At: at(session), Session: session.Text, Service: b.plan.Service}
	s.Service.STS = ""
	if region, ok := b.value(p, "region"); ok { // where the person signed in
		if s.Service.Region = region.Text; !isRegion(region.Text) {
			return nil, b.fault(p, "region", fmt.Sprintf("%.40q is not a region", region.Text), "")
		}
	}
	dir, err := b.loginFolder(s.At)
	if err != nil {
		return nil, err
	}
	s.TokenFile = loginTokenFile(dir, s.Session)
	endpoint, from, err := b.endpoint(b.chosen, "SIGNIN", "signin")
	if err == nil && endpoint != "" {
		err = checkSignInEndpoint(endpoint, from, Partition(s.Service.Region))
	}
	s.SignIn = endpoint
	return []Step{s}, err
}

// loginFolder is where console sessions are saved.
func (b *builder) loginFolder(from Origin) (string, error) {
	const variable = "AWS_LOGIN_CACHE_DIRECTORY"
	if dir := b.env(variable); dir != "" {
		return b.filePath(dir, "console sessions", Origin{Name: variable})
	}
	home := awsfile.Home(b.Getenv, runtime.GOOS)
	if home == "" {
		return "", &ConfigError{At: from, Fact: "console sessions are saved in the home directory, and there is none: HOME is not set"}
	}
	return filepath.Join(home, ".aws", "login", "cache"), nil
}

// checkSignInEndpoint is checkTokenEndpoint for AWS Sign-In.
func checkSignInEndpoint(raw string, from Origin, partition string) error {
	if err := checkEndpoint(raw, from); err != nil || from.File == "" {
		return err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	own := awsSignInSuffix(partition)
	if host := u.Hostname(); isLoopback(host) || isAWSHost(host, partition) || own != "" && strings.HasSuffix(strings.ToLower(host), "."+own) {
		return nil
	}
	return &ConfigError{At: from, Fact: "the endpoint " + u.Host + " is not AWS's and would get the console session", Fix: "set AWS_ENDPOINT_URL_SIGNIN if you mean it"}
}
