package keychain

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"fob/internal/atomicfile"
)

// backupCount is how many earlier vault.bin are kept.
const backupCount = 3

// oldKeyName keeps the vault.key that a restore replaced.
const oldKeyName = keyName + ".1"

// VaultBackup is an earlier state of a vault that opens.
type VaultBackup struct {
	Number     int // N of vault.bin.N; 0 for an archive
	Written    time.Time
	Entries    int
	Generation uint64
}

func backupName(n int) string { return fmt.Sprintf("%s.%d", binName, n) }

// Backups are the backups beside the vault that open, newest first.
func (v *Vault) Backups(ctx context.Context) ([]VaultBackup, error) {
	dk, err := v.dataKey(ctx)
	if err != nil {
		return nil, vaultError("list", err)
	}
	return v.backups(dk), nil
}

func (v *Vault) backups(dk vaultKey) (all []VaultBackup) {
	for n := range backupCount + 1 { // 0 is there if a change was interrupted
		raw, err := v.readBin(backupName(n))
		if err != nil {
			continue
		}
		if h, items, err := openBin(dk, raw); err == nil {
			all = append(all, describeBackup(n, h, items))
		}
	}
	slices.SortStableFunc(all, func(a, b VaultBackup) int { return cmp.Compare(b.Generation, a.Generation) })
	return all
}

func describeBackup(n int, h binHeader, items vaultItems) VaultBackup {
	return VaultBackup{Number: n, Written: items.Written, Entries: len(items.Items), Generation: h.generation}
}

// vaultArchive is a backup in one file: vault.key and vault.bin as they are.
type vaultArchive struct {
	Format string `json:"format"`
	Key    []byte `json:"vault.key"`
	Bin    []byte `json:"vault.bin"`
}

const (
	archiveFormat = "fob vault backup 1"
	maxArchive    = 2*(maxVaultBin+maxVaultKey) + 1024 // base64 adds a third
)

// Backup writes the vault to w in one piece, encrypted as it is: it opens with
// the passphrase of today. The vault is unlocked to make sure that it opens.
func (v *Vault) Backup(ctx context.Context, w io.Writer) (VaultBackup, error) {
	st, err := v.load(ctx)
	if err != nil {
		return VaultBackup{}, vaultError("backup", err)
	}
	b, err := json.Marshal(vaultArchive{archiveFormat, st.keyFile, st.binFile})
	if err == nil {
		_, err = w.Write(append(b, '\n'))
	}
	if err != nil {
		return VaultBackup{}, vaultError("backup", err)
	}
	return VaultBackup{Written: st.Written, Entries: len(st.Items), Generation: st.generation}, nil
}

// Restore puts the items of an archive that [Vault.Backup] wrote in the place of
// the vault's, after it has opened them. What was there stays as vault.bin.1.
//
// An archive of this vault leaves its passphrase alone. Else vault.key is
// replaced too and kept as vault.key.1; killed between the two files, the vault
// does not open until it is restored again.
func (v *Vault) Restore(ctx context.Context, r io.Reader) (VaultBackup, error) {
	b, err := v.restore(ctx, r)
	return b, vaultError("restore", err)
}

func (v *Vault) restore(ctx context.Context, r io.Reader) (VaultBackup, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxArchive+1))
	if err != nil {
		return VaultBackup{}, err
	}
	archive, kf, err := parseArchive(raw)
	if err != nil {
		return VaultBackup{}, corrupt("backup", err)
	}
	if now, _, err := v.readKeyFile(); err == nil && now.id() == kf.id() {
		kf.Slots = append(kf.Slots, now.Slots...) // today's passphrase will do as well
	}
	dk, err := v.unlocked(ctx, kf)
	if err != nil {
		return VaultBackup{}, err
	}
	h, items, err := openBin(dk, archive.Bin)
	if err != nil {
		return VaultBackup{}, corrupt("backup", err)
	}
	b := describeBackup(0, h, items)
	return b, v.install(ctx, dk, b, items.Items, archive.Key)
}

func parseArchive(raw []byte) (vaultArchive, keyFile, error) {
	var a vaultArchive
	switch err := json.Unmarshal(raw, &a); {
	case int64(len(raw)) > maxArchive:
		return a, keyFile{}, errors.New("too large")
	case err != nil:
		return a, keyFile{}, fmt.Errorf("not a vault backup: %w", jsonFault(err))
	case a.Format != archiveFormat:
		return a, keyFile{}, errors.New("not a vault backup of a known format")
	}
	kf, err := parseKeyFile(a.Key)
	return a, kf, err
}

// RestoreBackup puts the items of vault.bin.n in the place of the vault's, after
// it has opened them. What was there becomes vault.bin.1.
func (v *Vault) RestoreBackup(ctx context.Context, n int) (VaultBackup, error) {
	b, err := v.restoreBackup(ctx, n)
	return b, vaultError("restore", err)
}

func (v *Vault) restoreBackup(ctx context.Context, n int) (VaultBackup, error) {
	dk, err := v.dataKey(ctx)
	if err != nil {
		return VaultBackup{}, err
	}
	raw, err := v.readBin(backupName(n))
	if err != nil {
		return VaultBackup{}, err
	}
	h, items, err := openBin(dk, raw)
	if err != nil {
		return VaultBackup{}, corrupt(backupName(n), err)
	}
	b := describeBackup(n, h, items)
	return b, v.install(ctx, dk, b, items.Items, nil)
}

// install makes items the content of the vault of dk, under a generation above
// every one that is known. keyRaw is its vault.key; nil: the one that is there.
func (v *Vault) install(ctx context.Context, dk vaultKey, b VaultBackup, items map[string][]byte, keyRaw []byte) error {
	release, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	old, err := v.replaceable()
	if err != nil {
		return err
	}
	newKey, err := v.makeWayForKey(dk, keyRaw)
	if err != nil {
		return err
	}
	if err := v.replace(dk, max(b.Generation, v.newestGeneration(dk, old))+1, items, old); err != nil {
		return err
	}
	if newKey {
		return v.write(keyName, keyRaw)
	}
	return nil
}

// replaceable returns vault.bin, which may be damaged or missing (nil) but not
// newer than this fob.
func (v *Vault) replaceable() ([]byte, error) {
	old, err := atomicfile.Read(v.dir, binName, maxVaultBin)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var newer *NewerVaultError
	if _, err := parseBinHeader(old); errors.As(err, &newer) {
		return nil, newer
	}
	return old, nil
}

// makeWayForKey says whether keyRaw has to become vault.key, and if so keeps a
// copy of the one that is there.
func (v *Vault) makeWayForKey(dk vaultKey, keyRaw []byte) (bool, error) {
	kf, old, err := v.readKeyFile()
	switch {
	case err == nil && kf.id() == dk.id:
		return false, nil
	case keyRaw == nil:
		return false, cmp.Or(err, errReplaced)
	case errors.Is(err, ErrUnavailable): // there is none
		return true, nil
	case err != nil && (old == nil || !errors.Is(err, ErrCorrupt)):
		return false, err
	}
	return true, v.write(oldKeyName, old)
}

func (v *Vault) newestGeneration(dk vaultKey, bin []byte) uint64 {
	newest := v.seenGeneration(dk.id)
	if h, _, err := openBin(dk, bin); err == nil {
		newest = max(newest, h.generation)
	}
	for _, b := range v.backups(dk) {
		newest = max(newest, b.Generation)
	}
	return newest
}
