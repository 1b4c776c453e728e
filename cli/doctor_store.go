package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"fob/keychain"
)

// openedStore is what can be seen of the store without asking anybody.
type openedStore struct {
	findings []finding
	// ids are the items that it holds; listed says whether they are known.
	ids    []string
	listed bool
}

func checkStore(ctx context.Context, x *exam) []finding { return x.store(ctx).findings }

// checkLostKeys holds the list of stored keys against the store.
func checkLostKeys(ctx context.Context, x *exam) []finding {
	switch {
	case x.storedErr != nil:
		return []finding{x.fromError(x.storedErr)}
	case len(x.stored) == 0:
		return nil
	case !x.store(ctx).listed:
		return []finding{notChecked("whether the store still has the %s of fob's list: it is not open", counted(len(x.stored), "key"))}
	}
	var all []finding
	for _, e := range x.stored {
		if id := (keychain.Account{Kind: keychain.KindKey, Name: e.Profile}).ID(); !slices.Contains(x.opened.ids, id) {
			all = append(all, needsCare("fob add "+word(e.Profile), "the key %s is in fob's list and not in the store", e.AccessKeyID).of(e.Profile))
		}
	}
	return all
}

// store looks at the chosen store, once.
func (x *exam) store(ctx context.Context) *openedStore {
	if x.opened == nil {
		x.opened = x.openStore(ctx)
	}
	return x.opened
}

func (x *exam) openStore(ctx context.Context) *openedStore {
	backend, err := x.a.backend()
	switch {
	case err != nil:
		return saying(x.fromError(err))
	case backend == backendOS:
		return x.openOS(ctx)
	case backend == backendFile:
		return x.openVault(ctx)
	}
	return x.noStore(ctx)
}

func saying(f finding) *openedStore { return &openedStore{findings: []finding{f}} }

// by says who chose the store.
func (x *exam) by() string {
	if x.a.env("FOB_KEYCHAIN") != "" {
		return "chosen by FOB_KEYCHAIN"
	}
	return "chosen when the first key was stored"
}

// noStore: nothing was stored yet, or what was chosen is not there.
func (x *exam) noStore(ctx context.Context) *openedStore {
	switch {
	case x.a.env("FOB_KEYCHAIN") == backendFile:
		return saying(needsCare("fob vault create", "FOB_KEYCHAIN is file, and there is no vault in %s: no key can be stored, no session is kept", x.a.dirPath()).as(x.emptyIs()))
	case len(x.stored) > 0:
		return saying(needsCare("export FOB_KEYCHAIN=os", "fob's list has %s, and its record names no store", counted(len(x.stored), "key")))
	}
	k, err := x.quietOS()
	if err == nil {
		err = k.Probe(ctx)
	}
	if err != nil {
		return saying(needsCare("fob vault create", "no keychain can be used (%v): no key can be stored, no session is kept", err).as(sevWarn))
	}
	return saying(note("no store is chosen yet; the first fob add takes the %s", k.Name()))
}

// emptyIs: a store that is not there is worse when keys were stored.
func (x *exam) emptyIs() severity {
	if len(x.stored) > 0 {
		return sevError
	}
	return sevWarn
}

// quietOS is the system's keychain, which may show no dialog.
func (x *exam) quietOS() (keychain.OSKeychain, error) {
	self, err := x.a.sys.Executable()
	if err != nil {
		return nil, err
	}
	return keychain.OpenOS(keychain.OSOptions{
		Getenv: x.a.sys.Getenv, UID: os.Getuid(),
		Self: keychain.SelfRunner(self, keychain.ChildEnv(x.a.sys.Environ())),
	})
}

func (x *exam) openOS(ctx context.Context) *openedStore {
	k, err := x.quietOS()
	if err == nil {
		err = k.Probe(ctx)
	}
	if err != nil {
		f := x.fromError(err)
		if errors.Is(err, keychain.ErrUnavailable) {
			f.Next = "log in to a desktop session, or keep keys in a file: fob vault create, then export FOB_KEYCHAIN=file"
		}
		f.Fact = fmt.Sprintf("keys rest in the system's keychain (%s): %s", x.by(), f.Fact)
		return saying(f)
	}
	return x.list(ctx, k, func(err error) finding {
		if errors.Is(err, keychain.ErrLocked) {
			return x.fromError(err).as(sevWarn)
		}
		return x.fromError(err)
	})
}

// list sees whether a store opens without asking, by listing what it holds.
func (x *exam) list(ctx context.Context, s keychain.Store, say func(error) finding) *openedStore {
	ids, err := s.List(ctx)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return saying(notChecked("keys rest in the %s (%s), which answers; whether it asks before it opens cannot be told without opening it", s.Name(), x.by()))
	case err != nil:
		return saying(say(err))
	}
	return &openedStore{
		findings: []finding{note("keys rest in the %s (%s), which opens without asking", s.Name(), x.by())},
		ids:      ids, listed: true,
	}
}

// openVault tries the unlock cache alone: no passphrase is asked for, read or tried.
func (x *exam) openVault(ctx context.Context) *openedStore {
	dir, err := x.a.dir(false)
	if err != nil {
		return saying(x.fromError(err))
	}
	var warned []finding
	v := keychain.OpenVault(dir, keychain.VaultOptions{Unlock: x.a.unlocked(), Now: x.a.sys.Now, Warn: func(err error) {
		warned = append(warned, needsCare("fob vault restore", "%v", err).as(sevWarn))
	}})
	s := x.list(ctx, v, func(err error) finding {
		if errors.Is(err, keychain.ErrNoPassphrase) {
			return x.lockedVault(v)
		}
		return x.fromError(err)
	})
	s.findings = append(s.findings, warned...)
	return s
}

// lockedVault says who will give the passphrase.
func (x *exam) lockedVault(v *keychain.Vault) finding {
	locked := fmt.Sprintf("keys rest in the %s (%s), which is locked", v.Name(), x.by())
	file := x.a.env("FOB_PASSPHRASE_FILE")
	switch {
	case file != "":
		if _, err := readPassphraseFile(file); err != nil {
			return x.fromError(err)
		}
		return note("%s; FOB_PASSPHRASE_FILE opens it without asking, if the passphrase is right: it was not tried", locked)
	case x.a.env("FOB_PASSPHRASE_COMMAND") != "":
		return notChecked("%s; FOB_PASSPHRASE_COMMAND is to open it, and was not run", locked)
	case x.a.sys.Getenv("FOB_PASSPHRASE") != "":
		return note("%s; FOB_PASSPHRASE opens it without asking, if it is right: it was not tried", locked)
	case x.a.noInput():
		return needsCare("export FOB_PASSPHRASE_FILE=/a/private/file", "%s, and nobody can be asked for the passphrase: %s", locked, x.a.whyNoInput()).as(sevWarn)
	}
	return note("%s: fob asks for the passphrase when it is needed (fob vault unlock does so now)", locked)
}
