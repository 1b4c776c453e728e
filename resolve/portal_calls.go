package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"fob/internal/secret"
)

// portal is the service that gives a role's credentials for a sign-in.
type portal struct{ ssoClient }

// oidc is the service that gives and renews sign-ins.
type oidc struct{ ssoClient }

// portal is the access portal of a region; override is "" for AWS's own.
func (r *Resolver) portal(s Service, override string) (portal, error) {
	c, err := r.ssoClient(s, "portal.sso", override)
	return portal{c}, err
}

// oidc is the OIDC service of a region; override is "" for AWS's own.
func (r *Resolver) oidc(s Service, override string) (oidc, error) {
	c, err := r.ssoClient(s, "oidc", override)
	return oidc{c}, err
}

func (r *Resolver) ssoClient(s Service, name, override string) (ssoClient, error) {
	base, err := awsEndpoint(name, s, override)
	if err != nil {
		return ssoClient{}, err
	}
	client, err := r.HTTP(s)
	if err != nil {
		return ssoClient{}, err
	}
	r.nameForeign(base, s)
	return ssoClient{http: client, base: base}, nil
}

// getRoleCredentials is the name of the call in errors.
func getRoleCredentials(account, role string) string {
	return fmt.Sprintf("GetRoleCredentials %s in %s", role, account)
}

// roleCredentials is GetRoleCredentials: key, secret, token and end, all there.
// The end may lie in the past.
func (p portal) roleCredentials(ctx context.Context, token secret.Text, account, role string) (Credentials, error) {
	call := getRoleCredentials(account, role)
	f, err := p.do(ctx, ssoRequest{
		call: call, method: http.MethodGet, path: "federation/credentials",
		query: url.Values{"account_id": {account}, "role_name": {role}}, token: token,
	})
	if err != nil {
		return Credentials{}, err
	}
	c, err := readRoleCredentials(f)
	if err != nil {
		return Credentials{}, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error()}
	}
	return c, nil
}

// logout is Logout: AWS ends the sign-in.
func (p portal) logout(ctx context.Context, token secret.Text) error {
	_, err := p.do(ctx, ssoRequest{call: "Logout", method: http.MethodPost, path: "logout", token: token, mute: true})
	return err
}

func readRoleCredentials(answer fields) (c Credentials, err error) {
	raw, ok := answer["roleCredentials"]
	if !ok {
		raw = []byte("{}")
	}
	f, err := readFields(raw)
	if err != nil {
		return Credentials{}, fmt.Errorf("roleCredentials: %w", err)
	}
	if c.AccessKeyID, err = f.credential("accessKeyId"); err != nil {
		return Credentials{}, err
	}
	if c.Secret, err = f.secret("secretAccessKey"); err != nil {
		return Credentials{}, err
	}
	if c.Token, err = f.secret("sessionToken"); err != nil {
		return Credentials{}, err
	}
	end, err := f.whole("expiration", maxMilli)
	if err != nil {
		return Credentials{}, err
	}
	if c.AccessKeyID == "" || c.Secret.Empty() || c.Token.Empty() || end == 0 {
		return Credentials{}, errors.New("credentials without key, token or end")
	}
	c.Expires = time.UnixMilli(end).UTC()
	return c, nil
}

// grant is what entitles to a token: the fields of CreateToken beside the
// client's, among them grantType.
type grant map[string]string

// refreshGrant spends the refresh token of an earlier sign-in.
func refreshGrant(refresh secret.Text) grant {
	return grant{"grantType": "refresh_token", "refreshToken": refresh.Reveal()}
}

// bearer is what CreateToken gives. Token and life are always there, a refresh
// token may be.
type bearer struct {
	access, refresh secret.Text
	life            time.Duration
	issued          time.Time // from when on life counts, where the caller has set it
}

// createToken is CreateToken for a registered client. call is its name in errors.
func (o oidc) createToken(ctx context.Context, call, clientID string, clientSecret secret.Text, g grant) (bearer, error) {
	in := map[string]any{"clientId": clientID, "clientSecret": clientSecret.Reveal()}
	for k, v := range g {
		in[k] = v
	}
	f, err := o.post(ctx, call, "token", in)
	if err != nil {
		return bearer{}, err
	}
	b, err := readBearer(f)
	if err != nil {
		return bearer{}, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error()}
	}
	return b, nil
}

func readBearer(f fields) (b bearer, err error) {
	if b.access, err = f.secret("accessToken"); err != nil {
		return bearer{}, err
	}
	if b.refresh, err = f.secret("refreshToken"); err != nil {
		return bearer{}, err
	}
	seconds, err := f.whole("expiresIn", math.MaxInt32)
	if err != nil {
		return bearer{}, err
	}
	if b.access.Empty() || seconds == 0 {
		return bearer{}, errors.New("no token, or one without an end")
	}
	b.life = time.Duration(seconds) * time.Second
	return b, nil
}

// post sends an object to OIDC. It carries secrets: in is for this call alone.
func (o oidc) post(ctx context.Context, call, path string, in map[string]any) (fields, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	return o.do(ctx, ssoRequest{call: call, method: http.MethodPost, path: path, body: body})
}

// secret is a credential field that cannot print itself.
func (f fields) secret(name string) (secret.Text, error) {
	s, err := f.credential(name)
	return secret.New(s), err
}

// maxMilli is the end of the year 9999, the last that RFC 3339 can write.
const maxMilli = 253402300799999

// whole is a field that has to be a whole number from 0 to limit; 0 when it is
// absent or null.
func (f fields) whole(name string, limit int64) (int64, error) {
	raw, ok := f[name]
	if !ok || string(raw) == "null" {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < 0 || n > limit {
		return 0, fmt.Errorf("%s is not a whole number, or out of range", name)
	}
	return n, nil
}
