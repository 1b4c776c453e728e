package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"fob/internal/display"
	"fob/keychain"
)

// store checks the keys with AWS, stores those that it knows and reads them back.
// Checking runs ahead of storing. It returns what is in the keychain now; the error
// is one that stops everything.
func (c *importCmd) store(ctx context.Context, a *app, found []*foundKey) (stored []*foundKey, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	backend, keys, err := a.keysForAdding(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := c.verify(ctx, a, found)
	if err != nil {
		return nil, err
	}
	seen := a.progress("imported %d of %d keys", len(found))
	for i, k := range found {
		if err := c.storeOne(ctx, a, keys, k, answers[i]); err != nil {
			return stored, err
		}
		switch {
		case k.failed == nil:
			stored = append(stored, k)
			if err := a.record(backend); err != nil {
				return stored, err
			}
			a.p.say(fmt.Sprintf("%s: stored %s in the %s%s", display.Text(k.name), k.key.AccessKeyID, keys.Store.Name(), owner(k.who)))
		case len(found) > 1:
			a.p.warn(fmt.Sprintf("%s is not imported: %s: %s", display.Text(k.name), k.failed.what, k.failed.why))
		}
		seen(i + 1)
	}
	return stored, nil
}

// storeOne stores a key that AWS knows, and reads it back. That it does not is
// noted in k.
func (c *importCmd) storeOne(ctx context.Context, a *app, keys *keychain.Keys, k *foundKey, checked <-chan verdict) error {
	select {
	case v := <-checked:
		k.judge(a, v)
	case <-ctx.Done():
		return ctx.Err()
	}
	if k.failed != nil {
		return nil
	}
	old, err := keys.Get(ctx, k.name)
	switch {
	case err == nil:
		if k.failed, err = c.mayReplace(ctx, a, k, old); k.failed != nil || err != nil {
			return err
		}
	case !errors.Is(err, keychain.ErrNotFound) && !errors.Is(err, keychain.ErrCorrupt):
		return fmt.Errorf("look for the key of %q: %w", k.name, err)
	}
	k.key.Added = a.sys.Now().UTC().Truncate(time.Second)
	k.key.AccountID = k.who.Account
	if old.AccessKeyID == k.key.AccessKeyID {
		k.key.Added = old.Added
		k.key.MFASerial = cmp.Or(k.key.MFASerial, old.MFASerial)
		k.key.AccountID = cmp.Or(k.key.AccountID, old.AccountID)
	}
	if err := keys.Put(ctx, k.name, k.key); err != nil {
		return fmt.Errorf("store the key of %q: %w", k.name, err)
	}
	return readBack(ctx, keys, k)
}

// readBack makes sure that the key is where it is looked for, before it leaves
// the place that it came from.
func readBack(ctx context.Context, keys *keychain.Keys, k *foundKey) error {
	got, err := keys.Get(ctx, k.name)
	if err != nil {
		return fmt.Errorf("read the key of %q back: %w", k.name, err)
	}
	listed, ok, err := keys.Index.Lookup(k.name)
	if err != nil {
		return fmt.Errorf("read the key of %q back: %w", k.name, err)
	}
	if got.AccessKeyID != k.key.AccessKeyID || got.Secret != k.key.Secret || !ok || listed.AccessKeyID != got.AccessKeyID {
		return fmt.Errorf("read the key of %q back: %w", k.name, &keychain.Error{Op: "write", Store: keys.Store.Name(), Err: keychain.ErrCorrupt})
	}
	return nil
}

// mayReplace protects the key that is stored: refused says why it stays.
func (c *importCmd) mayReplace(ctx context.Context, a *app, k *foundKey, old keychain.LongLived) (refused *failure, err error) {
	switch {
	case old.AccessKeyID == k.key.AccessKeyID && old.Secret == k.key.Secret:
		return nil, nil
	case old.AccessKeyID == k.key.AccessKeyID && k.who.ARN != "":
		return nil, nil // AWS knows this secret, so that the stored one is wrong
	case old.AccessKeyID == k.key.AccessKeyID:
		return &failure{code: exitConfig, what: fmt.Sprintf("the keychain has another secret for %s", old.AccessKeyID), why: "AWS was not asked which one is right", next: "fob import " + word(k.name)}, nil
	}
	yes, err := a.confirm(ctx, fmt.Sprintf("%s has the key %s in the keychain. Replace it by %s?", display.Text(k.name), old.AccessKeyID, k.key.AccessKeyID))
	if err != nil && !nobody(err) {
		return nil, err
	}
	if yes {
		return nil, nil
	}
	return &failure{code: exitPerson, what: fmt.Sprintf("the keychain has the key %s for %q already", old.AccessKeyID, k.name), why: "replacing it needs a yes, as it would be lost", next: "fob import " + word(k.name) + " on a terminal, or: fob remove " + word(k.name), err: err}, nil
}
