package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"time"
	"unicode/utf8"

	"fob/internal/atomicfile"
	"fob/internal/secret"
)

// CreateVault makes an empty vault in dir and leaves it unlocked. It says
// ErrExists if there is one and ErrShortPassphrase for a passphrase under
// MinPassphrase characters.
func CreateVault(ctx context.Context, dir *os.Root, passphrase secret.Text, opts VaultOptions) (*Vault, error) {
	v := OpenVault(dir, opts)
	if err := v.create(ctx, passphrase); err != nil {
		return nil, vaultError("create", err)
	}
	return v, nil
}

func (v *Vault) create(ctx context.Context, passphrase secret.Text) error {
	if err := checkPassphrase(passphrase); err != nil {
		return err
	}
	release, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if VaultExists(v.dir) {
		return ErrExists
	}
	if err := v.checkOrphan(); err != nil {
		return err
	}
	dk := vaultKey{id: [16]byte(randomBytes(16)), key: [32]byte(randomBytes(32))}
	bin, err := sealBin(dk, 1, vaultItems{Written: v.opts.Now().UTC(), Items: map[string][]byte{}})
	if err != nil {
		return err
	}
	// vault.key last: it makes the vault exist.
	if err := v.write(binName, bin); err != nil {
		return err
	}
	if err := v.write(keyName, newKeyFile(dk, passphrase, v.opts.kdf).encode()); err != nil {
		return err
	}
	v.cacheKey(dk)
	v.storeGeneration(dk.id, 1)
	return nil
}

// checkOrphan refuses to write over a vault.bin that has lost its vault.key. Only
// the first generation, which is empty, may be what a killed create has left.
func (v *Vault) checkOrphan() error {
	raw, err := atomicfile.Read(v.dir, binName, maxVaultBin)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil && !errors.Is(err, atomicfile.ErrTooLarge) {
		return err
	}
	if h, err := parseBinHeader(raw); err == nil && h.generation == 1 {
		return nil
	}
	return corrupt(keyName, errors.New("missing, but vault.bin is there"))
}

func checkPassphrase(passphrase secret.Text) error {
	if utf8.RuneCountInString(passphrase.Reveal()) < MinPassphrase {
		return ErrShortPassphrase
	}
	return nil
}

// ChangePassphrase wraps the data key under another passphrase. The items and
// every backup stay as they are, and the old passphrase opens none of them any
// more - but a copy of the old vault.key, in an archive say, still does.
func (v *Vault) ChangePassphrase(ctx context.Context, passphrase secret.Text) error {
	if err := checkPassphrase(passphrase); err != nil {
		return vaultError("write", err)
	}
	return vaultError("write", v.underLock(ctx, func(dk vaultKey, _ vaultState) error {
		return v.write(keyName, newKeyFile(dk, passphrase, v.opts.kdf).encode())
	}))
}

// change edits the items and writes them back.
func (v *Vault) change(ctx context.Context, edit func(items map[string][]byte) error) error {
	return v.underLock(ctx, func(dk vaultKey, st vaultState) error {
		items := maps.Clone(st.Items)
		if err := edit(items); err != nil {
			return err
		}
		return v.replace(dk, max(st.generation, st.seen)+1, items, st.binFile)
	})
}

// underLock unlocks first, since that may ask, then takes the lock, reads the
// vault anew and calls f only if all of it opens.
func (v *Vault) underLock(ctx context.Context, f func(vaultKey, vaultState) error) error {
	const tries = 3
	for i := 1; ; i++ {
		dk, err := v.dataKey(ctx)
		if err != nil {
			return err
		}
		err = v.readAndCall(ctx, dk, f)
		if !errors.Is(err, errReplaced) || i == tries {
			return err
		}
	}
}

func (v *Vault) readAndCall(ctx context.Context, dk vaultKey, f func(vaultKey, vaultState) error) error {
	release, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	st, err := v.read(dk)
	if err != nil {
		return v.withBackup(dk, err)
	}
	_ = atomicfile.Sweep(v.dir, time.Hour, v.opts.Now())
	return f(dk, st)
}

// replace writes a new vault.bin and keeps the old one as a backup.
func (v *Vault) replace(dk vaultKey, generation uint64, items map[string][]byte, old []byte) error {
	bin, err := sealBin(dk, generation, vaultItems{Written: v.opts.Now().UTC(), Items: items})
	if err != nil {
		return err
	}
	if err := v.keepBackup(old); err != nil {
		return err
	}
	if err := v.write(binName, bin); err != nil {
		return err
	}
	v.storeGeneration(dk.id, generation)
	return nil
}

// keepBackup moves the backups on and makes old the first. The copy is made
// before anything moves, and not again after a failed write: a full disk costs
// no backup.
func (v *Vault) keepBackup(old []byte) error {
	if old == nil {
		return nil
	}
	if first, err := v.readBin(backupName(1)); err == nil && bytes.Equal(first, old) {
		return nil
	}
	if err := v.write(backupName(0), old); err != nil {
		return err
	}
	for n := backupCount - 1; n >= 0; n-- {
		if err := v.opts.fault("keep " + backupName(n)); err != nil {
			return err
		}
		err := atomicfile.Rename(v.dir, backupName(n), backupName(n+1))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("keep backup: %w", err)
		}
	}
	return nil
}

func (v *Vault) write(name string, data []byte) error {
	if err := v.opts.fault("write " + name); err != nil {
		return err
	}
	return atomicfile.Write(v.dir, name, data)
}
