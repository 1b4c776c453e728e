package awsfake

import (
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// tokenRequest is what CreateToken takes.
type tokenRequest struct {
	ClientID, ClientSecret, GrantType string
	Code, RedirectURI, CodeVerifier   string // authorization_code
	DeviceCode                        string
	RefreshToken                      string
}

func (s *Server) createToken(c *call) (any, *apiError) {
	var in tokenRequest
	if !c.readJSON(&in) || in.ClientID == "" || in.ClientSecret == "" {
		return nil, oidcError("InvalidRequestException", "Invalid request")
	}
	c.log.Grant = in.GrantType
	client, err := s.client(in.ClientID, in.ClientSecret)
	if err != nil {
		return nil, err
	}
	grants := map[string]func(*Server, *oidcClient, tokenRequest) (*signIn, *apiError){
		codeGrant: (*Server).redeemCode, deviceGrant: (*Server).redeemDevice, refreshGrant: (*Server).redeemRefresh,
	}
	redeem := grants[in.GrantType]
	switch {
	case redeem == nil:
		return nil, oidcError("UnsupportedGrantTypeException", "Unsupported grant type")
	case !client.may(in.GrantType):
		return nil, oidcError("UnauthorizedClientException", "Client is not authorized for this grant type")
	}
	who, err := redeem(s, client, in)
	if err != nil {
		return nil, err
	}
	return s.issueTokens(who), nil
}

// issueTokens gives out what a sign-in is proved by.
func (s *Server) issueTokens(who *signIn) any {
	b := s.behaviour.SSO
	life := b.tokenLife()
	access := "aoaAAAAA" + newOpaque(180)
	s.center.access[access] = &accessToken{who, s.clock().Add(life)}
	out := map[string]any{"accessToken": access, "tokenType": "Bearer", "expiresIn": int(life / time.Second)}
	if !b.NoRefresh && len(who.client.scopes) > 0 {
		refresh := "aorAAAAA" + newOpaque(180)
		s.center.refresh[refresh] = &refreshToken{signIn: who}
		out["refreshToken"] = refresh
	}
	return out
}

func (s *Server) newSignIn(client *oidcClient) *signIn {
	return &signIn{client: client, ends: s.clock().Add(s.behaviour.SSO.signInLife())}
}

// redeemCode checks the proof key for real: RFC 7636, 4.6.
func (s *Server) redeemCode(client *oidcClient, in tokenRequest) (*signIn, *apiError) {
	r := s.findRequest(false, in.Code)
	sum := sha256.Sum256([]byte(in.CodeVerifier))
	switch {
	case r == nil, r.client != client, r.redirect != in.RedirectURI, len(in.CodeVerifier) < 43,
		r.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		return nil, oidcError("InvalidGrantException", "Invalid grant provided")
	case r.spent || !s.clock().Before(r.expires):
		return nil, oidcError("InvalidGrantException", "Invalid grant provided")
	}
	r.spent = true
	return s.newSignIn(client), nil
}

// redeemDevice answers a poll: RFC 8628, 3.5.
func (s *Server) redeemDevice(client *oidcClient, in tokenRequest) (*signIn, *apiError) {
	r := s.findRequest(true, in.DeviceCode)
	now := s.clock()
	switch {
	case r == nil, r.client != client, r.spent:
		return nil, oidcError("InvalidGrantException", "Invalid grant provided")
	case !now.Before(r.expires):
		return nil, oidcError("ExpiredTokenException", "Device code expired")
	case !r.polled.IsZero() && now.Sub(r.polled) < r.interval:
		r.polled, r.interval = now, r.interval+5*time.Second
		return nil, oidcError("SlowDownException", "Slow down")
	}
	r.polled = now
	switch r.verdict {
	case undecided:
		return nil, oidcError("AuthorizationPendingException", "Authorization pending")
	case denied:
		return nil, oidcError("AccessDeniedException", "Access denied")
	}
	r.spent = true
	return s.newSignIn(client), nil
}

// redeemRefresh takes a refresh token, once.
func (s *Server) redeemRefresh(client *oidcClient, in tokenRequest) (*signIn, *apiError) {
	t := s.center.refresh[in.RefreshToken]
	if t == nil || t.used || t.signIn.client != client || t.signIn.over || !s.clock().Before(t.signIn.ends) {
		return nil, oidcError("InvalidGrantException", "Invalid refresh token provided")
	}
	t.used = true
	return t.signIn, nil
}

// findRequest finds what a code was given out for, nil when there is none or no
// person has approved it. A device may ask before.
func (s *Server) findRequest(device bool, code string) *signInRequest {
	for _, r := range s.center.requests {
		if code != "" && r.code == code && r.Device == device && (device || r.verdict == approved) {
			return r
		}
	}
	return nil
}
