package resolve

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"fob/internal/secret"
)

// SSOStep takes a role from IAM Identity Center with the sign-in that fob keeps,
// or the one that lies in ~/.aws/sso/cache: GetRoleCredentials.
type SSOStep struct {
	Profile   string
	At        Origin
	Session   string // name of the [sso-session], "" for the older keys
	StartURL  string
	AccountID string
	RoleName  string
	Scopes    string  // sso_registration_scopes, with commas between; "" for fob's default
	TokenFile string  // where AWS's own tools keep the sign-in
	Service   Service // its region is sso_region, its STS is not used
	Portal    string  // endpoint override, "" for AWS's own
	OIDC      string  // the same for refreshing the sign-in
}

func (s SSOStep) String() string {
	return fmt.Sprintf("role %s in account %s of %s (SSO GetRoleCredentials)", s.RoleName, s.AccountID, s.signIn())
}

// Origin is the line of sso_session or sso_start_url.
func (s SSOStep) Origin() Origin { return s.At }

func (s SSOStep) inputs(w *keyWriter) {
	w.add("sso session", s.Session)
	w.add("sso start url", s.StartURL)
	w.add("sso account", s.AccountID)
	w.add("sso role", s.RoleName)
	w.add("sso region", s.Service.Region)
	w.add("sso portal", s.Portal)
	w.add("sso token", s.TokenFile)
}

func (s SSOStep) keeps() bool { return true }

// signIn names what a person has to log in to.
func (s SSOStep) signIn() string {
	if s.Session != "" {
		return "sso-session " + s.Session + " (" + s.StartURL + ")"
	}
	return s.StartURL
}

func (s SSOStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	token, err := s.token(ctx, w, secret.Text{})
	if err != nil {
		return Credentials{}, err
	}
	c, err := s.roleCredentials(ctx, w, token)
	if statusOf(err) == http.StatusUnauthorized { // it is over, whatever it says of its end
		if token, err = s.token(ctx, w, token); err != nil {
			return Credentials{}, err
		}
		c, err = s.roleCredentials(ctx, w, token)
	}
	if statusOf(err) == http.StatusUnauthorized {
		return Credentials{}, s.login(refusedByAWS)
	}
	return c, err
}

const refusedByAWS = "AWS refused the saved one (401)"

// token is the access token of the sign-in, refreshed when it is over. One that
// AWS has refused is not given again.
func (s SSOStep) token(ctx context.Context, w *walk, refused secret.Text) (secret.Text, error) {
	t, err := s.saved(ctx, w, refused)
	if err != nil || t.serves(w.now(), refused) {
		return t.access, err
	}
	// All profiles of one sign-in share its lock: a refresh token is good once.
	filled := func() bool { return refused.Empty() && w.SignInState(s).Until.Sub(w.now()) > lastMinute }
	for _, done := range []func() bool{filled, nil} {
		release, held, err := w.acquireFor(ctx, s.keptKey("refresh"), "AWS", done)
		if err != nil {
			return secret.Text{}, err
		}
		defer release()
		t, err = s.saved(ctx, w, refused)
		if err != nil || t.serves(w.now(), refused) {
			return t.access, err
		}
		if held {
			break
		}
	}
	return s.refresh(ctx, w, t)
}

// saved is the sign-in to go on with: the one that fob keeps while it lives, else
// the newer of that and the one that ` + "`aws sso login`" + ` left.
func (s SSOStep) saved(ctx context.Context, w *walk, refused secret.Text) (ssoToken, error) {
	now := w.now()
	own, err := s.sealed(ctx, w, refused)
	if err != nil || own.serves(now, refused) {
		return own, err
	}
	theirs, why := s.left(w)
	switch {
	case theirs.serves(now, refused):
		return theirs, nil
	case own.refreshable(now) && !(theirs.refreshable(now) && theirs.expires.After(own.expires)):
		return own, nil
	case theirs.refreshable(now):
		return theirs, nil
	case !refused.Empty():
		why = refusedByAWS
	case own.expires.After(theirs.expires):
		why = expiredAt(own.expires)
	}
	return ssoToken{}, s.login(why)
}

// left is the sign-in that AWS's own tools saved, and what is wrong with it. One
// that cannot be read is told and then as good as none.
func (s SSOStep) left(w *walk) (t ssoToken, why string) {
	t, err := loadSSOToken(s.TokenFile)
	switch {
	case isMissing(err):
		return ssoToken{}, "there is no saved sign-in"
	case err != nil:
		w.warn("the saved sign-in %s is not used: %v", s.TokenFile, err)
		return ssoToken{}, "the saved one cannot be read"
	}
	return t, expiredAt(t.expires)
}

func expiredAt(t time.Time) string {
	return "the saved sign-in expired at " + t.UTC().Format("2006-01-02 15:04 MST")
}

func (s SSOStep) login(reason string) error {
	return &PersonError{Need: "a login to " + s.signIn(), Reason: reason, SignIn: true}
}

func (s SSOStep) roleCredentials(ctx context.Context, w *walk, token secret.Text) (Credentials, error) {
	p, err := w.portal(s.Service, s.Portal)
	if err != nil {
		return Credentials{}, err
	}
	issued := w.now()
	c, err := p.roleCredentials(ctx, token, s.AccountID, s.RoleName)
	switch {
	case err != nil:
		return Credentials{}, err
	case !c.Expires.After(issued):
		return Credentials{}, &AWSError{Call: getRoleCredentials(s.AccountID, s.RoleName), Cause: Skew, Text: "the credentials ended at " + c.Expires.Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	c.Issued, c.AccountID, c.Source = issued, accountID(s.AccountID), s.String()
	return c, nil
}

// refresh gets a new token for the sign-in and saves it where the old one was.
func (s SSOStep) refresh(ctx context.Context, w *walk, t ssoToken) (secret.Text, error) {
	o, err := w.oidc(s.Service, s.OIDC)
	if err != nil {
		return secret.Text{}, err
	}
	issued := w.now()
	fresh, err := o.createToken(ctx, "CreateToken (refresh of the SSO sign-in)", t.clientID, t.clientSecret, refreshGrant(t.refresh))
	if status := statusOf(err); status/100 == 4 && causeIn(err) != Throttled {
		if t.sealed && (status == http.StatusBadRequest || status == http.StatusUnauthorized) {
			s.drop(ctx, w)
		}
		return secret.Text{}, s.login(fmt.Sprintf("AWS does not refresh the saved one (%d)", status))
	}
	if err != nil {
		return secret.Text{}, err
	}
	t.access, t.issued, t.expires = fresh.access, issued, issued.Add(fresh.life)
	if !fresh.refresh.Empty() {
		t.refresh = fresh.refresh
	}
	if err := s.save(ctx, w, t); err != nil {
		w.warn("the refreshed SSO sign-in could not be saved: %v", err)
	}
	return t.access, nil
}

// save puts a refreshed sign-in back to where it was.
func (s SSOStep) save(ctx context.Context, w *walk, t ssoToken) error {
	if t.sealed {
		return s.keep(ctx, w, t)
	}
	content, err := t.renewed(t.access.Reveal(), t.refresh.Reveal(), t.expires)
	if err != nil {
		return err
	}
	return writeCache(s.TokenFile, content)
}
