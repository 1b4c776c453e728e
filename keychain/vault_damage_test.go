package keychain

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/secret"
)

// vaultOutcome reads the vault as a caller would: it may refuse, it may give the
// right answer, and it may do nothing else. It says whether it opened.
func vaultOutcome(t *testing.T, b *vaultBox, what string, locked bool) bool {
	t.Helper()
	b.looks++
	closer := b.looks%8 == 0 // the way is the same for all; time is not
	var before map[string]string
	if closer {
		before = b.files()
	}
	v := OpenVault(b.dir, b.opts)
	if locked {
		v.Lock()
	}
	got, err := v.Get(t.Context(), vaultItem("a"))
	if err == nil && string(got) != "value of a" {
		t.Fatalf("%s: wrong answer %q", what, got)
	}
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			t.Fatalf("%s: reported as a vault without the item", what)
		}
		if closer {
			vaultRefusesToWrite(t, v, what)
		}
	}
	if closer && !reflect.DeepEqual(before, b.files()) {
		t.Fatalf("%s: a file was changed", what)
	}
	return err == nil
}

func vaultRefusesToWrite(t *testing.T, v *Vault, what string) {
	t.Helper()
	if err := v.Set(context.Background(), vaultItem("c"), nil); err == nil {
		t.Fatalf("%s: was written over", what)
	}
	if err := v.Delete(context.Background(), vaultItem("a")); err == nil || errors.Is(err, ErrNotFound) {
		t.Fatalf("%s: delete says %v", what, err)
	}
}

// A flip in vault.bin is always refused. One in vault.key is refused, or does
// not matter (the case of a letter in hex or in a JSON name).
func TestVaultFlipEveryByte(t *testing.T) {
	b, v := newVault(t)
	vaultWant(t, v, "a", "value of a")
	for _, name := range []string{binName, keyName} {
		good := b.read(name)
		for i := range good {
			for _, mask := range []byte{0x01, 0x20, 0x80} {
				if mask != 0x01 && name == binName && i >= binHeaderLen {
					continue // one mask is enough for ciphertext
				}
				bad := []byte(good)
				bad[i] ^= mask
				b.put(name, string(bad))
				if vaultOutcome(t, b, name, false) && name == binName {
					t.Fatalf("vault.bin opened with byte %d changed", i)
				}
			}
		}
		b.put(name, good)
	}
	vaultWant(t, v, "a", "value of a")
}

// The same for vault.key on the way that asks for the passphrase.
func TestVaultFlipKeyFileWhileLocked(t *testing.T) {
	b, v := newVault(t)
	good := b.read(keyName)
	opened := 0
	for i := range good {
		bad := []byte(good)
		bad[i] ^= 0x01
		if _, err := parseKeyFile(bad); err != nil {
			continue // refused before anybody is asked, as the other test shows
		}
		b.put(keyName, string(bad))
		if vaultOutcome(t, b, keyName, true) {
			opened++
		}
	}
	t.Logf("%d flips out of %d do not matter", opened, len(good))
	b.put(keyName, good)
	vaultWant(t, v, "a", "value of a")
}

func TestVaultTruncatedAtEachLength(t *testing.T) {
	b, _ := newVault(t)
	for _, name := range []string{binName, keyName} {
		good := b.read(name)
		for n := range good {
			b.put(name, good[:n])
			if vaultOutcome(t, b, name, false) && strings.TrimSpace(good[n:]) != "" {
				t.Fatalf("%s opened with %d of %d bytes", name, n, len(good))
			}
		}
		b.put(name, good+"\x00")
		if vaultOutcome(t, b, name, false) {
			t.Fatalf("%s opened with a byte more", name)
		}
		b.put(name, good)
	}
}

