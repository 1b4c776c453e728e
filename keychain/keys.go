package keychain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"fob/internal/secret"
)

// Keys are the long-lived keys of the user: the secrets in a [Store], their
// names in an [Index].
type Keys struct {
	Store Store
	Index *Index
}

// LongLived is an access key as AWS hands it out.
type LongLived struct {
	AccessKeyID string
	Secret      secret.Text
	MFASerial   string // "" for none
	AccountID   string // "" when unknown
	Added       time.Time
}

// keyItem is the stored form. The profile is in it so that an index can be made
// from a vault.
type keyItem struct {
	Profile         string    `json:"profile"`
	AccessKeyID     string    `json:"access_key_id"`
	SecretAccessKey string    `json:"secret_access_key"`
	MFASerial       string    `json:"mfa_serial,omitempty"`
	AccountID       string    `json:"account_id,omitempty"`
	Added           time.Time `json:"added"`
}

func keyAccount(profile string) Account { return Account{KindKey, profile} }

// Get reads the key of a profile: ErrNotFound when there is none, ErrCorrupt
// when it is damaged.
func (k *Keys) Get(ctx context.Context, profile string) (LongLived, error) {
	raw, err := k.Store.Get(ctx, keyAccount(profile))
	if err != nil {
		return LongLived{}, err
	}
	var item keyItem
	if err := json.Unmarshal(raw, &item); err != nil || item.AccessKeyID == "" || item.SecretAccessKey == "" {
		return LongLived{}, &Error{"read", k.Store.Name(), fmt.Errorf("the key of %q: %w", profile, ErrCorrupt)}
	}
	return LongLived{item.AccessKeyID, secret.New(item.SecretAccessKey), item.MFASerial, item.AccountID, item.Added}, nil
}

// Put stores or replaces the key of a profile. The secret is in the store before
// its name is in the index: whoever is killed between leaves the old state to
// see, and putting it again completes it.
func (k *Keys) Put(ctx context.Context, profile string, key LongLived) error {
	raw, err := json.Marshal(keyItem{profile, key.AccessKeyID, key.Secret.Reveal(), key.MFASerial, key.AccountID, key.Added})
	if err != nil {
		return err
	}
	defer clear(raw)
	if err := k.Store.Set(ctx, keyAccount(profile), raw); err != nil {
		return err
	}
	return k.Index.Put(Entry{profile, key.AccessKeyID, key.MFASerial, key.AccountID, key.Added, false})
}

// Remove deletes the key of a profile and says whether there was one. The index
// calls it gone first, so that whoever is killed on the way leaves a key that is
// either there or not, never a name without its secret.
func (k *Keys) Remove(ctx context.Context, profile string) (bool, error) {
	e, listed, err := k.Index.Lookup(profile)
	if err == nil && listed {
		e.removing = true
		err = k.Index.Put(e)
	}
	if err != nil {
		return false, err
	}
	err = k.Store.Delete(ctx, keyAccount(profile))
	if err != nil && !errors.Is(err, ErrNotFound) {
		if listed {
			e.removing = false
			err = errors.Join(err, k.Index.Put(e))
		}
		return false, err
	}
	had := err == nil || listed
	return had, k.Index.Remove(profile)
}
