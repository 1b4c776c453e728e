// Package keychain is where secrets rest: long-lived keys and the key that
// session files are sealed with lie in a [Store] (the Secret Service, the macOS
// Keychain, the Windows Credential Manager or fob's encrypted file), sessions
// in sealed files beside it. One file per backend.
//
// The package prints nothing, asks nothing and reads no environment: what it
// needs from outside (clock, passphrase, bus address) is handed to it.
package keychain

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// Store keeps small named secrets (at most [MaxItem] bytes). Every call ends
// with its context, or earlier at the backend's own deadline. Errors are
// *[Error], which wraps one of the sentinels below.
type Store interface {
	// Name is the store as a person knows it, e.g. "Secret Service".
	Name() string
	// Get returns the item's value, or ErrNotFound.
	Get(ctx context.Context, a Account) ([]byte, error)
	// Set creates or replaces the item, wholly or not at all.
	Set(ctx context.Context, a Account, value []byte) error
	// Delete removes the item, or says ErrNotFound.
	Delete(ctx context.Context, a Account) error
	// List returns the [Account.ID] of every item of fob's, sorted.
	List(ctx context.Context) ([]string, error)
}

// MaxItem is the size limit of an item's value in bytes (Windows caps an item
// at 2,560 bytes, macOS at about 2,990; see zalando/go-keyring).
const MaxItem = 2048

// What can go wrong with a store. Callers branch on these with errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrLocked      = errors.New("the keychain is locked")
	ErrDenied      = errors.New("the keychain denied access")
	ErrUnavailable = errors.New("no keychain here")
	ErrTimeout     = errors.New("the keychain did not answer in time")
	ErrCancelled   = errors.New("the unlock dialog was dismissed")
	ErrCorrupt     = errors.New("the stored data is damaged")
	ErrTooLarge    = fmt.Errorf("larger than %d bytes", MaxItem)
	// ErrNoPassphrase: a vault needs its passphrase, and there is nobody to ask.
	ErrNoPassphrase = errors.New("no passphrase")
	// ErrWrongPassphrase: a passphrase was given and opens no key slot.
	ErrWrongPassphrase = errors.New("wrong passphrase")
)

// Error is a failure of a store. It states the fact; advice is the caller's.
type Error struct {
	Op    string // "read", "write", "delete", "list", "unlock"
	Store string // Store.Name
	Err   error  // one of the sentinels, possibly wrapped with detail
}

func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Store, e.Err) }

// Unwrap gives the cause to errors.Is.
func (e *Error) Unwrap() error { return e.Err }

// Kind says what an item is.
type Kind string

// The kinds of items.
const (
	KindKey  Kind = "key"  // a long-lived access key, Name is the profile
	KindSeal Kind = "seal" // the 32-byte sealing key, Name is ""
	KindTOTP Kind = "totp" // the seed of a virtual MFA device, Name is the profile
)

// Account names an item.
type Account struct {
	Kind Kind
	Name string
}

// ID is the name that a backend sees: "v1-" and the base32 of a hash, so that no
// profile name, whatever bytes it holds, reaches a keychain program
// (zalando/go-keyring#86) or is ambiguous in a Windows target name.
func (a Account) ID() string {
	h := sha256.Sum256([]byte(string(a.Kind) + "\x00" + a.Name))
	return "v1-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h[:]))
}