func TestVaultWithAPartOfAnother(t *testing.T) {
	one, v := newVault(t)
	two, _ := newVault(t)
	bin := one.read(binName)
	for what, mix := range map[string][2]string{
		"other vault.bin": {keyName, two.read(binName)},
		"other header":    {keyName, two.read(binName)[:binHeaderLen] + bin[binHeaderLen:]},
		"other body":      {keyName, bin[:binHeaderLen] + two.read(binName)[binHeaderLen:]},
		"other id":        {keyName, bin[:10] + two.read(binName)[10:26] + bin[26:]},
	} {
		one.put(binName, mix[1])
		if vaultOutcome(t, one, what, false) {
			t.Fatalf("%s: opened", what)
		}
	}
	one.put(binName, bin)
	for what, locked := range map[string]bool{"other vault.key": false, "other vault.key, locked": true} {
		key := one.read(keyName)
		one.put(keyName, two.read(keyName))
		if vaultOutcome(t, one, what, locked) {
			t.Fatalf("%s: opened", what)
		}
		one.put(keyName, key)
	}
	vaultWant(t, v, "a", "value of a")
}

// A key slot under another vault's id does not unwrap, even with a right sum.
func TestVaultSlotOfAnother(t *testing.T) {
	one, _ := newVault(t)
	two, _ := newVault(t)
	a, errA := parseKeyFile([]byte(one.read(keyName)))
	z, errZ := parseKeyFile([]byte(two.read(keyName)))
	if err := errors.Join(errA, errZ); err != nil {
		t.Fatal(err)
	}
	a.Slots = z.Slots
	a.Sum = a.sum()
	if _, err := a.unwrap(t.Context(), secret.New(vaultPass)); !errors.Is(err, ErrWrongPassphrase) {
		t.Fatalf("got %v", err)
	}
}

func TestKDFBombsAreRefusedAtOnce(t *testing.T) {
	b, _ := newVault(t)
	good, err := parseKeyFile([]byte(b.read(keyName)))
	if err != nil {
		t.Fatal(err)
	}
	bombs := map[string]func(*keyFile){
		"memory above 1 GiB":   func(f *keyFile) { f.Slots[0].Memory = maxKDFMemory + 1 },
		"all the memory":       func(f *keyFile) { f.Slots[0].Memory = 1<<32 - 1 },
		"memory below 19 MiB":  func(f *keyFile) { f.Slots[0].Memory = minKDFMemory - 1 },
		"no memory":            func(f *keyFile) { f.Slots[0].Memory = 0 },
		"17 passes":            func(f *keyFile) { f.Slots[0].Time = 17 },
		"no pass":              func(f *keyFile) { f.Slots[0].Time = 0 },
		"all the passes":       func(f *keyFile) { f.Slots[0].Time = 1<<32 - 1 },
		"17 lanes":             func(f *keyFile) { f.Slots[0].Lanes = 17 },
		"256 lanes, a uint8 0": func(f *keyFile) { f.Slots[0].Lanes = 256 },
		"no lane":              func(f *keyFile) { f.Slots[0].Lanes = 0 },
		"nine slots": func(f *keyFile) {
			for len(f.Slots) < maxSlots+1 {
				f.Slots = append(f.Slots, f.Slots[0])
			}
		},
	}
	const limit = 100 * time.Millisecond
	for what, arm := range bombs {
		f := good
		f.Slots = append([]keySlot(nil), good.Slots...)
		arm(&f)
		f.Sum = f.sum()
		b.put(keyName, string(f.encode()))
		v := OpenVault(b.dir, b.opts)
		took, asked := time.Hour, b.asked
		for tries := 0; took > limit && tries < 10; tries++ { // the machine may be busy
			v.Lock()
			start := time.Now()
			vaultWantErr(t, v.Unlock(t.Context()), ErrCorrupt)
			took = time.Since(start)
		}
		if took > limit || b.asked != asked {
			t.Errorf("%s: refused after %v, asked %d times", what, took, b.asked-asked)
		}
	}
}

func TestStrongKDFIsTheDefault(t *testing.T) {
	if v := OpenVault(nil, VaultOptions{}); v.opts.kdf != (kdfParams{Time: 3, Memory: 65536, Lanes: 4}) {
		t.Fatalf("%+v", v.opts.kdf)
	}
}

