package resolve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// byBrowser is the authorization code grant with a proof key (RFC 7636): the
// person signs in on AWS's page, which sends the browser back to fob with a code
// that nobody but this process can turn into a token.
func (s SSOStep) byBrowser(ctx context.Context, w *walk, o oidc, client ssoToken, opts SignInOptions) (bearer, error) {
	state, proof := rand.Text(), newProof()
	back, err := listenCallback(state)
	if err != nil {
		return bearer{}, err
	}
	defer back.close()
	p := SignInPrompt{URL: authorizeURL(o.base, client.clientID, back.uri, state, proof, s.scopes())}
	p.Ends, _ = ctx.Deadline()
	p.Opened = opts.Open != nil && opts.Open(ctx, p.URL) == nil
	if err := opts.Show(p); err != nil {
		return bearer{}, err
	}
	code, err := back.wait(ctx)
	if err != nil {
		return bearer{}, err
	}
	return w.createToken(ctx, o, client, grant{"grantType": codeGrant, "code": code, "redirectUri": back.uri, "codeVerifier": proof})
}

// newProof is a code verifier of 256 random bits.
func newProof() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, as documented
	return base64.RawURLEncoding.EncodeToString(b)
}

// authorizeURL is the page that the person signs in on. The names are those that
// the AWS CLI sends, "scopes" among them.
func authorizeURL(base *url.URL, clientID, redirect, state, proof string, scopes []string) string {
	sum := sha256.Sum256([]byte(proof))
	u := base.JoinPath("authorize")
	u.RawQuery = strings.ReplaceAll(url.Values{
		"response_type":         {"code"},
		"client_id":             {clientID},
		"redirect_uri":          {redirect},
		"state":                 {state},
		"code_challenge_method": {"S256"},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(sum[:])},
		"scopes":                {strings.Join(scopes, " ")},
	}.Encode(), "+", "%20")
	return u.String()
}

// createToken is CreateToken of a person's sign-in. The token's life counts from
// before the call, so that fob never thinks it longer than AWS does.
func (w *walk) createToken(ctx context.Context, o oidc, client ssoToken, g grant) (bearer, error) {
	issued := w.now()
	b, err := o.createToken(ctx, "CreateToken", client.clientID, client.clientSecret, g)
	b.issued = issued
	return b, err
}
