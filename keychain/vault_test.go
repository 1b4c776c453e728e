package keychain

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/secret"
)

const vaultPass = "correct horse battery"

// cheapKDF is the least that is accepted on reading.
var cheapKDF = kdfParams{Time: 1, Memory: minKDFMemory, Lanes: 1}

// vaultBox is a folder with a vault, and what a test sees of its dealings.
type vaultBox struct {
	t     *testing.T
	path  string
	dir   *os.Root
	opts  VaultOptions
	asked int
	warns []error
	clock *unlockClock
	looks int // see vaultOutcome
}

// newVaultBox has an empty folder and a passphrase source that counts.
func newVaultBox(t *testing.T) *vaultBox {
	t.Helper()
	b := &vaultBox{t: t, path: filepath.Join(t.TempDir(), "fob"), clock: newUnlockClock()}
	dir, err := atomicfile.OpenDir(b.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	b.dir = dir
	b.opts = VaultOptions{
		Passphrase: func(context.Context) (secret.Text, error) { b.asked++; return secret.New(vaultPass), nil },
		Unlock:     NewUnlockCache(UnlockOptions{Off: true, Now: b.clock.now}),
		Now:        b.clock.now,
		Warn:       func(err error) { b.warns = append(b.warns, err) },
		kdf:        cheapKDF,
	}
	return b
}

// newVault has a vault with the items a and b in it.
func newVault(t *testing.T) (*vaultBox, *Vault) {
	t.Helper()
	b := newVaultBox(t)
	v, err := CreateVault(t.Context(), b.dir, secret.New(vaultPass), b.opts)
	if err != nil {
		t.Fatal(err)
	}
	vaultSet(t, v, "a", "value of a")
	vaultSet(t, v, "b", "value of b")
	return b, v
}

func vaultItem(name string) Account { return Account{KindKey, name} }

func vaultSet(t testing.TB, v *Vault, name, value string) {
	t.Helper()
	if err := v.Set(context.Background(), vaultItem(name), []byte(value)); err != nil {
		t.Fatal(err)
	}
}

// vaultWant looks for a value, or with "" for its absence.
func vaultWant(t testing.TB, v *Vault, name, want string) {
	t.Helper()
	got, err := v.Get(context.Background(), vaultItem(name))
	if want == "" && errors.Is(err, ErrNotFound) {
		return
	}
	if err != nil || string(got) != want {
		t.Fatalf("item %q is %q, %v, want %q", name, got, err, want)
	}
}

func vaultWantErr(t testing.TB, got, want error) {
	t.Helper()
	var e *Error
	if !errors.Is(got, want) || !errors.As(got, &e) || e.Store != vaultName {
		t.Fatalf("got error %v, want a store's %v", got, want)
	}
}

// files is everything in the folder.
func (b *vaultBox) files() map[string]string {
	b.t.Helper()
	entries, err := os.ReadDir(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		all[e.Name()] = b.read(e.Name())
	}
	return all
}

func (b *vaultBox) read(name string) string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.path, name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// put writes over a file as it lies there.
func (b *vaultBox) put(name, data string) {
	b.t.Helper()
	f, err := os.OpenFile(filepath.Join(b.path, name), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	// Not by O_TRUNC, after which file systems flush: thousands of times here.
	_, err = f.WriteAt([]byte(data), 0)
	if err := errors.Join(err, f.Truncate(int64(len(data))), f.Close()); err != nil {
		b.t.Fatal(err)
	}
}

func TestVaultIsAStore(t *testing.T) {
	b, v := newVault(t)
	vaultSet(t, v, "a", "changed")
	vaultSet(t, v, "bytes", "\x00\xff")
	for _, v := range []*Vault{v, OpenVault(b.dir, b.opts)} {
		vaultWant(t, v, "a", "changed")
		vaultWant(t, v, "b", "value of b")
		vaultWant(t, v, "bytes", "\x00\xff")
		vaultWant(t, v, "c", "")
	}
	if err := v.Delete(t.Context(), vaultItem("b")); err != nil {
		t.Fatal(err)
	}
	vaultWant(t, v, "b", "")
	before := b.files()
	vaultWantErr(t, v.Delete(t.Context(), vaultItem("b")), ErrNotFound)
	vaultWantErr(t, v.Set(t.Context(), vaultItem("x"), make([]byte, MaxItem+1)), ErrTooLarge)
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("a refused change wrote something")
	}
	ids, err := v.List(t.Context())
	if err != nil || len(ids) != 2 || ids[0] > ids[1] || ids[0] != vaultItem("a").ID() && ids[1] != vaultItem("a").ID() {
		t.Fatalf("list: %v, %v", ids, err)
	}
	if v.Name() == "" || b.asked != 0 || b.warns != nil {
		t.Fatalf("asked %d times, warned %v", b.asked, b.warns)
	}
}

func TestVaultFilesShowNothing(t *testing.T) {
	b, v := newVault(t)
	vaultSet(t, v, "prod-profile", "wJalrXUtnFEMI/K7MDENG")
	for name, data := range b.files() {
		for _, canary := range []string{"wJalrXUtnFEMI", "prod-profile", vaultItem("prod-profile").ID(), vaultPass} {
			if strings.Contains(data, canary) {
				t.Errorf("%s holds %q in clear", name, canary)
			}
		}
		if info, err := b.dir.Lstat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if n := len(b.read(binName)) - binHeaderLen - 16; n%vaultPad != 0 {
		t.Errorf("plaintext of %d bytes is not padded", n)
	}
}

func TestCreateVaultRefusals(t *testing.T) {
	b := newVaultBox(t)
	create := func(p string) error {
		_, err := CreateVault(t.Context(), b.dir, secret.New(p), b.opts)
		return err
	}
	for _, short := range []string{"", "eleven char", "ééééééééééé"} {
		vaultWantErr(t, create(short), ErrShortPassphrase)
	}
	if VaultExists(b.dir) || len(b.files()) != 0 {
		t.Fatal("a refused vault was made")
	}
	if err := create("twelve chars"); err != nil {
		t.Fatal(err)
	}
	if !VaultExists(b.dir) {
		t.Fatal("the vault does not exist")
	}
	before := b.files()
	vaultWantErr(t, create("another passphrase"), ErrExists)
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("a refused vault replaced one")
	}
}

// A vault.bin whose vault.key is lost may become readable again; only the empty
// one of a create that was killed is replaced.
func TestCreateVaultKeepsAnOrphan(t *testing.T) {
	b, _ := newVault(t)
	if err := b.dir.Remove(keyName); err != nil {
		t.Fatal(err)
	}
	before := b.files()
	_, err := CreateVault(t.Context(), b.dir, secret.New(vaultPass), b.opts)
	vaultWantErr(t, err, ErrCorrupt)
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("the orphan was touched")
	}

	b = newVaultBox(t)
	b.opts.fault = func(step string) error {
		if step == "write "+keyName {
			return errVaultFault
		}
		return nil
	}
	_, err = CreateVault(t.Context(), b.dir, secret.New(vaultPass), b.opts)
	vaultWantErr(t, err, errVaultFault)
	b.opts.fault = nil
	if _, err := CreateVault(t.Context(), b.dir, secret.New(vaultPass), b.opts); err != nil {
		t.Fatal(err)
	}
}

