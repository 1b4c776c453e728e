package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"fob/internal/secret"
)

func vaultArchiveOf(t *testing.T, v *Vault) string {
	t.Helper()
	var w bytes.Buffer
	if _, err := v.Backup(t.Context(), &w); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

func TestVaultKeepsThreeBackups(t *testing.T) {
	b, v := newVault(t)
	var states []string
	for i := range 6 {
		states = append(states, b.read(binName))
		vaultSet(t, v, "a", fmt.Sprint(i))
	}
	for n := 1; n <= backupCount; n++ {
		if b.read(backupName(n)) != states[len(states)-n] {
			t.Errorf("backup %d is not the state before the last %d writes", n, n)
		}
	}
	if len(b.files()) != 2+backupCount {
		t.Fatalf("files: %d", len(b.files()))
	}
	all, err := v.Backups(t.Context())
	if err != nil || len(all) != 3 || all[0].Number != 1 || all[0].Entries != 2 || all[0].Generation <= all[1].Generation {
		t.Fatalf("%+v, %v", all, err)
	}
}

func TestRestoreBackupNumber(t *testing.T) {
	b, v := newVault(t)
	vaultSet(t, v, "a", "wrong")
	b.put(binName, "damaged")
	info, err := v.RestoreBackup(t.Context(), 1)
	if err != nil || info.Entries != 2 {
		t.Fatalf("%+v, %v", info, err)
	}
	vaultWant(t, v, "a", "value of a")
	if b.read(backupName(1)) != "damaged" {
		t.Fatal("what was replaced is not kept")
	}
	if b.warns != nil {
		t.Fatalf("a restore looks like a rollback: %v", b.warns)
	}
	before := b.files()
	for _, n := range []int{-1, 1, 9} { // 1 is the damaged one now
		_, err := v.RestoreBackup(t.Context(), n)
		vaultWantErr(t, err, ErrCorrupt)
	}
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("a refused restore wrote something")
	}
}

func TestBackupAndRestoreInPlace(t *testing.T) {
	b, v := newVault(t)
	archive := vaultArchiveOf(t, v)
	for _, canary := range []string{"value of a", vaultPass} {
		if strings.Contains(archive, canary) {
			t.Fatal("the archive is not encrypted")
		}
	}
	vaultSet(t, v, "a", "later")
	if err := v.Delete(t.Context(), vaultItem("b")); err != nil {
		t.Fatal(err)
	}
	if err := v.ChangePassphrase(t.Context(), secret.New("another passphrase")); err != nil {
		t.Fatal(err)
	}
	key := b.read(keyName)
	for _, passphrase := range []string{vaultPass, "another passphrase"} { // then and now
		v.Lock()
		b.opts.Passphrase = func(context.Context) (secret.Text, error) { return secret.New(passphrase), nil }
		v = OpenVault(b.dir, b.opts)
		if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "value of a")
		vaultWant(t, v, "b", "value of b")
	}
	if b.read(keyName) != key {
		t.Fatal("the passphrase was put back as well")
	}
	if b.warns != nil {
		t.Fatalf("a restore looks like a rollback: %v", b.warns)
	}
}

func TestRestoreToAnotherPlace(t *testing.T) {
	_, v := newVault(t)
	archive := vaultArchiveOf(t, v)
	sealing, err := v.SealingKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	t.Run("empty folder", func(t *testing.T) {
		b := newVaultBox(t)
		v := OpenVault(b.dir, b.opts)
		if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "value of a")
		if got, err := v.SealingKey(t.Context()); err != nil || got != sealing || b.asked != 1 {
			t.Fatalf("another sealing key, or asked %d times (%v)", b.asked, err)
		}
	})
	t.Run("over another vault", func(t *testing.T) {
		b, other := newVault(t)
		vaultSet(t, other, "mine", "precious")
		before := b.files()
		v := OpenVault(b.dir, b.opts)
		if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "value of a")
		vaultWant(t, v, "mine", "")
		after := b.files()
		if after[oldKeyName] != before[keyName] || after[backupName(1)] != before[binName] {
			t.Fatal("the replaced vault is not kept")
		}
	})
	t.Run("over a damaged vault.key", func(t *testing.T) {
		b, v := newVault(t)
		archive := vaultArchiveOf(t, v)
		b.put(keyName, "damaged")
		v.Lock()
		if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "value of a")
		if b.read(oldKeyName) != "damaged" {
			t.Fatal("the damaged file is not kept")
		}
	})
	t.Run("lost vault.key", func(t *testing.T) {
		b, v := newVault(t)
		archive := vaultArchiveOf(t, v)
		vaultSet(t, v, "a", "later")
		if err := b.dir.Remove(keyName); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Restore(t.Context(), strings.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "value of a")
		if _, err := v.RestoreBackup(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		vaultWant(t, v, "a", "later")
	})
}

func TestRestoreRefusesWhatDoesNotOpen(t *testing.T) {
	b, v := newVault(t)
	archive := vaultArchiveOf(t, v)
	before := b.files()
	refuse := func(what string, r io.Reader, want error) {
		t.Helper()
		if _, err := v.Restore(t.Context(), r); !errors.Is(err, want) {
			t.Fatalf("%s: %v", what, err)
		}
		if !reflect.DeepEqual(before, b.files()) {
			t.Fatalf("%s: something was written", what)
		}
	}
	for n := 0; n < len(archive)-2; n += 97 {
		refuse("cut off", strings.NewReader(archive[:n]), ErrCorrupt)
	}
	refuse("other JSON", strings.NewReader(`{"format":"x"}`), ErrCorrupt)
	refuse("too large", strings.NewReader(strings.Repeat(" ", maxArchiveInt+1)), ErrCorrupt)
	fault := errors.New("read error")
	refuse("unreadable", iotest.ErrReader(fault), fault)
	_, other := newVault(t)
	if err := other.ChangePassphrase(t.Context(), secret.New("unknown passphrase")); err != nil {
		t.Fatal(err)
	}
	refuse("unknown passphrase", strings.NewReader(vaultArchiveOf(t, other)), ErrWrongPassphrase)
	vaultWant(t, v, "a", "value of a")
}

const maxArchiveInt = int(maxArchive)

func TestBackupOfADamagedVaultIsAnError(t *testing.T) {
	b, v := newVault(t)
	b.put(binName, b.read(binName)[:5000-4096])
	var w bytes.Buffer
	_, err := v.Backup(t.Context(), &w)
	vaultWantErr(t, err, ErrCorrupt)
	if w.Len() != 0 {
		t.Fatal("half a backup was written")
	}
}