func TestVaultDamageNamesTheNewestBackup(t *testing.T) {
	b, v := newVault(t)
	b.clock.pass(24 * time.Hour)
	v.Lock()
	vaultSet(t, v, "c", "value of c") // keeps the state with a and b as backup 1
	when := b.clock.now().Add(-24 * time.Hour)
	b.put(binName, "damaged")
	_, err := v.Get(t.Context(), vaultItem("a"))
	vaultWantErr(t, err, ErrCorrupt)
	var c *CorruptError
	if !errors.As(err, &c) || c.File != binName || c.Backup == nil || c.Backup.Number != 1 || c.Backup.Entries != 2 || !c.Backup.Written.Equal(when) {
		t.Fatalf("%+v", c)
	}
	if text := err.Error(); !strings.Contains(text, when.UTC().Format("2006-01-02 15:04 UTC")) || !strings.Contains(text, "2 entries") {
		t.Fatal(text)
	}
	for n := 1; n <= backupCount; n++ { // damaged backups are passed over
		want := n + 1
		b.put(backupName(n), "damaged")
		_, err := v.Get(t.Context(), vaultItem("a"))
		if !errors.As(err, &c) || c.Backup != nil && c.Backup.Number != want || c.Backup == nil && want <= 2 {
			t.Fatalf("with backup %d damaged: %v", n, err)
		}
	}
	if err := b.dir.Remove(binName); err != nil {
		t.Fatal(err)
	}
	_, err = v.Get(t.Context(), vaultItem("a")) // a missing file is damage, not an empty vault
	vaultWantErr(t, err, ErrCorrupt)
	vaultRefusesToWrite(t, v, "missing vault.bin")
}

func TestNewerVaultIsNotTouched(t *testing.T) {
	b, v := newVault(t)
	key, bin := b.read(keyName), b.read(binName)
	archive := vaultArchiveOf(t, v)
	check := func(what, want string) {
		t.Helper()
		_, err := OpenVault(b.dir, b.opts).Get(t.Context(), vaultItem("a"))
		var newer *NewerVaultError
		if !errors.As(err, &newer) || newer.Version != 2 || !strings.Contains(err.Error(), want) || errors.Is(err, ErrCorrupt) {
			t.Fatalf("%s: %v", what, err)
		}
		before := b.files()
		vaultRefusesToWrite(t, v, what)
		for name, err := range map[string]error{
			"passphrase": v.ChangePassphrase(t.Context(), secret.New("another passphrase")),
			"restore":    func() error { _, err := v.Restore(t.Context(), strings.NewReader(archive)); return err }(),
			"restore n":  func() error { _, err := v.RestoreBackup(t.Context(), 1); return err }(),
		} {
			if !errors.As(err, &newer) {
				t.Fatalf("%s, %s: %v", what, name, err)
			}
		}
		if !reflect.DeepEqual(before, b.files()) {
			t.Fatalf("%s: written over", what)
		}
	}
	b.put(keyName, `{"version":2,"reader":"fob 2.0","what":{"is":["this"]}}`)
	check("vault.key", "needs fob 2.0")
	b.put(keyName, `{"version":2,"reader":"\u001b]52;c;evil\u0007"}`)
	check("vault.key with a hostile reader", "needs a newer fob")
	b.put(keyName, key)
	newer := []byte(bin)
	binary.BigEndian.PutUint16(newer[len(binMagic):], 2)
	b.put(binName, string(newer))
	check("vault.bin", "needs a newer fob")
}

