package resolve

import (
	"context"
	"fmt"
	"time"

	"fob/internal/secret"
)

// KeyStep is a long-lived key from the keychain.
type KeyStep struct {
	Profile     string // the name it is stored under
	AccessKeyID string // from the index, which needs no unlocking
	AccountID   string
}

func (s KeyStep) String() string {
	return fmt.Sprintf("long-lived key %q (%s) from the keychain", s.Profile, s.AccessKeyID)
}

// Origin is the keychain.
func (s KeyStep) Origin() Origin { return Origin{Name: "keychain"} }

func (s KeyStep) inputs(w *keyWriter) { w.add("key", s.AccessKeyID) }

func (s KeyStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	id, key, err := w.StoredKey(ctx, s.Profile)
	if err != nil {
		return Credentials{}, err
	}
	if id != s.AccessKeyID {
		return Credentials{}, &ChangedKeyError{s.Profile, s.AccessKeyID, id}
	}
	return staticKey(id, key, s.AccountID, s.String()), nil
}

// ChangedKeyError: the key was replaced between planning and reading it.
type ChangedKeyError struct{ Profile, Was, Is string }

func (e *ChangedKeyError) Error() string {
	return fmt.Sprintf("the stored key of %q was just replaced: %s instead of %s", e.Profile, e.Is, e.Was)
}

// StaticStep is a key pair that lies in clear: in a profile, in the
// environment or in a CSV file. With a token it is a session that somebody
// else got.
type StaticStep struct {
	From        string // "the environment", "profile \"x\"", a CSV file
	At          Origin
	AccessKeyID string
	Secret      secret.Text
	Token       secret.Text
	Expires     time.Time
	AccountID   string
}

func (s StaticStep) String() string {
	what := "key "
	if !s.Token.Empty() {
		what = "session "
	}
	return what + s.AccessKeyID + " from " + s.From
}

// Origin is the line, variable or file that holds the key id.
func (s StaticStep) Origin() Origin { return s.At }

func (s StaticStep) inputs(w *keyWriter) { w.add("key", s.AccessKeyID) }

func (s StaticStep) run(context.Context, *walk, Credentials) (Credentials, error) {
	c := staticKey(s.AccessKeyID, s.Secret, s.AccountID, s.String())
	c.Token, c.Expires = s.Token, s.Expires
	return c, nil
}

func staticKey(id string, key secret.Text, account, source string) Credentials {
	if account == "" {
		account = accountOfKeyID(id)
	}
	return Credentials{AccessKeyID: id, Secret: key, AccountID: account, Source: source}
}