func TestNoVault(t *testing.T) {
	b := newVaultBox(t)
	v := OpenVault(b.dir, VaultOptions{})
	_, err := v.Get(t.Context(), vaultItem("a"))
	vaultWantErr(t, err, ErrUnavailable)
	vaultWantErr(t, v.Set(t.Context(), vaultItem("a"), nil), ErrUnavailable)
	_, err = v.List(t.Context())
	vaultWantErr(t, err, ErrUnavailable)
	vaultWantErr(t, v.Unlock(t.Context()), ErrUnavailable)
	_, err = v.SealingKey(t.Context())
	vaultWantErr(t, err, ErrUnavailable)
	if len(b.files()) != 0 {
		t.Fatal("something was written")
	}
}

func TestVaultAsksOncePerUnlock(t *testing.T) {
	b, v := newVault(t)
	v.Lock()
	for range 3 {
		v := OpenVault(b.dir, b.opts)
		vaultWant(t, v, "a", "value of a")
		vaultSet(t, v, "a", "value of a")
		if _, err := v.SealingKey(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if b.asked != 1 {
		t.Fatalf("asked %d times, want once", b.asked)
	}
	b.clock.pass(UnlockIdle)
	vaultWant(t, v, "a", "value of a")
	if b.asked != 2 {
		t.Fatalf("asked %d times after the idle time, want twice", b.asked)
	}
}

func TestVaultPassphraseErrors(t *testing.T) {
	b, v := newVault(t)
	v.Lock()
	with := func(p func(context.Context) (secret.Text, error)) error {
		o := b.opts
		o.Passphrase = p
		_, err := OpenVault(b.dir, o).Get(t.Context(), vaultItem("a"))
		return err
	}
	vaultWantErr(t, with(nil), ErrNoPassphrase)
	vaultWantErr(t, with(func(context.Context) (secret.Text, error) { return secret.Text{}, ErrCancelled }), ErrCancelled)
	wrong := with(func(context.Context) (secret.Text, error) { return secret.New("wrong horse battery"), nil })
	vaultWantErr(t, wrong, ErrWrongPassphrase)
	if strings.Contains(wrong.Error(), "horse") {
		t.Fatal("the error tells the passphrase")
	}
	vaultWant(t, v, "a", "value of a") // none of it was remembered
}

func TestVaultObeysItsContext(t *testing.T) {
	_, v := newVault(t)
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := v.Get(ctx, vaultItem("a"))
	vaultWantErr(t, err, ErrTimeout)
	vaultWantErr(t, v.Set(ctx, vaultItem("a"), nil), ErrTimeout)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	vaultWantErr(t, v.Unlock(gone), context.Canceled)
}

func TestVaultWaitsForItsGateWithinTheContext(t *testing.T) {
	_, v := newVault(t)
	release, err := v.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	vaultWantErr(t, v.Set(ctx, vaultItem("a"), nil), ErrTimeout)
	release()
	vaultSet(t, v, "a", "after")
}

// Without the lock nothing is written, and reading goes on.
func TestVaultWithoutItsLock(t *testing.T) {
	b, _ := newVault(t)
	noLock := errors.New("no locks here")
	b.opts.Lock = func(context.Context) (func(), error) { return nil, noLock }
	v, before := OpenVault(b.dir, b.opts), b.files()
	vaultWant(t, v, "a", "value of a")
	vaultWantErr(t, v.Set(t.Context(), vaultItem("a"), []byte("x")), noLock)
	vaultWantErr(t, v.Delete(t.Context(), vaultItem("a")), noLock)
	vaultWantErr(t, v.ChangePassphrase(t.Context(), secret.New("another passphrase")), noLock)
	_, err := v.RestoreBackup(t.Context(), 1)
	vaultWantErr(t, err, noLock)
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("something was written without the lock")
	}
}

func TestVaultNeverAsksUnderTheWriteLock(t *testing.T) {
	b, v := newVault(t)
	held := false
	b.opts.Lock = func(context.Context) (func(), error) { held = true; return func() { held = false }, nil }
	b.opts.Passphrase = func(context.Context) (secret.Text, error) {
		if held {
			t.Error("asked under the lock")
		}
		return secret.New(vaultPass), nil
	}
	v.Lock()
	v = OpenVault(b.dir, b.opts)
	vaultSet(t, v, "a", "x")
	v.Lock()
	if err := v.ChangePassphrase(t.Context(), secret.New("another passphrase")); err != nil {
		t.Fatal(err)
	}
	if held {
		t.Fatal("the lock was not released")
	}
}

func TestSealingKey(t *testing.T) {
	b, v := newVault(t)
	one, err := v.SealingKey(t.Context())
	if err != nil || one == [32]byte{} {
		t.Fatal(err)
	}
	dk, err := v.dataKey(t.Context())
	if err != nil || one == dk.key {
		t.Fatal("the sealing key is the data key")
	}
	// It needs no vault.bin, and stays the same over writes and passphrases.
	if err := v.ChangePassphrase(t.Context(), secret.New("another passphrase")); err != nil {
		t.Fatal(err)
	}
	b.put(binName, "garbage")
	two, err := OpenVault(b.dir, b.opts).SealingKey(t.Context())
	if err != nil || one != two {
		t.Fatalf("another sealing key (%v)", err)
	}
	_, other := newVault(t)
	if three, err := other.SealingKey(t.Context()); err != nil || one == three {
		t.Fatalf("two vaults with one sealing key (%v)", err)
	}
}

func TestChangePassphrase(t *testing.T) {
	b, v := newVault(t)
	bin := b.read(binName)
	vaultWantErr(t, v.ChangePassphrase(t.Context(), secret.New("short")), ErrShortPassphrase)
	if err := v.ChangePassphrase(t.Context(), secret.New("another passphrase")); err != nil {
		t.Fatal(err)
	}
	if b.read(binName) != bin {
		t.Fatal("vault.bin was rewritten")
	}
	v.Lock()
	_, err := v.Get(t.Context(), vaultItem("a"))
	vaultWantErr(t, err, ErrWrongPassphrase)
	b.opts.Passphrase = func(context.Context) (secret.Text, error) { return secret.New("another passphrase"), nil }
	v = OpenVault(b.dir, b.opts)
	vaultWant(t, v, "a", "value of a")

	// A vault that does not open gets no new passphrase.
	b.put(binName, "garbage")
	before := b.files()
	vaultWantErr(t, v.ChangePassphrase(t.Context(), secret.New("a third passphrase")), ErrCorrupt)
	if !reflect.DeepEqual(before, b.files()) {
		t.Fatal("something was written")
	}
}

func TestVaultIsFullAtItsLimit(t *testing.T) {
	b, v := newVault(t)
	dk, err := v.dataKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	items := map[string][]byte{}
	for i := range maxVaultJSON / (MaxItem*4/3 + 64) {
		items[vaultItem(strings.Repeat("x", i)).ID()] = make([]byte, MaxItem)
	}
	st, err := v.read(dk)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.replace(dk, 10, items, st.binFile); err != nil {
		t.Fatal(err)
	}
	before := ""
	for i := 0; ; i++ {
		before = b.read(binName)
		if err = v.Set(t.Context(), vaultItem("more"+strings.Repeat("y", i)), make([]byte, MaxItem)); err != nil {
			break
		}
	}
	vaultWantErr(t, err, errFull)
	if b.read(binName) != before || int64(len(before)) > maxVaultBin {
		t.Fatal("the full vault was changed")
	}
	if _, err := v.List(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Several callers in one process ask once, too.
func TestVaultConcurrentUnlock(t *testing.T) {
	_, v := newVault(t)
	v.Lock()
	var mu sync.Mutex
	asked := 0
	v.opts.Passphrase = func(context.Context) (secret.Text, error) {
		mu.Lock()
		defer mu.Unlock()
		asked++
		return secret.New(vaultPass), nil
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := v.SealingKey(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if asked != 1 {
		t.Fatalf("asked %d times", asked)
	}
}

// A vault that is replaced while the passphrase is typed is opened anew; what is
// read and written is the vault that is there.
func TestVaultReplacedWhileAsking(t *testing.T) {
	for name, use := range map[string]func(v *Vault) error{
		"read":  func(v *Vault) error { _, err := v.Get(t.Context(), vaultItem("a")); return err },
		"write": func(v *Vault) error { return v.Set(t.Context(), vaultItem("new"), []byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			b, v := newVault(t)
			other, ov := newVault(t)
			vaultSet(t, ov, "only there", "x")
			v.Lock()
			b.opts.Passphrase = func(context.Context) (secret.Text, error) {
				if b.asked++; b.asked == 1 {
					b.put(keyName, other.read(keyName))
					b.put(binName, other.read(binName))
				}
				return secret.New(vaultPass), nil
			}
			v = OpenVault(b.dir, b.opts)
			if err := use(v); err != nil {
				t.Fatal(err)
			}
			vaultWant(t, v, "only there", "x")
			if b.asked != 2 {
				t.Fatalf("asked %d times, want twice", b.asked)
			}
		})
	}
}

// A vault that changes at every look ends in an error, not in a loop.
func TestVaultReplacedForEver(t *testing.T) {
	b, v := newVault(t)
	other, _ := newVault(t)
	keys := []string{b.read(keyName), other.read(keyName)}
	v.Lock()
	o := b.opts
	o.Passphrase = func(context.Context) (secret.Text, error) {
		b.asked++
		b.put(keyName, keys[b.asked%2])
		return secret.New(vaultPass), nil
	}
	v = OpenVault(b.dir, o)
	_, err := v.Get(t.Context(), vaultItem("a"))
	vaultWantErr(t, err, errReplaced)
	v.Lock()
	vaultWantErr(t, v.Set(t.Context(), vaultItem("a"), nil), errReplaced)
	if b.asked != 6 {
		t.Fatalf("asked %d times", b.asked)
	}
}

func TestVaultAskLock(t *testing.T) {
	b, v := newVault(t)
	v.Lock()
	busy := errors.New("another process asks")
	b.opts.AskLock = func(context.Context) (func(), error) { return nil, busy }
	v = OpenVault(b.dir, b.opts)
	vaultWantErr(t, v.Unlock(t.Context()), busy)

	held := false
	b.opts.AskLock = func(context.Context) (func(), error) { held = true; return func() { held = false }, nil }
	b.opts.Passphrase = func(context.Context) (secret.Text, error) {
		if !held {
			t.Error("asked without the lock")
		}
		return secret.New(vaultPass), nil
	}
	v = OpenVault(b.dir, b.opts)
	if err := v.Unlock(t.Context()); err != nil || held {
		t.Fatalf("held=%v, %v", held, err)
	}
}

// A source of passphrases may speak the language of stores; its error stays.
func TestVaultKeepsAStoreError(t *testing.T) {
	b, v := newVault(t)
	v.Lock()
	own := &Error{Op: "ask", Store: vaultName, Err: ErrCancelled}
	b.opts.Passphrase = func(context.Context) (secret.Text, error) { return secret.Text{}, own }
	if err := OpenVault(b.dir, b.opts).Unlock(t.Context()); err != own {
		t.Fatalf("got %v", err)
	}
}
