package awsfake

import (
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// The grants of CreateToken.
const (
	codeGrant    = "authorization_code"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	refreshGrant = "refresh_token"
)

// oidcCalls are the calls of IAM Identity Center OIDC, see its API reference.
func oidcCalls(calls map[string]restCall) {
	for path, c := range map[string]restCall{
		"POST /client/register":      {action: "RegisterClient", run: (*Server).registerClient},
		"POST /device_authorization": {action: "StartDeviceAuthorization", run: (*Server).startDeviceAuthorization},
		"POST /token":                {action: "CreateToken", run: (*Server).createToken},
	} {
		c.service, c.refuse = "sso-oauth", oidcRefusal
		calls[path] = c
	}
}

func oidcRefusal(e *apiError) any {
	code := snake(e.code)
	if e.code == "InternalServerException" {
		code = "server_error"
	}
	return map[string]string{"error": code, "error_description": e.message}
}

func oidcError(code, message string) *apiError {
	status := http.StatusBadRequest
	if code == "InvalidClientException" {
		status = http.StatusUnauthorized
	}
	return &apiError{status, code, message}
}

// newOpaque is a token of n random bytes as a URL may hold it.
func newOpaque(n int) string { return base64.RawURLEncoding.EncodeToString(randomBytes(n)) }

func (s *Server) registerClient(c *call) (any, *apiError) {
	var in struct {
		ClientName, ClientType, IssuerURL string
		Scopes, GrantTypes, RedirectURIs  []string
	}
	switch {
	case !c.readJSON(&in):
		return nil, oidcError("InvalidRequestException", "Invalid request")
	case in.ClientName == "", in.ClientType != "public":
		return nil, oidcError("InvalidClientMetadataException", "Invalid client metadata")
	case slices.ContainsFunc(in.Scopes, func(scope string) bool { return strings.Count(scope, ":") != 2 }):
		return nil, oidcError("InvalidScopeException", "Invalid scope")
	case slices.ContainsFunc(in.GrantTypes, func(g string) bool { return g != codeGrant && g != deviceGrant && g != refreshGrant }):
		return nil, oidcError("UnsupportedGrantTypeException", "Unsupported grant type")
	case slices.Contains(in.GrantTypes, codeGrant) && (len(in.RedirectURIs) == 0 || in.IssuerURL == ""):
		return nil, oidcError("InvalidClientMetadataException", "Invalid client metadata")
	case slices.ContainsFunc(in.RedirectURIs, func(u string) bool { return withoutPort(u) == "" }):
		return nil, oidcError("InvalidRedirectUriException", "Invalid redirect uri")
	}
	now := s.clock()
	client := &oidcClient{
		id: newOpaque(16), secret: newOpaque(120), expires: seconds(now.Add(s.behaviour.SSO.clientLife())),
		grants: in.GrantTypes, redirects: in.RedirectURIs, scopes: in.Scopes,
	}
	s.center.clients[client.id] = client
	return map[string]any{
		"clientId": client.id, "clientSecret": client.secret,
		"clientIdIssuedAt": now.Unix(), "clientSecretExpiresAt": client.expires.Unix(),
	}, nil
}

// withoutPort is a redirect URI on loopback as it is compared, where the port
// does not count (RFC 8252, 7.3); "" for any other.
func withoutPort(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" {
		return ""
	}
	if a, err := netip.ParseAddr(u.Hostname()); err != nil || !a.IsLoopback() {
		return ""
	}
	u.Host = u.Hostname()
	return u.String()
}

// client is who calls, by id and secret.
func (s *Server) client(id, secret string) (*oidcClient, *apiError) {
	c := s.center.clients[id]
	if c == nil || c.secret != secret || !s.clock().Before(c.expires) {
		return nil, oidcError("InvalidClientException", "Client authentication failed")
	}
	return c, nil
}

// may says whether the client registered for a grant.
func (c *oidcClient) may(grant string) bool {
	if len(c.grants) == 0 {
		return grant != codeGrant
	}
	return slices.Contains(c.grants, grant)
}

func (s *Server) startDeviceAuthorization(c *call) (any, *apiError) {
	var in struct{ ClientID, ClientSecret, StartURL string }
	if !c.readJSON(&in) || !strings.HasPrefix(in.StartURL, "https://") {
		return nil, oidcError("InvalidRequestException", "Invalid request")
	}
	client, err := s.client(in.ClientID, in.ClientSecret)
	switch {
	case err != nil:
		return nil, err
	case !client.may(deviceGrant):
		return nil, oidcError("UnauthorizedClientException", "Client is not authorized for this grant type")
	}
	r := &signInRequest{SignInRequest: SignInRequest{ID: newUserCode(), Device: true}, client: client, code: newOpaque(60)}
	s.ask(r)
	page := pageURL(c.request.Host) + devicePage
	return map[string]any{
		"deviceCode": r.code, "userCode": r.ID, "verificationUri": page, "verificationUriComplete": page + "?user_code=" + r.ID,
		"expiresIn": int(r.expires.Sub(s.clock()).Seconds()), "interval": int(r.interval.Seconds()),
	}, nil
}

// pageURL is where a browser finds the pages: plain http is for loopback only.
func pageURL(host string) string {
	if a, err := netip.ParseAddrPort(host); err == nil && a.Addr().IsLoopback() {
		return "http://" + host
	}
	return "https://" + host
}

// newUserCode is eight letters with a dash between, as AWS's are.
func newUserCode() string {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	b := randomBytes(8)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:4]) + "-" + string(b[4:])
}
