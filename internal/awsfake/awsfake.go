// Package awsfake is a small AWS on loopback, for fob's tests and its demo: STS,
// the part of IAM that adding a key, rotating it and enabling MFA need, and IAM
// Identity Center: its access portal, its OIDC service and the pages that a person
// signs in on, and the endpoint that leads into the console.
//
// It is strict where AWS is. Signatures are recomputed from the stored secret,
// one-time codes come from the device's seed and count once, temporary
// credentials expire by the server's clock, and refusals carry the status, code
// and words that AWS uses. It is lenient in one place: there are no identity
// policies, so whoever is authenticated may do what is served here, within the
// trust that a [Role] states.
//
//	srv := awsfake.New(awsfake.Options{})
//	ann := srv.AddUser("123456789012", "ann")
//	mfa := ann.AddMFA("")
//	err := srv.Start()
//	defer srv.Close()
//	// ann.Key.ID, ann.Key.Secret, mfa.Serial, mfa.Code(srv.Now()), srv.URL()
//
// Tests in other languages start cmd/awsfake, and control it over HTTP. Each path
// answers JSON; parameters come in the query:
//
//	/__fake/stats     the [Stats]
//	/__fake/calls     the [Call]s
//	/__fake/reset     as [Server.Reset]
//	/__fake/expire    as [Server.ExpireAll]
//	/__fake/behave    latency, skew, ttl, keydelay (such as 250ms): as [Server.Behave]
//	/__fake/fault     kind, action, times, processed (true), every: as [Server.Fail]
//	/__fake/code      serial: the code that a device shows now
//	/__fake/sso       person, token, signin, client, request, interval, norefresh: an [SSOBehaviour]
//	/__fake/requests  the [SignInRequest]s that wait for a person
//	/__fake/decide    id ("" for all), approve (true): as [Server.Decide]
//	/__fake/endsso    as [Server.EndSignIns]
//
// Every secret in here is made up at run time and opens nothing, which is why
// they are plain strings.
package awsfake

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"fob/internal/loopback"
)

// Options are what a [Server] starts with. The zero value is a well-behaved AWS
// on the real clock.
type Options struct {
	Now       func() time.Time // the machine's clock; nil means time.Now
	Behaviour Behaviour        // to start with, and to go back to on Reset
}

// Behaviour bends the server's manners while it runs. The zero value bends nothing.
type Behaviour struct {
	Latency  time.Duration // before each answer
	Skew     time.Duration // the server's clock minus the machine's: Date header, signatures, codes, expiry
	TTL      time.Duration // lifetime of issued credentials, whatever was asked for; 0 means as asked
	KeyDelay time.Duration // how long a key made by CreateAccessKey is still unknown
	SSO      SSOBehaviour
}

// Server is the fake AWS, an [http.Handler]. Requests to /__fake/… control
// it, all others are AWS calls. Its methods are safe for
// concurrent use; what they return is a copy, or never changes.
type Server struct {
	now      func() time.Time
	initial  Behaviour
	services []service
	rest     map[string]restCall
	control  http.Handler
	quit     chan struct{}
	close    sync.Once

	mu        sync.Mutex // guards what follows
	http      *loopback.Server
	url       string
	behaviour Behaviour
	faults    []*Fault
	ids       int // how many ids were given out
	users     []*User
	keys      map[string]*accessKey
	roles     map[string]*role
	devices   map[string]*device
	sessions  map[string]*session
	webTokens map[string]string
	center    identityCenter

	consoleTokens map[string]consoleToken
	calls         []*Call
	inFlight      int
	peak          int
}

// New returns a server without users or roles, not listening yet. It can serve
// at once as the handler of another server.
func New(o Options) *Server {
	s := &Server{
		now:       o.Now,
		initial:   o.Behaviour,
		behaviour: o.Behaviour,
		services:  []service{stsService(), iamService()},
		quit:      make(chan struct{}),
		keys:      map[string]*accessKey{},
		roles:     map[string]*role{},
		devices:   map[string]*device{},
		sessions:  map[string]*session{},
		webTokens: map[string]string{},
		rest:      restCalls(),
		center:    newIdentityCenter(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.control = s.controls()
	return s
}

// Start listens on a free port of 127.0.0.1 until [Server.Close].
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http != nil {
		return errors.New("start fake AWS: already started")
	}
	l, err := loopback.Listen()
	if err != nil {
		return fmt.Errorf("start fake AWS: %w", err)
	}
	s.url = "http://" + l.Addr().String()
	s.http = loopback.Serve(l, &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second})
	return nil
}

// URL is the endpoint, without a slash at the end; empty before [Server.Start].
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// Close stops listening, drops every connection and ends calls that a fault
// holds. It may be called more than once.
func (s *Server) Close() {
	s.close.Do(func() { close(s.quit) })
	s.mu.Lock()
	h := s.http
	s.mu.Unlock()
	if h != nil {
		h.Close()
	}
}

// Transport returns a round tripper that brings every request to the server,
// whatever its URL says, and keeps the host it was meant for: so a test sees
// which real endpoint a client would have called. A nil base means
// http.DefaultTransport.
func (s *Server) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return redirect{s.URL, base}
}

type redirect struct {
	url  func() string
	base http.RoundTripper
}

func (t redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	r.URL.Scheme = "http"
	r.URL.Host = strings.TrimPrefix(t.url(), "http://")
	return t.base.RoundTrip(r)
}

// Now is the time by the server's clock, [Behaviour.Skew] included.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

// clock is Now for who holds mu.
func (s *Server) clock() time.Time { return s.now().Add(s.behaviour.Skew) }

// Behave changes the behaviour for the calls to come.
func (s *Server) Behave(change func(*Behaviour)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.behaviour)
}

// Reset forgets the calls seen and the faults to come, and goes back to the
// behaviour of [Options]. Users, roles, devices and sessions stay.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = s.initial
	s.faults = nil
	s.calls = nil
	s.peak = s.inFlight
}

// ServeHTTP implements [http.Handler]. A further protocol gets its own case
// here, and builds on begin, deliver and end as the query protocol does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, controlPath):
		s.control.ServeHTTP(w, r)
	case r.Method == http.MethodGet && (r.URL.Path == authorizePage || r.URL.Path == devicePage):
		s.servePage(w, r)
	case isFederation(r):
		s.serveFederation(w, r)
	default:
		if rest, ok := s.rest[r.Method+" "+r.URL.Path]; ok {
			s.serveREST(w, r, rest)
			return
		}
		s.serveQuery(w, r)
	}
}
