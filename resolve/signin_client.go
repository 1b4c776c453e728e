package resolve

import (
	"context"
	"strings"
	"time"

	"fob/internal/secret"
)

const (
	// accountScope lets a sign-in list and take roles. See "Access scopes" in the
	// IAM Identity Center User Guide.
	accountScope = "sso:account:access"
	// callbackURI is where the browser comes back to; the port does not count
	// (RFC 8252, 7.3).
	callbackURI = "http://127.0.0.1" + callbackPath

	codeGrant   = "authorization_code"
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	refreshType = "refresh_token"

	// clientMargin is what a registration must have left: a sign-in can be renewed
	// only as long as the client that got it is registered.
	clientMargin = 24 * time.Hour
)

// scopes that a client registers for. The older keys know none, and then a
// sign-in comes without a refresh token, as for the AWS CLI.
func (s SSOStep) scopes() []string {
	if s.Session == "" {
		return nil
	}
	list := strings.FieldsFunc(s.Scopes, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if len(list) == 0 {
		return []string{accountScope}
	}
	return list
}

// client is fob as it is registered with the OIDC service, with clientID,
// clientSecret and registrationEnds. A registration is good for any person and
// kept for months.
func (s SSOStep) client(ctx context.Context, w *walk, o oidc, device bool) (ssoToken, error) {
	part := "client " + codeGrant
	in := map[string]any{
		"clientName": "fob", "clientType": "public", "issuerUrl": s.StartURL,
		"grantTypes": []string{codeGrant, refreshType}, "redirectUris": []string{callbackURI},
	}
	if device {
		part = "client " + deviceGrant
		in = map[string]any{"clientName": "fob", "clientType": "public"}
	}
	if scopes := s.scopes(); len(scopes) > 0 {
		part += " " + strings.Join(scopes, " ")
		in["scopes"] = scopes
	}
	kept, err := s.open(ctx, w, part)
	if err != nil {
		return ssoToken{}, err
	}
	if kept.clientID != "" && kept.registrationEnds.Sub(w.now()) > clientMargin && !kept.issued.Before(w.NotBefore) {
		return kept, nil
	}
	client, err := o.registerClient(ctx, in)
	if err != nil {
		return ssoToken{}, err
	}
	values := map[string]string{"clientId": client.clientID, "clientSecret": client.clientSecret.Reveal(), "registrationExpiresAt": stamp(client.registrationEnds)}
	if err := s.seal(ctx, w, part, values, w.now(), client.registrationEnds); err != nil {
		w.warn("the registration with IAM Identity Center could not be kept: %v", err)
	}
	return client, nil
}

// registerClient is RegisterClient.
func (o oidc) registerClient(ctx context.Context, in map[string]any) (ssoToken, error) {
	const call = "RegisterClient"
	f, err := o.post(ctx, call, "client/register", in)
	if err != nil {
		return ssoToken{}, err
	}
	var c ssoToken
	var key secret.Text
	c.clientID, err = f.credential("clientId")
	if err == nil {
		key, err = f.secret("clientSecret")
	}
	var ends int64
	if err == nil {
		ends, err = f.whole("clientSecretExpiresAt", maxMilli/1000)
	}
	switch {
	case err != nil:
		return ssoToken{}, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error()}
	case c.clientID == "" || key.Empty() || ends == 0:
		return ssoToken{}, &AWSError{Call: call, Cause: BadAnswer, Text: "a client without id, secret or end"}
	}
	c.clientSecret, c.registrationEnds = key, time.Unix(ends, 0).UTC()
	return c, nil
}
