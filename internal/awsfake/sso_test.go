package awsfake_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"fob/internal/awsfake"
)

const (
	startURL = "https://acme.awsapps.com/start"
	redirect = "http://127.0.0.1:4711/oauth/callback"
	verifier = "a verifier of at least forty-three letters, as it has to be"

	codeGrant    = "authorization_code"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	refreshGrant = "refresh_token"
)

// center is a fixture with an Identity Center on a clock that can be moved.
type center struct {
	fixture
	clock *clock
	oidc  *ssooidc.Client
	sso   *sso.Client
}

func startCenter(t *testing.T) center {
	t.Helper()
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now})
	f.Assign(awsfake.Assignment{AccountID: account, AccountName: "main", Role: "Dev"})
	f.Assign(awsfake.Assignment{AccountID: account, Role: "Admin", Duration: 4 * time.Hour})
	f.Assign(awsfake.Assignment{AccountID: "210987654321", Role: "Dev"})
	conf := f.config(awsfake.Key{}, "")
	return center{f, c, ssooidc.NewFromConfig(conf), sso.NewFromConfig(conf)}
}

func (c center) behaves(change func(*awsfake.SSOBehaviour)) {
	c.Behave(func(b *awsfake.Behaviour) { change(&b.SSO) })
}

// register registers a client, for a browser or for devices.
func (c center) register(browser bool) *ssooidc.RegisterClientOutput {
	c.t.Helper()
	in := &ssooidc.RegisterClientInput{ClientName: aws.String("fob"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"}}
	if browser {
		in.GrantTypes, in.RedirectUris, in.IssuerUrl = []string{codeGrant, refreshGrant}, []string{"http://127.0.0.1/oauth/callback"}, aws.String(startURL)
	}
	out, err := c.oidc.RegisterClient(c.t.Context(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c center) device(client *ssooidc.RegisterClientOutput) *ssooidc.StartDeviceAuthorizationOutput {
	c.t.Helper()
	out, err := c.oidc.StartDeviceAuthorization(c.t.Context(), &ssooidc.StartDeviceAuthorizationInput{ClientId: client.ClientId, ClientSecret: client.ClientSecret, StartUrl: aws.String(startURL)})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c center) token(client *ssooidc.RegisterClientOutput, grant string, fill func(*ssooidc.CreateTokenInput)) (*ssooidc.CreateTokenOutput, error) {
	in := &ssooidc.CreateTokenInput{ClientId: client.ClientId, ClientSecret: client.ClientSecret, GrantType: &grant}
	fill(in)
	return c.oidc.CreateToken(c.t.Context(), in)
}

func (c center) poll(client *ssooidc.RegisterClientOutput, code *string) (*ssooidc.CreateTokenOutput, error) {
	return c.token(client, deviceGrant, func(in *ssooidc.CreateTokenInput) { in.DeviceCode = code })
}

func (c center) refresh(client *ssooidc.RegisterClientOutput, token *string) (*ssooidc.CreateTokenOutput, error) {
	return c.token(client, refreshGrant, func(in *ssooidc.CreateTokenInput) { in.RefreshToken = token })
}

// signIn is a sign-in of a device that the person approved.
func (c center) signIn() (*ssooidc.RegisterClientOutput, *ssooidc.CreateTokenOutput) {
	c.t.Helper()
	client := c.register(false)
	out, err := c.poll(client, c.device(client).DeviceCode)
	if err != nil {
		c.t.Fatal(err)
	}
	return client, out
}

func (c center) credentials(token *string, role string) (*sso.GetRoleCredentialsOutput, error) {
	return c.sso.GetRoleCredentials(c.t.Context(), &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: aws.String(account), RoleName: &role})
}

func TestPortal(t *testing.T) {
	c := startCenter(t)
	_, signedIn := c.signIn()
	out, err := c.credentials(signedIn.AccessToken, "Admin")
	if err != nil {
		t.Fatal(err)
	}
	r := out.RoleCredentials
	if end := time.UnixMilli(r.Expiration); end.Sub(c.Now()) < 4*time.Hour-2*time.Second || end.Sub(c.Now()) > 4*time.Hour {
		t.Errorf("ends at %s", end)
	}
	arn, err := whoami(t, c.config(awsfake.Key{ID: *r.AccessKeyId, Secret: *r.SecretAccessKey}, *r.SessionToken))
	if err != nil || arn != "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann" {
		t.Errorf("they are %s, %v", arn, err)
	}
	_, err = c.credentials(signedIn.AccessToken, "Root")
	refused(t, err, "ForbiddenException", "No access")
	_, err = c.credentials(aws.String("none"), "Admin")
	refused(t, err, "UnauthorizedException", "Session token not found or invalid")

	accounts, err := c.sso.ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: signedIn.AccessToken})
	if err != nil || len(accounts.AccountList) != 2 || *accounts.AccountList[0].AccountName != "main" || *accounts.AccountList[1].AccountId != "210987654321" {
		t.Errorf("accounts %+v, %v", accounts, err)
	}
	roles, err := c.sso.ListAccountRoles(t.Context(), &sso.ListAccountRolesInput{AccessToken: signedIn.AccessToken, AccountId: aws.String(account)})
	if err != nil || len(roles.RoleList) != 2 || *roles.RoleList[1].RoleName != "Admin" {
		t.Errorf("roles %+v, %v", roles, err)
	}
	if n := c.Stats().Roles[account+"/Admin"]; n != 2 {
		t.Errorf("%d calls for the role", n)
	}
}

// Tokens end by the server's clock, and with the sign-in.
func TestSignInEnds(t *testing.T) {
	c := startCenter(t)
	client, first := c.signIn()
	if first.ExpiresIn != 3600 || *first.TokenType != "Bearer" {
		t.Errorf("got %+v", first)
	}
	c.clock.advance(time.Hour)
	_, err := c.credentials(first.AccessToken, "Dev")
	refused(t, err, "UnauthorizedException", "")
	second, err := c.refresh(client, first.RefreshToken)
	if err != nil || *second.RefreshToken == *first.RefreshToken {
		t.Fatal("no other refresh token:", err)
	}
	if _, err := c.credentials(second.AccessToken, "Dev"); err != nil {
		t.Error(err)
	}
	_, err = c.refresh(client, first.RefreshToken) // good once
	refused(t, err, "InvalidGrantException", "")
	_, err = c.refresh(c.register(false), second.RefreshToken) // somebody else's
	refused(t, err, "InvalidGrantException", "")

	if _, err := c.sso.Logout(t.Context(), &sso.LogoutInput{AccessToken: second.AccessToken}); err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials(second.AccessToken, "Dev")
	refused(t, err, "UnauthorizedException", "")
	_, err = c.refresh(client, second.RefreshToken)
	refused(t, err, "InvalidGrantException", "")

	_, third := c.signIn()
	c.EndSignIns()
	_, err = c.credentials(third.AccessToken, "Dev")
	refused(t, err, "UnauthorizedException", "")

	client, fourth := c.signIn()
	c.clock.advance(9 * time.Hour) // longer than a sign-in lasts
	_, err = c.refresh(client, fourth.RefreshToken)
	refused(t, err, "InvalidGrantException", "")
	client, fifth := c.signIn()
	c.clock.advance(91 * 24 * time.Hour) // longer than the registration
	_, err = c.refresh(client, fifth.RefreshToken)
	refused(t, err, "InvalidClientException", "")
	for _, s := range []string{*fifth.AccessToken, *fifth.RefreshToken, *client.ClientSecret} {
		if all := strings.Join(c.SignInSecrets(), " "); !strings.Contains(all, s) {
			t.Errorf("%.8s… is not among the secrets", s)
		}
	}
}

func TestDevice(t *testing.T) {
	c := startCenter(t)
	c.behaves(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Waits })
	client := c.register(false)
	d := c.device(client)
	if d.Interval != 5 || d.ExpiresIn < 599 || *d.VerificationUriComplete != *d.VerificationUri+"?user_code="+*d.UserCode {
		t.Errorf("got %+v", d)
	}
	if res, err := http.Get(*d.VerificationUriComplete); err != nil || res.StatusCode != 200 {
		t.Errorf("the page: %v, %v", res, err)
	} else {
		res.Body.Close()
	}
	_, err := c.poll(client, d.DeviceCode)
	refused(t, err, "AuthorizationPendingException", "")
	_, err = c.poll(client, d.DeviceCode) // at once
	refused(t, err, "SlowDownException", "")
	c.clock.advance(6 * time.Second) // not enough any more
	_, err = c.poll(client, d.DeviceCode)
	refused(t, err, "SlowDownException", "")
	c.clock.advance(20 * time.Second)
	_, err = c.poll(client, d.DeviceCode)
	refused(t, err, "AuthorizationPendingException", "")
	_, err = c.poll(c.register(false), d.DeviceCode) // somebody else's
	refused(t, err, "InvalidGrantException", "")
	if waiting := c.Requests(); len(waiting) != 1 || waiting[0].ID != *d.UserCode || !waiting[0].Device {
		t.Errorf("waiting: %+v", waiting)
	}
	if err := c.Decide(*d.UserCode, true); err != nil {
		t.Error(err)
	}
	if err := c.Decide(*d.UserCode, true); err == nil {
		t.Error("decided twice")
	}
	c.clock.advance(20 * time.Second)
	if _, err := c.poll(client, d.DeviceCode); err != nil {
		t.Error(err)
	}
	c.clock.advance(20 * time.Second)
	_, err = c.poll(client, d.DeviceCode) // good once
	refused(t, err, "InvalidGrantException", "")

	d = c.device(client)
	if err := c.Decide("", false); err != nil {
		t.Error(err)
	}
	_, err = c.poll(client, d.DeviceCode)
	refused(t, err, "AccessDeniedException", "")
	d = c.device(client)
	c.clock.advance(11 * time.Minute)
	_, err = c.poll(client, d.DeviceCode)
	refused(t, err, "ExpiredTokenException", "")
	if err := c.Decide("", true); err == nil {
		t.Error("there was nothing left to decide")
	}
}

