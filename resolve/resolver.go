package resolve

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"time"

	"fob/internal/secret"
)

// Resolver walks plans. Its fields come from outside; a nil field means what
// its comment says.
type Resolver struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// HTTP gives the client for a service's calls. Never nil when a plan calls AWS.
	HTTP func(Service) (*http.Client, error)
	// StoredKey reads a long-lived key from the keychain. Never nil when a plan has a KeyStep.
	StoredKey func(ctx context.Context, profile string) (accessKeyID string, key secret.Text, err error)
	// Cache keeps results between runs; nil keeps nothing.
	Cache Cache
	// Flight opens the folder of the locks and outcome records that make one
	// call of many; nil, or a nil folder, locks nothing.
	Flight func() *os.Root
	// Code gets an MFA code; nil means that none is to be had.
	Code func(context.Context, CodeRequest) (string, error)
	// NeedsPerson says whether Code would ask a person; nil means yes.
	NeedsPerson func(CodeRequest) bool
	// Environ is the environment of child programs (credential_process); nil means an empty one.
	Environ []string
	// ChildStderr gets what child programs write to stderr; nil drops it.
	ChildStderr io.Writer
	// LookupIP finds the addresses of a metadata service that is named by a host
	// name; nil means the system's resolver.
	LookupIP func(ctx context.Context, host string) ([]netip.Addr, error)
	// Warn hears what the user should know while all is well; nil drops it.
	Warn func(string)
	// Waiting hears once that another process is at it; nil drops it.
	Waiting func(pid int, doing string)
	// NotBefore makes kept results from before it count as absent (login --force).
	NotBefore time.Time
	// AnswerNotBefore does so for the plan's answer alone: the sessions on its way stay.
	AnswerNotBefore time.Time
	// IgnoreCooldown tries again although another call just failed (login on a terminal).
	IgnoreCooldown bool
}

// Cache is where results rest between runs.
type Cache interface {
	// Peek says when a kept result was made and when it ends, without unlocking anything.
	Peek(Key) (issued, expires time.Time, ok bool)
	// Load opens a kept result; ok is false when there is none that opens.
	Load(context.Context, Key) (plain []byte, ok bool, err error)
	// Ready fails when Save could not work, so that nobody is asked for a code in vain.
	Ready(context.Context) error
	// Save keeps a result until it expires.
	Save(ctx context.Context, k Key, plain []byte, issued, expires time.Time) error
}

// CodeRequest asks for an MFA code.
type CodeRequest struct {
	Profile string
	Serial  string    // ARN or hardware serial number, foreign text
	Process string    // mfa_process of the profile, "" for none
	At      Origin    // where mfa_process stands
	Attempt int       // 0 the first time, then 1, 2
	Used    []string  // codes that AWS has seen in this call, not to be sent again
	Expired time.Time // when the kept session ended, zero when there was none
}

func (r *Resolver) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Resolver) warn(format string, a ...any) {
	if r.Warn != nil {
		r.Warn(fmt.Sprintf(format, a...))
	}
}

func (r *Resolver) needsPerson(req CodeRequest) bool {
	return r.NeedsPerson == nil || r.NeedsPerson(req)
}
