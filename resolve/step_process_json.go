package resolve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"fob/internal/secret"
)

// fields is a JSON object read strictly: names count letter for letter, where
// encoding/json would take any case, and a name that stands twice is refused.
type fields map[string]json.RawMessage

var errNotObject = errors.New("not a JSON object")

// readFields reads one JSON object with nothing after it. Its errors quote no
// value: it may be a secret.
func readFields(b []byte) (fields, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errNotObject
	}
	f := fields{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errNotObject
		}
		if _, twice := f[name]; twice {
			return nil, fmt.Errorf("invalid JSON: %.40q stands twice", name)
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return nil, errNotObject
		}
		f[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errNotObject
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("invalid JSON: something follows the object")
	}
	return f, nil
}

// text is a field that has to be a string; "" when it is absent, null or empty.
func (f fields) text(name string) (string, error) {
	raw, ok := f[name]
	if !ok || string(raw) == "null" {
		return "", nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return s, nil
}

// credential is a text field that holds a part of a credential: visible ASCII.
func (f fields) credential(name string) (string, error) {
	s, err := f.text(name)
	if err == nil && strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		err = fmt.Errorf("%s has other characters than a credential", name)
	}
	return s, err
}

// key reads the parts that every source has in common.
func (f fields) key(tokenName string) (Credentials, error) {
	var c Credentials
	var key, token string
	var err error
	for _, part := range []struct {
		name string
		to   *string
		must bool
	}{{"AccessKeyId", &c.AccessKeyID, true}, {"SecretAccessKey", &key, true}, {tokenName, &token, false}} {
		if *part.to, err = f.credential(part.name); err != nil {
			return c, err
		}
		if part.must && *part.to == "" {
			return c, fmt.Errorf("no %s in it (the letter case of names counts)", part.name)
		}
	}
	c.Secret, c.Token = secret.New(key), secret.New(token)
	return c, nil
}

// expiry reads Expiration, which has to name its zone; zero when it is absent.
func (f fields) expiry() (time.Time, error) {
	s, err := f.text("Expiration")
	if err != nil || s == "" {
		return time.Time{}, err
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(form, s); err == nil && !t.IsZero() { // zero would be no end at all
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("its Expiration is not a time with its zone, as 2030-01-02T15:04:05Z")
}

// readProcessOutput reads what a credential_process printed, as AWS's "Sourcing
// credentials with an external process" has it: Version is the number 1,
// AccessKeyId and SecretAccessKey are there, the rest may be.
func readProcessOutput(b []byte, now time.Time) (Credentials, error) {
	f, err := readFields(b)
	if err != nil {
		return Credentials{}, err
	}
	if raw, ok := f["Version"]; !ok || string(raw) != "1" {
		return Credentials{}, errors.New("its Version is not the number 1")
	}
	c, err := f.key("SessionToken")
	if err != nil {
		return Credentials{}, err
	}
	if c.Expires, err = f.expiry(); err != nil {
		return Credentials{}, err
	}
	account, err := f.text("AccountId")
	switch {
	case err != nil:
		return Credentials{}, err
	case isTemporary(c.AccessKeyID) && c.Token.Empty():
		return Credentials{}, errors.New("the key is temporary and there is no SessionToken: AWS would refuse it")
	case c.Left(now) <= 0:
		return Credentials{}, fmt.Errorf("the credentials expired at %s", c.Expires.Format(time.RFC3339))
	}
	c.AccountID = accountID(account)
	return c, nil
}