// authorize opens the page and returns where the browser is sent.
func (c center) authorize(change func(url.Values), client *ssooidc.RegisterClientOutput) (status int, back url.Values) {
	c.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {*client.ClientId}, "redirect_uri": {redirect}, "state": {"s-1"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "scopes": {"sso:account:access"},
	}
	change(q)
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/authorize?"+q.Encode(), nil))
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		c.t.Fatal(err)
	}
	if w.Code == http.StatusFound && !strings.HasPrefix(to.String(), redirect+"?") {
		c.t.Errorf("sent to %s", to)
	}
	return w.Code, to.Query()
}

func same(url.Values) {}

func TestBrowser(t *testing.T) {
	c := startCenter(t)
	client := c.register(true)
	redeem := func(code string, change func(*ssooidc.CreateTokenInput)) error {
		_, err := c.token(client, codeGrant, func(in *ssooidc.CreateTokenInput) {
			in.Code, in.RedirectUri, in.CodeVerifier = &code, aws.String(redirect), aws.String(verifier)
			change(in)
		})
		return err
	}
	asItIs := func(*ssooidc.CreateTokenInput) {}
	status, back := c.authorize(same, client)
	if status != http.StatusFound || back.Get("state") != "s-1" {
		t.Fatalf("got %d, %v", status, back)
	}
	code := back.Get("code")
	refused(t, redeem(code, func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = aws.String(verifier + "x") }), "InvalidGrantException", "")
	refused(t, redeem(code, func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = nil }), "InvalidGrantException", "")
	refused(t, redeem(code, func(in *ssooidc.CreateTokenInput) { in.RedirectUri = aws.String(redirect + "x") }), "InvalidGrantException", "")
	if err := redeem(code, asItIs); err != nil {
		t.Error(err)
	}
	refused(t, redeem(code, asItIs), "InvalidGrantException", "") // good once
	refused(t, redeem("", asItIs), "InvalidGrantException", "")

	for what, change := range map[string]func(url.Values){
		"invalid_request":           func(q url.Values) { q.Set("code_challenge_method", "plain") },
		"unsupported_response_type": func(q url.Values) { q.Set("response_type", "token") },
		"invalid_scope":             func(q url.Values) { q.Set("scopes", "sso:account:access more:than:that") },
	} {
		if status, back := c.authorize(change, client); status != http.StatusFound || back.Get("error") != what || back.Get("state") != "s-1" {
			t.Errorf("%s: got %d, %v", what, status, back)
		}
	}
	for _, stranger := range []string{"https://evil.example/oauth/callback", "http://127.0.0.1:4711/other", "http://evil.example/oauth/callback", ""} {
		if status, back := c.authorize(func(q url.Values) { q.Set("redirect_uri", stranger) }, client); status != http.StatusBadRequest || len(back) > 0 {
			t.Errorf("%s: got %d, %v", stranger, status, back)
		}
	}
	if _, back := c.authorize(same, c.register(false)); back.Get("code") != "" {
		t.Error("a client for devices got a code")
	}
	c.behaves(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Denies })
	if _, back := c.authorize(same, client); back.Get("error") != "access_denied" || back.Get("code") != "" {
		t.Errorf("denied: %v", back)
	}
	c.behaves(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Waits })
	sent := make(chan url.Values)
	go func() { _, back := c.authorize(same, client); sent <- back }()
	for c.Decide("s-1", true) != nil {
		select {
		case <-sent:
			t.Fatal("the page did not wait")
		case <-time.After(time.Millisecond):
		}
	}
	code = (<-sent).Get("code")
	c.clock.advance(11 * time.Minute)
	refused(t, redeem(code, asItIs), "InvalidGrantException", "")
	_, err := c.poll(client, aws.String("x"))
	refused(t, err, "UnauthorizedClientException", "")
}