func TestVaultRollbackIsReported(t *testing.T) {
	b, v := newVault(t)
	old := b.read(binName)
	vaultSet(t, v, "a", "new value")
	vaultSet(t, v, "a", "newer value")
	if b.warns != nil {
		t.Fatalf("warned of nothing: %v", b.warns)
	}
	b.put(binName, old)
	vaultWant(t, OpenVault(b.dir, b.opts), "a", "value of a")
	var r *RollbackError
	if len(b.warns) != 1 || !errors.As(b.warns[0], &r) || r.Seen != 5 || r.Found != 3 {
		t.Fatalf("warned: %v", b.warns)
	}
	b.warns = nil
	vaultSet(t, v, "c", "x") // a write accepts the state and goes on above it
	b.warns = nil
	vaultWant(t, v, "c", "x")
	if b.warns != nil {
		t.Fatalf("warned again: %v", b.warns)
	}
}

// What others could have written is not believed, and not followed.
func TestVaultRefusesForeignFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing on this system")
	}
	b, v := newVault(t)
	for _, name := range []string{keyName, binName} {
		path := filepath.Join(b.path, name)
		if err := os.Chmod(path, 0o660); err != nil {
			t.Fatal(err)
		}
		_, err := v.Get(t.Context(), vaultItem("a"))
		var untrusted *atomicfile.UntrustedError
		if !errors.As(err, &untrusted) || untrusted.Path != path {
			t.Fatalf("%s: %v", name, err)
		}
		vaultWantErr(t, err, untrusted)
		vaultRefusesToWrite(t, v, name)
		if err := errors.Join(os.Chmod(path, 0o600), os.Rename(path, path+".real"), os.Symlink(name+".real", path)); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Get(t.Context(), vaultItem("a")); !errors.As(err, &untrusted) {
			t.Fatalf("%s as a link: %v", name, err)
		}
		vaultRefusesToWrite(t, v, name+" as a link")
		if err := os.Rename(path+".real", path); err != nil {
			t.Fatal(err)
		}
	}
	vaultWant(t, v, "a", "value of a")
}

func TestKeyFileErrorsTellNoContent(t *testing.T) {
	for _, text := range []string{`{"version":1,"canary":1}`, `{"version":"canary"}`, "canary", `{"version":1,"slots":"canary"}`} {
		_, err := parseKeyFile([]byte(text))
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", text, err)
		}
	}
	var all map[string]any
	if err := json.Unmarshal(newKeyFile(vaultKey{}, secret.New(vaultPass), cheapKDF).encode(), &all); err != nil || len(all) != 5 {
		t.Fatalf("vault.key has fields %v (%v)", all, err)
	}
}

func TestVaultTooLarge(t *testing.T) {
	b, v := newVault(t)
	key, bin := b.read(keyName), b.read(binName)
	for name, size := range map[string]int64{keyName: maxVaultKey + 1, binName: maxVaultBin + 1} {
		if err := os.Truncate(filepath.Join(b.path, name), size); err != nil {
			t.Fatal(err)
		}
		_, err := v.Get(t.Context(), vaultItem("a"))
		vaultWantErr(t, err, ErrCorrupt)
		vaultRefusesToWrite(t, v, name)
		b.put(keyName, key)
		b.put(binName, bin)
	}
	vaultWant(t, v, "a", "value of a")
}

// What opens but is not what this fob writes is damage too: writing it back
// would lose what was not understood.
func TestVaultUnknownContent(t *testing.T) {
	b, v := newVault(t)
	dk, err := v.dataKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []string{"", "{}", "null", `{"items":{},"more":1}`, `{"items":{"a":5}}`, `{"items":null}`} {
		h := binHeader{id: dk.id, generation: 9}
		head := h.encode()
		b.put(binName, string(aead(dk.key[:]).Seal(head, h.nonce[:], []byte(plain), head)))
		_, err := v.Get(t.Context(), vaultItem("a"))
		vaultWantErr(t, err, ErrCorrupt)
		vaultRefusesToWrite(t, v, plain)
	}
}

func TestRollbackErrorSaysWhen(t *testing.T) {
	err := &RollbackError{Seen: 7, Found: 5, Written: time.Date(2026, 11, 22, 1, 13, 0, 0, time.UTC)}
	if s := err.Error(); !strings.Contains(s, "2026-11-22 01:13 UTC") || !strings.Contains(s, "7") {
		t.Fatal(s)
	}
}
