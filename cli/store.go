package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/secret"
	"fob/keychain"
	"fob/resolve"
)

// The backends, as FOB_KEYCHAIN and the record name them.
const (
	backendOS   = "os"
	backendFile = "file"
)

const (
	recordFile = "store"
	maxRecord  = 64
)

// stores are the opened parts of where secrets rest.
type stores struct {
	unlocked *keychain.TimedCache
	vault    *keychain.Vault
	os       keychain.OSKeychain
}

// backend is the store that was chosen: FOB_KEYCHAIN, else the recorded one; ""
// when none was, or when the encrypted file is chosen and not made yet.
func (a *app) backend() (string, error) {
	if a.chosen != "" {
		return a.chosen, nil
	}
	chosen := a.env("FOB_KEYCHAIN")
	dir, err := a.dir(false)
	if err != nil {
		return "", err
	}
	switch {
	case chosen == "" && dir == nil:
		return "", nil
	case chosen == "":
		if chosen, err = readRecord(dir); err != nil {
			return "", err
		}
	}
	switch {
	case chosen == backendOS, chosen == "":
		return chosen, nil
	case chosen != backendFile:
		return "", &failure{code: exitConfig, what: fmt.Sprintf("FOB_KEYCHAIN is %q", chosen), why: "it is os or file", next: "export FOB_KEYCHAIN=os"}
	case dir == nil || !keychain.VaultExists(dir):
		return "", nil
	}
	return backendFile, nil
}