func TestRegistrationIsChecked(t *testing.T) {
	c := startCenter(t)
	for code, in := range map[string]*ssooidc.RegisterClientInput{
		"InvalidClientMetadataException": {ClientName: aws.String("x"), ClientType: aws.String("secret")},
		"InvalidScopeException":          {ClientName: aws.String("x"), ClientType: aws.String("public"), Scopes: []string{"everything"}},
		"UnsupportedGrantTypeException":  {ClientName: aws.String("x"), ClientType: aws.String("public"), GrantTypes: []string{"password"}},
		"InvalidRedirectUriException":    {ClientName: aws.String("x"), ClientType: aws.String("public"), RedirectUris: []string{"https://evil.example"}},
	} {
		_, err := c.oidc.RegisterClient(t.Context(), in)
		refused(t, err, code, "")
	}
	client := c.register(false)
	client.ClientSecret = aws.String("guessed")
	_, err := c.poll(client, aws.String("x"))
	refused(t, err, "InvalidClientException", "")
	_, err = c.token(c.register(false), "password", func(*ssooidc.CreateTokenInput) {})
	refused(t, err, "UnsupportedGrantTypeException", "")
}

// Faults strike these services as they do the others.
func TestSSOFaults(t *testing.T) {
	c := startCenter(t)
	_, signedIn := c.signIn()
	for kind, code := range map[awsfake.FaultKind]string{awsfake.Throttle: "TooManyRequestsException", awsfake.Denied: "ForbiddenException", awsfake.Internal: "InternalServerException"} {
		if err := c.Fail(awsfake.Fault{Kind: kind, Action: "GetRoleCredentials"}); err != nil {
			t.Fatal(err)
		}
		_, err := c.credentials(signedIn.AccessToken, "Dev")
		refused(t, err, code, "")
	}
	if err := c.Fail(awsfake.Fault{Kind: awsfake.Timeout, Action: "GetRoleCredentials"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.sso.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: signedIn.AccessToken, AccountId: aws.String(account), RoleName: aws.String("Dev")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if s := c.Stats(); s.Faulted != 4 || s.Grants[deviceGrant] != 1 {
		t.Errorf("stats %+v", s)
	}
}

func TestControlSSO(t *testing.T) {
	c := startCenter(t)
	var none struct{}
	if status := c.control("sso?person=wait&token=90s&interval=1s&norefresh=true", &none); status != 200 {
		t.Fatal("sso:", status)
	}
	client := c.register(false)
	d := c.device(client)
	var waiting []awsfake.SignInRequest
	c.control("requests", &waiting)
	if len(waiting) != 1 || waiting[0].ID != *d.UserCode || waiting[0].Client != *client.ClientId {
		t.Errorf("waiting %+v", waiting)
	}
	c.control("decide?id="+*d.UserCode+"&approve=true", &none)
	out, err := c.poll(client, d.DeviceCode)
	if err != nil || out.ExpiresIn != 90 || out.RefreshToken != nil || d.Interval != 1 {
		t.Errorf("got %+v, %v", out, err)
	}
	c.control("endsso", &none)
	_, err = c.credentials(out.AccessToken, "Dev")
	refused(t, err, "UnauthorizedException", "")
	for _, path := range []string{"sso?person=maybe", "sso?token=soon", "sso?mood=1s", "sso?norefresh=perhaps", "decide", "decide?id=x&approve=maybe"} {
		var answer map[string]string
		if status := c.control(path, &answer); status != 400 || answer["error"] == "" {
			t.Errorf("%q: got %d, %v", path, status, answer)
		}
	}
}
