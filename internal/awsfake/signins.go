package awsfake

import (
	"cmp"
	"fmt"
	"time"
)

// SSOBehaviour bends IAM Identity Center. The zero value is a person who
// approves at once, and AWS's usual lives.
type SSOBehaviour struct {
	Person    Person
	Token     time.Duration // life of an access token; 0 means one hour
	SignIn    time.Duration // how long a sign-in can be refreshed; 0 means eight hours
	Client    time.Duration // life of a client's registration; 0 means 90 days
	Request   time.Duration // how long a person has to approve; 0 means ten minutes
	Interval  time.Duration // between two polls of a device; 0 means five seconds
	NoRefresh bool          // sign-ins come without a refresh token
}

// Person is what the person before the pages of IAM Identity Center does.
type Person string

// What a person does.
const (
	Approves Person = ""     // says yes as soon as there is something to approve
	Denies   Person = "deny" // says no as soon as there is
	Waits    Person = "wait" // does nothing until [Server.Decide]
)

func (b SSOBehaviour) tokenLife() time.Duration   { return cmp.Or(b.Token, time.Hour) }
func (b SSOBehaviour) signInLife() time.Duration  { return cmp.Or(b.SignIn, 8*time.Hour) }
func (b SSOBehaviour) clientLife() time.Duration  { return cmp.Or(b.Client, 90*24*time.Hour) }
func (b SSOBehaviour) requestLife() time.Duration { return cmp.Or(b.Request, 10*time.Minute) }
func (b SSOBehaviour) interval() time.Duration    { return cmp.Or(b.Interval, 5*time.Second) }

// identityCenter is what the server knows of sign-ins, guarded by Server.mu.
type identityCenter struct {
	assignments []Assignment
	clients     map[string]*oidcClient
	requests    []*signInRequest
	access      map[string]*accessToken
	refresh     map[string]*refreshToken
}

func newIdentityCenter() identityCenter {
	return identityCenter{clients: map[string]*oidcClient{}, access: map[string]*accessToken{}, refresh: map[string]*refreshToken{}}
}

// oidcClient is a program that registered.
type oidcClient struct {
	id, secret string
	expires    time.Time
	grants     []string // none means device and refresh
	redirects  []string
	scopes     []string
}

// signIn is one person's presence, until it is over.
type signIn struct {
	client *oidcClient
	ends   time.Time // for refreshing
	over   bool
}

type accessToken struct {
	signIn  *signIn
	expires time.Time
}

type refreshToken struct {
	signIn *signIn
	used   bool
}

// SignInRequest is a request that waits for a person, or did.
type SignInRequest struct {
	ID     string `json:"id"`     // the user code of a device, the state of a browser
	Device bool   `json:"device"` // else a browser
	Client string `json:"client"` // the client's id
}

type verdict int

const (
	undecided verdict = iota
	approved
	denied
)

type signInRequest struct {
	SignInRequest
	client   *oidcClient
	code     string // the device's, or the browser's
	expires  time.Time
	verdict  verdict
	decided  chan struct{} // closed with the verdict
	spent    bool
	polled   time.Time // the device's last poll
	interval time.Duration

	redirect, challenge string // of a browser
}

// ask notes a request, and lets the person decide if there is nothing to wait for.
func (s *Server) ask(r *signInRequest) {
	b := s.behaviour.SSO
	r.Client, r.decided = r.client.id, make(chan struct{})
	r.expires, r.interval = s.clock().Add(b.requestLife()), b.interval()
	s.center.requests = append(s.center.requests, r)
	if b.Person != Waits {
		r.decide(b.Person == Approves)
	}
}

func (r *signInRequest) decide(yes bool) {
	if r.verdict != undecided {
		return
	}
	r.verdict = denied
	if yes {
		r.verdict = approved
	}
	close(r.decided)
}

// Requests are the sign-ins that wait for a person, the oldest first.
func (s *Server) Requests() []SignInRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []SignInRequest{}
	for _, r := range s.center.requests {
		if r.verdict == undecided && s.clock().Before(r.expires) {
			list = append(list, r.SignInRequest)
		}
	}
	return list
}

// Decide is the person's yes or no to the request with an id, "" for all that
// wait. It fails when there is none.
func (s *Server) Decide(id string, yes bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for _, r := range s.center.requests {
		if (id == "" || r.ID == id) && r.verdict == undecided && s.clock().Before(r.expires) {
			r.decide(yes)
			found = true
		}
	}
	if !found {
		return fmt.Errorf("no sign-in %q waits for a person", id)
	}
	return nil
}

// EndSignIns ends every sign-in, as an administrator can: access and refresh
// tokens are worth nothing then, whatever they say of their end.
func (s *Server) EndSignIns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.center.refresh {
		t.signIn.over = true
	}
	for _, t := range s.center.access {
		t.signIn.over = true
	}
}

// SignInSecrets are all tokens, codes and client secrets given out so far, in no
// order, so that a test can look for them where none should be.
func (s *Server) SignInSecrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for t := range s.center.access {
		all = append(all, t)
	}
	for t := range s.center.refresh {
		all = append(all, t)
	}
	for _, c := range s.center.clients {
		all = append(all, c.secret)
	}
	for _, r := range s.center.requests {
		all = append(all, r.code)
	}
	return all
}