// readRecord reads the chosen store's name, the one word in the record.
func readRecord(dir *os.Root) (string, error) {
	raw, err := atomicfile.Read(dir, recordFile, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	switch name := strings.TrimSpace(string(raw)); name {
	case backendOS, backendFile:
		return name, nil
	}
	return "", &keychain.Error{Op: "read", Store: recordFile, Err: keychain.ErrCorrupt}
}

// record writes down which store was chosen, once.
func (a *app) record(backend string) error {
	dir, err := a.dir(true)
	if err != nil {
		return err
	}
	if known, err := readRecord(dir); err != nil || known != "" {
		return err
	}
	return atomicfile.Write(dir, recordFile, []byte(backend+"\n"))
}

// store opens the chosen store; nil when there is none.
func (a *app) store() (keychain.Store, error) {
	backend, err := a.backend()
	switch {
	case err != nil:
		return nil, err
	case backend == backendOS:
		return a.openOS()
	case backend == backendFile:
		return a.openVault()
	}
	return nil, nil
}

func (a *app) unlocked() *keychain.TimedCache {
	if a.stores.unlocked == nil {
		a.stores.unlocked = keychain.NewUnlockCache(keychain.UnlockOptions{
			Dir: a.dirPath(), RuntimeDir: a.env("XDG_RUNTIME_DIR"), Off: a.env("CI") != "", Now: a.sys.Now,
		})
	}
	return a.stores.unlocked
}

func (a *app) openVault() (*keychain.Vault, error) {
	if a.stores.vault != nil {
		return a.stores.vault, nil
	}
	dir, err := a.dir(true)
	if err != nil {
		return nil, err
	}
	a.stores.vault = keychain.OpenVault(dir, a.vaultOptions())
	return a.stores.vault, nil
}

func (a *app) vaultOptions() keychain.VaultOptions {
	return keychain.VaultOptions{
		Passphrase: a.passphrase,
		Unlock:     a.unlocked(),
		Now:        a.sys.Now,
		Lock:       func(ctx context.Context) (func(), error) { return a.lock(ctx, "vault") },
		AskLock:    func(ctx context.Context) (func(), error) { return a.lock(ctx, "passphrase") },
		Warn:       func(err error) { a.p.warn(err.Error()) },
	}
}

func (a *app) openOS() (keychain.OSKeychain, error) {
	if a.stores.os != nil {
		return a.stores.os, nil
	}
	self, err := a.sys.Executable()
	if err != nil {
		return nil, err
	}
	a.stores.os, err = keychain.OpenOS(keychain.OSOptions{
		Getenv: a.sys.Getenv, UID: os.Getuid(),
		Interactive: func() bool { return !a.noInput() && a.canShowDialog() },
		Self:        keychain.SelfRunner(self, keychain.ChildEnv(a.sys.Environ())),
	})
	return a.stores.os, err
}

// canShowDialog says whether the keychain's own unlock dialog could be seen.
func (a *app) canShowDialog() bool {
	return a.sys.GOOS != "linux" || a.env("DISPLAY") != "" || a.env("WAYLAND_DISPLAY") != ""
}

// keys are the stored keys, for reading and changing.
func (a *app) keys() (*keychain.Keys, error) {
	store, err := a.store()
	if err != nil {
		return nil, err
	}
	index, err := a.index(true)
	return &keychain.Keys{Store: store, Index: index}, err
}

// index is the list of stored keys. change opens it for writing.
func (a *app) index(change bool) (*keychain.Index, error) {
	dir, err := a.dir(change)
	if err != nil {
		return nil, err
	}
	return &keychain.Index{Dir: dir, Lock: func() (func(), error) { return a.lock(context.Background(), "index") }}, nil
}

// storedKey looks a profile up among the stored keys, without unlocking anything.
func (a *app) storedKey(profile string) (resolve.StoredKey, bool, error) {
	x, err := a.index(false)
	if err != nil {
		return resolve.StoredKey{}, false, err
	}
	e, ok, err := x.Lookup(profile)
	return resolve.StoredKey{AccessKeyID: e.AccessKeyID, MFASerial: e.MFASerial, AccountID: e.AccountID}, ok, err
}

// storedKeys is storedKey for many profiles: it reads the index once.
func (a *app) storedKeys() (func(string) (resolve.StoredKey, bool, error), error) {
	x, err := a.index(false)
	if err != nil {
		return nil, err
	}
	all, err := x.All()
	if err != nil {
		return nil, err
	}
	known := make(map[string]resolve.StoredKey, len(all))
	for _, e := range all {
		known[e.Profile] = resolve.StoredKey{AccessKeyID: e.AccessKeyID, MFASerial: e.MFASerial, AccountID: e.AccountID}
	}
	return func(profile string) (resolve.StoredKey, bool, error) {
		k, ok := known[profile]
		return k, ok, nil
	}, nil
}

// longLived reads a stored key.
func (a *app) longLived(ctx context.Context, profile string) (string, secret.Text, error) {
	k, err := a.keys()
	if err != nil {
		return "", secret.Text{}, err
	}
	if k.Store == nil {
		return "", secret.Text{}, errNoStore
	}
	key, err := k.Get(ctx, profile)
	return key.AccessKeyID, key.Secret, err
}

// errNoStore: the index lists keys and no store is chosen (FOB_KEYCHAIN or the
// record was changed by hand).
var errNoStore = &failure{code: exitKeychain, what: "no keychain is chosen", why: "FOB_KEYCHAIN and fob's record name none that exists", next: "fob vault create"}

// relist makes the index say what the store holds.
func (a *app) relist(ctx context.Context, profile string) error {
	k, err := a.keys()
	if err != nil {
		return err
	}
	key, err := k.Get(ctx, profile)
	if err != nil {
		return err
	}
	return k.Index.Put(keychain.Entry{Profile: profile, AccessKeyID: key.AccessKeyID, MFASerial: key.MFASerial, AccountID: key.AccountID, Added: key.Added})
}

// sessions are the kept sessions; nil when no store is chosen, as then there is
// no key to seal them with.
func (a *app) sessions() (*keychain.Sessions, error) {
	backend, err := a.backend()
	if err != nil || backend == "" {
		return nil, err
	}
	dir, err := a.subdir("sessions")
	if err != nil {
		a.p.warn(fmt.Sprintf("sessions are not kept: %v", err))
		return nil, nil
	}
	return &keychain.Sessions{Dir: dir, SealingKey: a.sealingKey, Warn: a.p.warn}, nil
}

func (a *app) sealingKey(ctx context.Context) ([32]byte, error) {
	store, err := a.store()
	if err != nil {
		return [32]byte{}, err
	}
	if v, ok := store.(*keychain.Vault); ok {
		return v.SealingKey(ctx)
	}
	s := keychain.Sealer{Store: store, Unlocked: a.unlocked(), Lock: func(ctx context.Context) (func(), error) { return a.lock(ctx, "seal") }}
	return s.SealingKey(ctx)
}

// resolver walks this run's plans.
func (a *app) resolver() (*resolve.Resolver, error) {
	r := &resolve.Resolver{
		Now: a.sys.Now, HTTP: a.httpClient, StoredKey: a.longLived,
		Environ: a.sys.Environ(), ChildStderr: a.sys.Stderr,
		Code: a.code, NeedsPerson: a.needsPerson, Warn: a.p.warn,
		NotBefore: a.notBefore, AnswerNotBefore: a.answerNotBefore, IgnoreCooldown: a.login && !a.noInput(),
		Waiting: func(pid int, doing string) {
			a.p.say(fmt.Sprintf("fob: waiting for pid %d (%s)", pid, doing))
		},
	}
	s, err := a.sessions()
	if err != nil || s == nil {
		if a.memory != nil {
			r.Cache = a.memory
		}
		return r, err
	}
	r.Cache = sessionCache{s}
	r.Flight = func() *os.Root {
		dir, err := a.subdir("locks")
		if err != nil {
			a.p.warn(fmt.Sprintf("going on without locks: %v", err))
			return nil
		}
		return dir
	}
	return r, nil
}

// sessionCache is the resolver's view of the sealed sessions.
type sessionCache struct{ s *keychain.Sessions }

func (c sessionCache) Peek(k resolve.Key) (issued, expires time.Time, ok bool) {
	return c.s.Peek(keychain.CacheKey(k))
}

func (c sessionCache) Load(ctx context.Context, k resolve.Key) ([]byte, bool, error) {
	return c.s.Load(ctx, keychain.CacheKey(k))
}

func (c sessionCache) Ready(ctx context.Context) error { return c.s.Ready(ctx) }

func (c sessionCache) Save(ctx context.Context, k resolve.Key, plain []byte, issued, expires time.Time) error {
	return c.s.Save(ctx, keychain.CacheKey(k), plain, issued, expires)
}
