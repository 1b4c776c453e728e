package awsfake

import (
	"strings"
	"time"
)

// kind says how a principal came by its credentials; the rules of STS hang on it.
type kind int

const (
	longLived   kind = iota // an access key of a user
	userSession             // GetSessionToken
	roleSession             // AssumeRole…
	federated               // GetFederationToken
)

// principal is who signed a call.
type principal struct {
	kind               kind
	user               *User // nil for a role session
	arn, id            string
	account, partition string
	trustARN           string // what a trust policy names: the user, or the role
	mfa                bool   // a code was given for these credentials
	chained            bool   // a role that was assumed with temporary credentials
}

func (u *User) principal() principal {
	return principal{user: u, arn: u.ARN, id: u.ID, account: u.Account, partition: u.Partition, trustARN: u.ARN}
}

// Session is a set of temporary credentials that the server gave out.
type Session struct {
	Key
	Token   string
	Expires time.Time // by the server's clock
	ARN     string    // of its principal
}

type session struct {
	Session
	who principal
}

// Sessions returns all temporary credentials given out so far, in no order, so
// that a test can look for their secrets where none should be.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Session, 0, len(s.sessions))
	for _, x := range s.sessions {
		out = append(out, x.Session)
	}
	return out
}

// ExpireAll ends all temporary credentials given out so far.
func (s *Server) ExpireAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		x.Expires = s.clock()
	}
}

// issue gives temporary credentials to who for d, or for [Behaviour.TTL].
func (s *Server) issue(who principal, d time.Duration) credentialsXML {
	if s.behaviour.TTL > 0 {
		d = s.behaviour.TTL
	}
	x := &session{who: who, Session: Session{
		Key:     s.newKey("ASIA", who.account),
		Token:   newToken(),
		Expires: seconds(s.clock().Add(d)),
		ARN:     who.arn,
	}}
	s.sessions[x.ID] = x
	return credentialsXML{x.ID, x.Secret, x.Token, x.Expires}
}

// authenticate finds out who signed, or why AWS would not want to know.
func (s *Server) authenticate(c *call) (principal, *apiError) {
	sig, err := parseSignature(c.request)
	if err != nil {
		return principal{}, err
	}
	if err := sig.check(c.service.name, s.clock()); err != nil {
		return principal{}, err
	}
	secret, token, who, known := s.credential(sig.keyID)
	if !known || token != sig.token || partitionOf(sig.region) != who.partition {
		return principal{}, errInvalidToken()
	}
	if !sig.matches(secret, c.request, c.body) {
		return principal{}, refuse("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	if x := s.sessions[sig.keyID]; x != nil && !s.clock().Before(x.Expires) {
		return principal{}, refuse("ExpiredToken", "The security token included in the request is expired")
	}
	if k := s.keys[sig.keyID]; k != nil {
		k.last = &keyUse{s.clock(), c.service.name, sig.region}
	}
	return who, nil
}

// credential looks an access key id up. A key that is inactive, or too new to
// have got around, is as good as unknown.
func (s *Server) credential(id string) (secret, token string, who principal, known bool) {
	if x := s.sessions[id]; x != nil {
		return x.Secret, x.Token, x.who, true
	}
	k := s.keys[id]
	if k == nil || k.status != "Active" || s.clock().Before(k.usable) {
		return "", "", principal{}, false
	}
	return k.Secret, "", k.user.principal(), true
}

func errInvalidToken() *apiError {
	return refuse("InvalidClientTokenId", "The security token included in the request is invalid.")
}

// partitionOf returns the partition of a region. A key is known in its own
// partition only.
func partitionOf(region string) string {
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"},
		{"us-gov-", "aws-us-gov"},
		{"us-iso-", "aws-iso"},
		{"us-isob-", "aws-iso-b"},
		{"eu-isoe-", "aws-iso-e"},
		{"us-isof-", "aws-iso-f"},
		{"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

// seconds is the precision at which AWS states times.
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
