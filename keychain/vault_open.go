package keychain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"fob/internal/atomicfile"
)

// The names of a vault's entries in the unlock cache: vault id and data key,
// vault id and the newest generation that was seen.
const (
	unlockVault      = "vault"
	unlockGeneration = "vault generation"
)

// errReplaced is a vault.key of another vault than a moment ago.
var errReplaced = errors.New("the vault was replaced meanwhile")

// vaultState is a vault as it was read, all of it checked.
type vaultState struct {
	vaultItems
	generation uint64
	seen       uint64 // newest generation known before reading
	keyFile    []byte // vault.key as it is
	binFile    []byte // vault.bin as it is
}

// load reads the vault without the lock; only what looks damaged is looked at
// again under it, since a restore replaces two files.
func (v *Vault) load(ctx context.Context) (vaultState, error) {
	const tries = 3
	for i := 1; ; i++ {
		dk, err := v.dataKey(ctx)
		if err != nil {
			return vaultState{}, err
		}
		st, err := v.read(dk)
		if errors.Is(err, ErrCorrupt) || errors.Is(err, errReplaced) {
			release, lockErr := v.lock(ctx)
			if lockErr != nil {
				return vaultState{}, v.withBackup(dk, err)
			}
			st, err = v.read(dk)
			release()
		}
		if !errors.Is(err, errReplaced) || i == tries {
			return st, v.withBackup(dk, err)
		}
	}
}

// read opens both files. A vault.bin that does not open is a *CorruptError, still
// without the backup that it should name.
func (v *Vault) read(dk vaultKey) (vaultState, error) {
	// In this order: who writes stores the generation after the file, so that
	// one seen before reading cannot be newer than an honest file.
	st := vaultState{seen: v.seenGeneration(dk.id)}
	kf, raw, err := v.readKeyFile()
	if err != nil {
		return st, err
	}
	if kf.id() != dk.id {
		return st, errReplaced
	}
	st.keyFile = raw
	if st.binFile, err = v.readBin(binName); err != nil {
		return st, err
	}
	h, items, err := openBin(dk, st.binFile)
	if err != nil {
		return st, corrupt(binName, err)
	}
	st.vaultItems, st.generation = items, h.generation
	v.noteGeneration(dk.id, st)
	return st, nil
}

func (v *Vault) readKeyFile() (keyFile, []byte, error) {
	raw, err := atomicfile.Read(v.dir, keyName, maxVaultKey)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return keyFile{}, nil, fmt.Errorf("%w: no vault in %s", ErrUnavailable, v.dir.Name())
	case errors.Is(err, atomicfile.ErrTooLarge):
		return keyFile{}, nil, corrupt(keyName, errors.New("too large"))
	case err != nil:
		return keyFile{}, nil, err
	}
	kf, err := parseKeyFile(raw)
	if err != nil {
		return keyFile{}, raw, corrupt(keyName, err)
	}
	return kf, raw, nil
}

func (v *Vault) readBin(name string) ([]byte, error) {
	raw, err := atomicfile.Read(v.dir, name, maxVaultBin)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, corrupt(name, errors.New("missing"))
	case errors.Is(err, atomicfile.ErrTooLarge):
		return nil, corrupt(name, errors.New("too large"))
	}
	return raw, err
}

// corrupt says that a file is damaged, unless it is only too new.
func corrupt(file string, err error) error {
	var newer *NewerVaultError
	if errors.As(err, &newer) {
		return newer
	}
	return &CorruptError{File: file, Reason: err.Error()}
}

// withBackup completes a *CorruptError with the newest backup that opens. Any
// other error, or none, stays what it is.
func (v *Vault) withBackup(dk vaultKey, err error) error {
	var c *CorruptError
	if errors.As(err, &c) {
		if all := v.backups(dk); len(all) > 0 {
			c.Backup = &all[0]
		}
	}
	return err
}

// dataKey comes from the unlock cache, or with a passphrase from vault.key.
func (v *Vault) dataKey(ctx context.Context) (vaultKey, error) {
	if err := ctx.Err(); err != nil {
		return vaultKey{}, err
	}
	kf, _, err := v.readKeyFile()
	if err != nil {
		return vaultKey{}, err
	}
	return v.unlocked(ctx, kf)
}

func (v *Vault) unlocked(ctx context.Context, kf keyFile) (vaultKey, error) {
	if dk, ok := v.cachedKey(kf.id()); ok {
		return dk, nil
	}
	release, err := v.askLock(ctx)
	if err != nil {
		return vaultKey{}, err
	}
	defer release()
	if dk, ok := v.cachedKey(kf.id()); ok { // the holder before has asked
		return dk, nil
	}
	if v.opts.Passphrase == nil {
		return vaultKey{}, ErrNoPassphrase
	}
	passphrase, err := v.opts.Passphrase(ctx)
	if err != nil {
		return vaultKey{}, err
	}
	dk, err := kf.unwrap(ctx, passphrase)
	if err != nil {
		return vaultKey{}, err
	}
	v.cacheKey(dk)
	return dk, nil
}

func (v *Vault) cachedKey(id [16]byte) (vaultKey, bool) {
	dk, ok := v.unlockedKey()
	return dk, ok && dk.id == id
}

// unlockedKey is the data key in the unlock cache, of whatever vault it was.
func (v *Vault) unlockedKey() (dk vaultKey, ok bool) {
	b, ok := v.opts.Unlock.Load(unlockVault)
	if !ok || len(b) != len(dk.id)+len(dk.key) {
		return dk, false
	}
	return vaultKey{id: [16]byte(b), key: [32]byte(b[len(dk.id):])}, true
}

func (v *Vault) cacheKey(dk vaultKey) {
	v.opts.Unlock.Store(unlockVault, append(dk.id[:], dk.key[:]...))
}

func (v *Vault) seenGeneration(id [16]byte) uint64 {
	b, ok := v.opts.Unlock.Load(unlockGeneration)
	if !ok || len(b) != len(id)+8 || [16]byte(b) != id {
		return 0
	}
	return binary.BigEndian.Uint64(b[len(id):])
}

// noteGeneration reports an older vault than before and remembers a newer one.
func (v *Vault) noteGeneration(id [16]byte, st vaultState) {
	switch {
	case st.generation < st.seen:
		v.opts.Warn(&RollbackError{Seen: st.seen, Found: st.generation, Written: st.Written})
	case st.generation > st.seen:
		v.storeGeneration(id, st.generation)
	}
}

func (v *Vault) storeGeneration(id [16]byte, generation uint64) {
	v.opts.Unlock.Store(unlockGeneration, binary.BigEndian.AppendUint64(id[:], generation))
}
