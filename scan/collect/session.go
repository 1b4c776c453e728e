package collect

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fob/resolve"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// ErrNeedsPerson is an account whose credentials only a person can renew, and none was
// there. Its snapshot is written and can be resumed.
var ErrNeedsPerson = errors.New("renewing the credentials needs a person")

// CredentialsError is an account of which no more is read, because there are no good
// credentials for it any more. It is [ErrNeedsPerson] where that is why.
type CredentialsError struct{ Err error }

// Error implements error.
func (e *CredentialsError) Error() string { return "credentials for the scan: " + e.Err.Error() }

// Unwrap gives what the account's Credentials or Renew said.
func (e *CredentialsError) Unwrap() error { return e.Err }

// Is says whether the error is [ErrNeedsPerson].
func (e *CredentialsError) Is(target error) bool {
	var person *resolve.PersonError
	return target == ErrNeedsPerson && errors.As(e.Err, &person)
}

// errStillExpired is a renewal that brought nothing new.
var errStillExpired = errors.New("AWS calls them expired, and there are no others")

// session has the credentials that an account's calls are signed with. They are asked for
// once for all calls, when the last ones come to their end or AWS calls them expired. Calls
// that need them wait meanwhile.
type session struct {
	account *Account
	now     func() time.Time
	end     func(error) // stops the account

	renewing chan struct{} // holds one value: whoever took it asks for credentials

	mu    sync.Mutex
	held  aws.Credentials
	until time.Time // zero for credentials that say no end
}

func newSession(a *Account, now func() time.Time, end func(error)) *session {
	s := &session{account: a, now: now, end: end, renewing: make(chan struct{}, 1)}
	s.renewing <- struct{}{}
	return s
}

// Retrieve implements aws.CredentialsProvider, and notes with the call what it got.
func (s *session) Retrieve(ctx context.Context) (aws.Credentials, error) {
	got, err := s.get(ctx)
	if c, ok := ctx.Value(callKey{}).(*callState); ok {
		c.signedWith = got
	}
	return got, err
}

// get waits until there are good credentials.
func (s *session) get(ctx context.Context) (aws.Credentials, error) {
	return s.other(ctx, aws.Credentials{}, false)
}

// renew gets others than those that AWS called expired, unless somebody did already.
func (s *session) renew(ctx context.Context, expired aws.Credentials) error {
	_, err := s.other(ctx, expired, true)
	return err
}

func (s *session) other(ctx context.Context, than aws.Credentials, expired bool) (aws.Credentials, error) {
	if held, ok := s.good(than); ok {
		return held, nil
	}
	select {
	case <-s.renewing:
		defer func() { s.renewing <- struct{}{} }()
	case <-ctx.Done():
		return aws.Credentials{}, context.Cause(ctx)
	}
	if held, ok := s.good(than); ok {
		return held, nil
	}
	got, err := s.ask(ctx, than, expired)
	if err != nil {
		if ctx.Err() == nil {
			s.end(&CredentialsError{err})
		}
		return aws.Credentials{}, err
	}
	return got, nil
}

// good returns the credentials at hand if they are others and last.
func (s *session) good(than aws.Credentials) (aws.Credentials, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lasts := s.until.IsZero() || s.now().Before(s.until)
	return s.held, s.held.HasKeys() && lasts && !same(s.held, than)
}

func (s *session) ask(ctx context.Context, than aws.Credentials, expired bool) (aws.Credentials, error) {
	if expired {
		if err := s.invalidate(ctx, than); err != nil {
			return aws.Credentials{}, fmt.Errorf("renew: %w", err)
		}
	}
	got, err := s.account.Credentials.Retrieve(ctx)
	switch {
	case err != nil:
		return aws.Credentials{}, err
	case expired && same(got, than):
		return aws.Credentials{}, errStillExpired
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.until = got, time.Time{}
	if got.CanExpire {
		left := got.Expires.Sub(s.now())
		s.until = got.Expires.Add(-min(left/10, time.Minute))
	}
	return got, nil
}

func (s *session) invalidate(ctx context.Context, expired aws.Credentials) error {
	if s.account.Renew != nil {
		return s.account.Renew(ctx, expired)
	}
	if cache, ok := s.account.Credentials.(interface{ Invalidate() }); ok {
		cache.Invalidate()
	}
	return nil
}

func same(a, b aws.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SessionToken == b.SessionToken
}

// isExpired says that an answer calls a session expired.
func isExpired(code string) bool {
	switch code {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired":
		return true
	}
	return false
}
