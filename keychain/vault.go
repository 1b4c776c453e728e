package keychain

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"fob/internal/secret"
)

// MinPassphrase is the least length of a new passphrase in characters.
const MinPassphrase = 12

const (
	vaultName = "file vault"
	keyName   = "vault.key"
	binName   = "vault.bin"
)

// Vault is the [Store] in an encrypted file, for machines without a keychain.
//
// vault.key holds a random data key, wrapped under a passphrase; vault.bin holds
// the items, encrypted under the data key. Each write makes a new vault.bin and
// keeps the last three as vault.bin.1 to .3, so that a deleted item is really
// gone after three more writes. What does not open is reported and left as it is.
//
// The passphrase is asked for when the unlock cache has no data key, and at no
// other time. A Vault is safe for concurrent use.
type Vault struct {
	dir     *os.Root
	opts    VaultOptions
	asking  gate
	writing gate
}

var _ Store = (*Vault)(nil)

// VaultOptions are what a vault needs from outside. Every field may be nil.
type VaultOptions struct {
	// Passphrase asks for the passphrase, once per call that needs it.
	// nil: there is nobody to ask, which is ErrNoPassphrase.
	Passphrase func(ctx context.Context) (secret.Text, error)
	// Unlock keeps the data key between calls and processes. nil: this Vault only.
	Unlock UnlockCache
	// Lock keeps other processes from writing. nil: there are none.
	Lock func(ctx context.Context) (release func(), err error)
	// AskLock is held while asking, so that many processes ask once. It is
	// another lock than Lock, which is never held while asking. nil: none.
	AskLock func(ctx context.Context) (release func(), err error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Warn hears of a *RollbackError. nil: nobody does.
	Warn func(error)

	kdf   kdfParams               // zero is strongKDF
	fault func(step string) error // tests make a step of a change fail
}

// OpenVault is the vault in dir, which stays the caller's. Nothing is read until
// it is used: without a vault every call then says ErrUnavailable.
func OpenVault(dir *os.Root, opts VaultOptions) *Vault {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Unlock == nil {
		opts.Unlock = NewUnlockCache(UnlockOptions{Off: true, Now: opts.Now})
	}
	if opts.Warn == nil {
		opts.Warn = func(error) {}
	}
	if opts.kdf == (kdfParams{}) {
		opts.kdf = strongKDF()
	}
	if opts.fault == nil {
		opts.fault = func(string) error { return nil }
	}
	return &Vault{dir: dir, opts: opts, asking: newGate(), writing: newGate()}
}

// VaultExists says whether dir has a vault, be it damaged or not. What cannot be
// looked at counts as one.
func VaultExists(dir *os.Root) bool {
	_, err := dir.Lstat(keyName)
	return !errors.Is(err, fs.ErrNotExist)
}

// Name implements [Store].
func (v *Vault) Name() string { return vaultName }

// Get implements [Store].
func (v *Vault) Get(ctx context.Context, a Account) ([]byte, error) {
	st, err := v.load(ctx)
	if err != nil {
		return nil, vaultError("read", err)
	}
	value, ok := st.Items[a.ID()]
	if !ok {
		return nil, vaultError("read", ErrNotFound)
	}
	return value, nil
}

// Set implements [Store].
func (v *Vault) Set(ctx context.Context, a Account, value []byte) error {
	if len(value) > MaxItem {
		return vaultError("write", ErrTooLarge)
	}
	return vaultError("write", v.change(ctx, func(items map[string][]byte) error {
		items[a.ID()] = value
		return nil
	}))
}

// Delete implements [Store].
func (v *Vault) Delete(ctx context.Context, a Account) error {
	return vaultError("delete", v.change(ctx, func(items map[string][]byte) error {
		if _, ok := items[a.ID()]; !ok {
			return ErrNotFound
		}
		delete(items, a.ID())
		return nil
	}))
}

// List implements [Store]. It needs the vault unlocked.
func (v *Vault) List(ctx context.Context) ([]string, error) {
	st, err := v.load(ctx)
	if err != nil {
		return nil, vaultError("list", err)
	}
	return slices.Sorted(maps.Keys(st.Items)), nil
}

// Unlock asks for the passphrase unless the vault is unlocked.
func (v *Vault) Unlock(ctx context.Context) error {
	_, err := v.dataKey(ctx)
	return vaultError("unlock", err)
}

// Lock makes the next use of the vault, in any process, ask for the passphrase.
// Backups and the passphrase itself are not concerned.
func (v *Vault) Lock() {
	v.opts.Unlock.Drop(unlockVault)
	v.opts.Unlock.Drop(unlockGeneration)
}

// SealingKey is the key for the sessions beside the vault. It is derived from
// the data key, so that an unlocked vault gives it without reading either file.
// The key of a vault that was replaced meanwhile opens no session: each names
// the key that sealed it.
func (v *Vault) SealingKey(ctx context.Context) (key [32]byte, err error) {
	dk, ok := v.unlockedKey()
	if !ok {
		if dk, err = v.dataKey(ctx); err != nil {
			return key, vaultError("unlock", err)
		}
	}
	b, err := hkdf.Key(sha256.New, dk.key[:], dk.id[:], "fob session sealing key v1", len(key))
	if err != nil {
		return key, vaultError("unlock", err)
	}
	return [32]byte(b), nil
}
