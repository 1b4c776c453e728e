package resolve

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"

	"fob/internal/secret"
)

// SSOStep takes a role from IAM Identity Center with the sign-in that lies in
// ~/.aws/sso/cache: GetRoleCredentials.
type SSOStep struct {
	Profile   string
	At        Origin
	Session   string // name of the [sso-session], "" for the older keys
	StartURL  string
	AccountID string
	RoleName  string
	TokenFile string
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
	token, err := s.token(ctx, w)
	if err != nil {
		return Credentials{}, err
	}
	return s.roleCredentials(ctx, w, token)
}

// token is the access token of the saved sign-in, refreshed when it is over.
func (s SSOStep) token(ctx context.Context, w *walk) (secret.Text, error) {
	t, err := s.saved(w)
	if err != nil || t.alive(w.now()) {
		return t.access, err
	}
	// All profiles of one sign-in share its lock: a refresh token is good once.
	key := Key(sha256.Sum256([]byte("sso sign-in\x00" + s.TokenFile)))
	release, _, err := w.acquire(ctx, key, s, func() bool {
		t, err := loadSSOToken(s.TokenFile)
		return err == nil && t.alive(w.now())
	})
	if err != nil {
		return secret.Text{}, err
	}
	defer release()
	if t, err = s.saved(w); err != nil || t.alive(w.now()) {
		return t.access, err
	}
	return s.refresh(ctx, w, t)
}

// saved reads the sign-in. One that is dead and cannot be refreshed is as good
// as none, and one that cannot be read is told and then none.
func (s SSOStep) saved(w *walk) (ssoToken, error) {
	t, err := loadSSOToken(s.TokenFile)
	switch {
	case isMissing(err):
		return ssoToken{}, s.login("there is no saved sign-in")
	case err != nil:
		w.warn("the saved sign-in %s is not used: %v", s.TokenFile, err)
		return ssoToken{}, s.login("the saved one cannot be read")
	case !t.alive(w.now()) && !t.refreshable(w.now()):
		return ssoToken{}, s.login("the saved sign-in expired at " + t.expires.Format("2006-01-02 15:04 MST"))
	}
	return t, nil
}

func (s SSOStep) login(reason string) error {
	return &PersonError{Need: "a login to " + s.signIn(), Reason: reason}
}

func (s SSOStep) roleCredentials(ctx context.Context, w *walk, token secret.Text) (Credentials, error) {
	p, err := w.portal(s.Service, s.Portal)
	if err != nil {
		return Credentials{}, err
	}
	issued := w.now()
	c, err := p.roleCredentials(ctx, token, s.AccountID, s.RoleName)
	switch {
	case statusOf(err) == http.StatusUnauthorized: // it is over, though its file says otherwise
		return Credentials{}, s.login("AWS refused the saved one (401)")
	case err != nil:
		return Credentials{}, err
	case !c.Expires.After(issued):
		return Credentials{}, &AWSError{Call: getRoleCredentials(s.AccountID, s.RoleName), Cause: Skew, Text: "the credentials ended at " + c.Expires.Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	c.Issued, c.AccountID, c.Source = issued, accountID(s.AccountID), s.String()
	return c, nil
}

// refresh gets a new token for the sign-in and saves it.
func (s SSOStep) refresh(ctx context.Context, w *walk, t ssoToken) (secret.Text, error) {
	o, err := w.oidc(s.Service, s.OIDC)
	if err != nil {
		return secret.Text{}, err
	}
	issued := w.now()
	fresh, err := o.createToken(ctx, "CreateToken (refresh of the SSO sign-in)", t.clientID, t.clientSecret, refreshGrant(t.refresh))
	if status := statusOf(err); status/100 == 4 && causeIn(err) != Throttled {
		return secret.Text{}, s.login(fmt.Sprintf("AWS does not refresh the saved one (%d)", status))
	}
	if err != nil {
		return secret.Text{}, err
	}
	content, err := t.renewed(fresh.access.Reveal(), fresh.refresh.Reveal(), issued.Add(fresh.life))
	if err == nil {
		err = saveSSOToken(s.TokenFile, content)
	}
	if err != nil {
		w.warn("the refreshed SSO sign-in could not be saved: %v", err)
	}
	return fresh.access, nil
}
