package keychain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How long an OS keychain may take.
const (
	probeTimeout  = 2 * time.Second         // to find out whether it is there
	callTimeout   = 4500 * time.Millisecond // for a call of Store without a dialog; fob itself promises 5 s
	promptTimeout = 50 * time.Second        // while a dialog may be open, unless set
)

// OSKeychain is the keychain of the operating system.
type OSKeychain interface {
	Store
	// Probe says whether the keychain can be used, in at most 2 s: nil also when
	// it is locked, ErrUnavailable, ErrDenied or ErrTimeout if it cannot.
	Probe(ctx context.Context) error
}

// OSOptions is what [OpenOS] has to be told.
type OSOptions struct {
	// Getenv reads the environment, for the address of the session bus (Linux).
	// nil is an empty environment.
	Getenv func(string) string
	// UID is the user that is running us (Linux). Zero is root.
	UID int
	// Interactive says whether a dialog may be shown; nil never allows one.
	Interactive func() bool
	// PromptTimeout is how long a dialog may stay open; zero means 50 s.
	PromptTimeout time.Duration
	// Self runs fob again (macOS, Windows); see [Native]. nil makes every call
	// ErrUnavailable.
	Self Runner
}

// OpenOS returns the keychain of this operating system: the Secret Service on
// Linux, else the macOS Keychain or the Windows Credential Manager by way of a
// child process. It touches neither; [OSKeychain.Probe] does. The error is an
// *[Error] with ErrUnavailable if there cannot be one.
func OpenOS(opts OSOptions) (OSKeychain, error) { return openOS(opts) }

// isID says whether s has the form of an [Account.ID].
func isID(s string) bool {
	hash, ours := strings.CutPrefix(s, "v1-")
	return ours && len(hash) == 52 && strings.Trim(hash, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// ended is the error of a call whose context ended; silence says what it was
// waiting for.
func ended(ctx context.Context, silence string) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%w: %w", ErrCancelled, context.Canceled)
	}
	return fmt.Errorf("%w: %s", ErrTimeout, silence)
}
