package resolve

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	smithyhttp "github.com/aws/smithy-go/transport/http"

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
	release, err := w.acquire(ctx, key, s, func() bool {
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
	o, err := s.portalOptions(w)
	if err != nil {
		return Credentials{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	call := fmt.Sprintf("GetRoleCredentials %s in %s", s.RoleName, s.AccountID)
	issued := w.now()
	out, err := sso.New(o).GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{
		AccessToken: aws.String(token.Reveal()), AccountId: aws.String(s.AccountID), RoleName: aws.String(s.RoleName),
	})
	if err != nil {
		return Credentials{}, s.portalError(call, err)
	}
	c := out.RoleCredentials
	if c == nil || aws.ToString(c.AccessKeyId) == "" || aws.ToString(c.SecretAccessKey) == "" || aws.ToString(c.SessionToken) == "" || c.Expiration == 0 {
		return Credentials{}, &AWSError{Call: call, Cause: BadAnswer, Text: "credentials without key, token or end"}
	}
	expires := time.UnixMilli(c.Expiration).UTC()
	if !expires.After(issued) {
		return Credentials{}, &AWSError{Call: call, Cause: Skew, Text: "the credentials ended at " + expires.Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	return Credentials{
		AccessKeyID: *c.AccessKeyId, Secret: secret.New(*c.SecretAccessKey), Token: secret.New(*c.SessionToken),
		Issued: issued, Expires: expires, AccountID: accountID(s.AccountID), Source: s.String(),
	}, nil
}

// portalError tells a sign-in that is over, though its file says otherwise,
// from everything else.
func (s SSOStep) portalError(call string, err error) error {
	switch httpStatus(err) {
	case http.StatusUnauthorized:
		return s.login("AWS refused the saved one (401)")
	case http.StatusForbidden:
		e := ssoError(call, err)
		var aws *AWSError
		if errors.As(e, &aws) {
			aws.Cause = Denied
		}
		return e
	}
	return ssoError(call, err)
}

func httpStatus(err error) int {
	var res *smithyhttp.ResponseError
	if errors.As(err, &res) {
		return res.HTTPStatusCode()
	}
	return 0
}

// ssoError is awsError with this service's words. A failure without an error
// code is judged by its status.
func ssoError(call string, err error) error {
	e := awsError(call, err)
	var aws *AWSError
	if !errors.As(e, &aws) {
		return e
	}
	switch status := httpStatus(err); {
	case aws.Cause == BadAnswer:
		aws.Text = "not an answer of IAM Identity Center (a proxy or a captive portal?)"
	case status >= 500:
		aws.Cause, aws.Code, aws.Text = Unreachable, "", fmt.Sprintf("status %d", status)
	case status == http.StatusTooManyRequests:
		aws.Cause = Throttled
	}
	return e
}

// refresh gets a new token for the sign-in and saves it.
func (s SSOStep) refresh(ctx context.Context, w *walk, t ssoToken) (secret.Text, error) {
	o, err := s.oidcOptions(w)
	if err != nil {
		return secret.Text{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	issued := w.now()
	out, err := ssooidc.New(o).CreateToken(ctx, &ssooidc.CreateTokenInput{
		ClientId: aws.String(t.clientID), ClientSecret: aws.String(t.clientSecret.Reveal()),
		GrantType: aws.String("refresh_token"), RefreshToken: aws.String(t.refresh.Reveal()),
	})
	const call = "CreateToken (refresh of the SSO sign-in)"
	if status := httpStatus(err); err != nil && status >= 400 && status < 500 && status != http.StatusTooManyRequests {
		return secret.Text{}, s.login(fmt.Sprintf("AWS does not refresh the saved one (%d)", status))
	}
	if err != nil {
		return secret.Text{}, ssoError(call, err)
	}
	if aws.ToString(out.AccessToken) == "" || out.ExpiresIn <= 0 {
		return secret.Text{}, &AWSError{Call: call, Cause: BadAnswer, Text: "no token, or one without an end"}
	}
	content, err := t.renewed(*out.AccessToken, aws.ToString(out.RefreshToken), issued.Add(time.Duration(out.ExpiresIn)*time.Second))
	if err == nil {
		err = saveSSOToken(s.TokenFile, content)
	}
	if err != nil {
		w.warn("the refreshed SSO sign-in could not be saved: %v", err)
	}
	return secret.New(*out.AccessToken), nil
}

func (s SSOStep) portalOptions(w *walk) (sso.Options, error) {
	client, err := w.HTTP(s.Service)
	o := sso.Options{Region: s.Service.Region, HTTPClient: client, Credentials: aws.AnonymousCredentials{}, Retryer: threeTries()}
	if s.Portal != "" {
		o.BaseEndpoint = aws.String(s.Portal)
	}
	if s.Service.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if s.Service.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	return o, err
}

func (s SSOStep) oidcOptions(w *walk) (ssooidc.Options, error) {
	client, err := w.HTTP(s.Service)
	o := ssooidc.Options{Region: s.Service.Region, HTTPClient: client, Credentials: aws.AnonymousCredentials{}, Retryer: threeTries()}
	if s.OIDC != "" {
		o.BaseEndpoint = aws.String(s.OIDC)
	}
	if s.Service.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if s.Service.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	return o, err
}

func threeTries() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = maxTries; o.MaxBackoff = 3 * time.Second })
}
