package keychain

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What can go wrong with a vault besides the errors of every store.
var (
	// ErrExists: there is a vault already.
	ErrExists = errors.New("a vault exists already")
	// ErrShortPassphrase: a new passphrase has fewer than MinPassphrase characters.
	ErrShortPassphrase = fmt.Errorf("passphrase shorter than %d characters", MinPassphrase)
)

// CorruptError is a vault that is there and does not open. Nothing was changed.
// It is an [ErrCorrupt].
type CorruptError struct {
	File   string       // "vault.key", "vault.bin", "backup"
	Reason string       // "authentication failed", "missing", ...
	Backup *VaultBackup // the newest backup that opens; nil if none does
}

func (e *CorruptError) Error() string {
	s := fmt.Sprintf("%v: %s: %s", ErrCorrupt, e.File, e.Reason)
	if e.Backup != nil {
		s += fmt.Sprintf("; backup %d of %s opens (%d entries)",
			e.Backup.Number, e.Backup.Written.UTC().Format("2006-01-02 15:04 UTC"), e.Backup.Entries)
	}
	return s
}

func (e *CorruptError) Unwrap() error { return ErrCorrupt }

// NewerVaultError is a vault that a newer fob has written. It is not touched.
type NewerVaultError struct {
	Version int
	Reader  string // the release that reads it, e.g. "fob 2.0"; "" if it does not say
}

func (e *NewerVaultError) Error() string {
	reader := e.Reader
	if reader == "" {
		reader = "a newer fob"
	}
	return fmt.Sprintf("vault version %d needs %s", e.Version, reader)
}

// RollbackError says that vault.bin is older than one that was seen before: it
// was restored by hand, or somebody put an old copy in its place. The vault is
// used nevertheless; the error goes to VaultOptions.Warn.
type RollbackError struct {
	Seen, Found uint64    // generations
	Written     time.Time // when the one that was found was written
}

func (e *RollbackError) Error() string {
	return fmt.Sprintf("the vault is older than it was: generation %d of %s, seen before: %d",
		e.Found, e.Written.UTC().Format("2006-01-02 15:04 UTC"), e.Seen)
}

// vaultError gives err the form of every store's errors.
func vaultError(op string, err error) error {
	var done *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &done):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		err = ErrTimeout
	}
	return &Error{Op: op, Store: vaultName, Err: err}
}
