// Package credserver serves credentials to one command on this machine, in the
// form that AWS SDKs ask of a container (ECS, EKS), and renews them while the
// command runs.
//
//	k := credserver.NewKeeper(first, fetch, nil)
//	defer k.Close()
//	s, err := credserver.Start(k.Get, nil)
//	defer s.Close()
//	// AWS_CONTAINER_CREDENTIALS_FULL_URI=s.URL()
//	// AWS_CONTAINER_AUTHORIZATION_TOKEN=s.Token()
//
// The endpoint listens on 127.0.0.1 alone, on a port that the system picks, and
// answers who has its token: every user of the machine can connect, and so can
// pages in a browser. It is never the metadata address, which any program asks
// without being told to. It writes no log.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
package credserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"fob/internal/loopback"
	"fob/internal/secret"
)

const (
	// path is the one resource.
	path = "/credentials"
	// tokenBytes make a token that nobody guesses.
	tokenBytes = 32
	// maxHeader is far more than an SDK sends, and less than a browser may.
	maxHeader = 16 << 10
)

// Server is the endpoint.
type Server struct {
	address string
	token   secret.Text
	server  *loopback.Server
}

// Start opens the endpoint. get is called for each request that may have an
// answer, from several goroutines; it returns when its context ends, which comes
// sooner than SDKs give up. now is the clock; nil means time.Now.
func Start(get func(context.Context) (Credentials, error), now func() time.Time) (*Server, error) {
	raw := make([]byte, tokenBytes)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make a token: %w", err)
	}
	l, err := loopback.Listen()
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	if now == nil {
		now = time.Now
	}
	s := &Server{address: l.Addr().String(), token: secret.New(hex.EncodeToString(raw))}
	// A connection serves one request: an SDK that comes back after an hour must
	// not find one that was closed meanwhile.
	brief := loopback.Brief(&handler{host: s.address, token: s.token, get: get, now: now})
	brief.MaxHeaderBytes, brief.ConnState = maxHeader, newCrowd(maxCrowd).changed
	s.server = loopback.Serve(l, brief)
	return s, nil
}

// URL is where the endpoint is.
func (s *Server) URL() string { return "http://" + s.address + path }

// Token is what a request has to bring as its Authorization header.
func (s *Server) Token() secret.Text { return s.token }

// Close ends the endpoint with every connection. It may be called more than once.
func (s *Server) Close() { s.server.Close() }
