package keychain

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fob/internal/secret"
)

// errVaultFault stands for ENOSPC, EIO, EROFS and their like.
var errVaultFault = errors.New("no space left on device")

// vaultChanges is everything that changes files; each leads from the state that
// newVault makes to one where item a is as given.
var vaultChanges = map[string]struct {
	run   func(t *testing.T, v *Vault, archive string) error
	after string
}{
	"set": {func(t *testing.T, v *Vault, _ string) error {
		return v.Set(t.Context(), vaultItem("a"), []byte("new"))
	}, "new"},
	"delete": {func(t *testing.T, v *Vault, _ string) error { return v.Delete(t.Context(), vaultItem("a")) }, ""},
	"passphrase": {func(t *testing.T, v *Vault, _ string) error {
		return v.ChangePassphrase(t.Context(), secret.New("another passphrase"))
	}, "value of a"},
	"restore": {func(t *testing.T, v *Vault, archive string) error {
		_, err := v.Restore(t.Context(), strings.NewReader(archive))
		return err
	}, "archived"},
	"restore backup": {func(t *testing.T, v *Vault, _ string) error {
		all, err := v.Backups(t.Context())
		if err != nil {
			return err
		}
		_, err = v.RestoreBackup(t.Context(), all[0].Number)
		return err
	}, "value of a"},
}

// Whatever step of a change fails or is the last before a crash: the vault then
// opens without repair in the old state or the new one, another item is intact,
// and the change can be made again.
func TestVaultFaultAtEachStep(t *testing.T) {
	for name, change := range vaultChanges {
		for _, crash := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/crash=%v", name, crash), func(t *testing.T) {
				for k := 1; vaultFaultAt(t, k, crash, change.after, change.run); k++ {
				}
			})
		}
	}
}

// vaultFaultAt says whether the change has a step k.
func vaultFaultAt(t *testing.T, k int, crash bool, after string, run func(*testing.T, *Vault, string) error) bool {
	t.Helper()
	b, v := newVault(t)
	vaultSet(t, v, "a", "archived")
	archive := vaultArchiveOf(t, v)
	vaultSet(t, v, "a", "value of a")
	vaultSet(t, v, "b", "still here")

	step := 0
	o := b.opts
	o.fault = func(string) error {
		if step++; step != k {
			return nil
		}
		if crash {
			panic(errVaultFault)
		}
		return errVaultFault
	}
	err := vaultCrashes(func() error { return run(t, OpenVault(b.dir, o), archive) })
	if err == nil && step < k {
		return false
	}
	if !errors.Is(err, errVaultFault) {
		t.Fatalf("step %d: %v", k, err)
	}
	o.fault = nil
	v = OpenVault(b.dir, o)
	got, err := v.Get(t.Context(), vaultItem("a"))
	old := err == nil && string(got) == "value of a"
	changed := after == "" && errors.Is(err, ErrNotFound) || err == nil && string(got) == after
	if !old && !changed {
		t.Fatalf("step %d: neither old nor new: %q, %v", k, got, err)
	}
	if b.warns != nil {
		t.Fatalf("step %d: %v", k, b.warns)
	}
	if err := run(t, v, archive); err != nil && !errors.Is(err, ErrNotFound) {
		t.Fatalf("step %d: again: %v", k, err)
	}
	return true
}

func vaultCrashes(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err, _ = r.(error)
		}
	}()
	return f()
}

// A disk that stays full costs no backup.
func TestVaultFullDiskKeepsBackups(t *testing.T) {
	b, v := newVault(t)
	for _, value := range []string{"1", "2", "3"} {
		vaultSet(t, v, "a", value)
	}
	for _, full := range []string{"write " + backupName(0), "write " + binName} {
		o := b.opts
		o.fault = func(step string) error {
			if step == full {
				return errVaultFault
			}
			return nil
		}
		for range 5 {
			vaultWantErr(t, OpenVault(b.dir, o).Set(t.Context(), vaultItem("a"), []byte("x")), errVaultFault)
		}
		all, err := v.Backups(t.Context())
		if err != nil || len(all) != backupCount || all[2].Generation+2 < all[0].Generation {
			t.Fatalf("%s: %+v, %v", full, all, err)
		}
	}
	vaultWant(t, v, "a", "3")
}

// Killed between the two files, a restore of another vault is a refusal that
// names the way back, and can simply be made again.
func TestRestoreOfAnotherVaultInterrupted(t *testing.T) {
	_, other := newVault(t)
	archive := vaultArchiveOf(t, other)
	b, v := newVault(t)
	vaultSet(t, v, "mine", "precious")
	o := b.opts
	o.fault = func(step string) error {
		if step == "write "+keyName {
			return errVaultFault
		}
		return nil
	}
	_, err := OpenVault(b.dir, o).Restore(t.Context(), strings.NewReader(archive))
	vaultWantErr(t, err, errVaultFault)

	_, err = v.Get(t.Context(), vaultItem("mine"))
	var c *CorruptError
	if !errors.As(err, &c) || c.Backup == nil || c.Backup.Number != 1 {
		t.Fatalf("%v", err)
	}
	if _, err := v.RestoreBackup(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	vaultWant(t, v, "mine", "precious")
	if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
		t.Fatal(err)
	}
	vaultWant(t, v, "a", "value of a")
}
