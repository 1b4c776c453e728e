package resolve

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"fob/internal/secret"
)

// maxLoginToken of a cache file, in bytes.
const maxLoginToken = 256 << 10

// loginToken is a console session as `aws login` saves it in ~/.aws/login/cache:
// credentials for a quarter of an hour, and what gets the next ones.
type loginToken struct {
	credentials Credentials

	refresh  secret.Text
	clientID string
	proofKey secret.Text // PEM of the EC key that the refresh token is bound to

	all, access fields // everything that the file says, for when it is written again
}

// loginTokenFile is the name of a session's file: its SHA-256 in hex.
func loginTokenFile(dir, session string) string {
	h := sha256.Sum256([]byte(strings.TrimSpace(session)))
	return filepath.Join(dir, hex.EncodeToString(h[:])+".json")
}

// loadLoginToken reads a session's file, as readCache does.
func loadLoginToken(path string) (loginToken, error) {
	b, err := readCache(path, maxLoginToken)
	if err != nil {
		return loginToken{}, err
	}
	return readLoginToken(b)
}

// readLoginToken reads a saved session. Its errors quote no value. What only a
// refresh needs may be missing.
func readLoginToken(b []byte) (t loginToken, err error) {
	if t.all, err = readFields(b); err != nil {
		return loginToken{}, err
	}
	if t.access, err = t.all.object("accessToken"); err != nil {
		return loginToken{}, err
	}
	if t.credentials, err = readAccessToken(t.access); err != nil {
		return loginToken{}, err
	}
	ends, err := t.access.text("expiresAt")
	if err != nil {
		return loginToken{}, err
	}
	var ok bool
	if t.credentials.Expires, ok = ssoTime(ends); !ok || t.credentials.Expires.IsZero() { // zero would be no end at all
		return loginToken{}, errors.New("expiresAt is not a time")
	}
	account, err := t.access.text("accountId")
	if err != nil {
		return loginToken{}, err
	}
	t.credentials.AccountID = accountID(account)
	if t.refresh, err = t.all.secret("refreshToken"); err != nil {
		return loginToken{}, err
	}
	if t.clientID, err = t.all.credential("clientId"); err != nil {
		return loginToken{}, err
	}
	key, err := t.all.text("dpopKey")
	t.proofKey = secret.New(key)
	return t, err
}

// readAccessToken reads key, secret and token, which have to be there.
func readAccessToken(f fields) (c Credentials, err error) {
	if c.AccessKeyID, err = f.credential("accessKeyId"); err != nil {
		return c, err
	}
	if c.Secret, err = f.secret("secretAccessKey"); err != nil {
		return c, err
	}
	if c.Token, err = f.secret("sessionToken"); err != nil {
		return c, err
	}
	if c.AccessKeyID == "" || c.Secret.Empty() || c.Token.Empty() {
		err = errors.New("credentials without key, secret or token")
	}
	return c, err
}

// object is a field that has to be an object.
func (f fields) object(name string) (fields, error) {
	raw, ok := f[name]
	if !ok {
		return nil, fmt.Errorf("no %s in it", name)
	}
	inner, err := readFields(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return inner, nil
}

// missing is what a refresh would need and the file lacks, "" for nothing.
func (t loginToken) missing() string {
	switch {
	case t.refresh.Empty():
		return "refreshToken"
	case t.clientID == "":
		return "clientId"
	case t.proofKey.Empty():
		return "dpopKey"
	}
	return ""
}

// key is the private key that proves whose refresh token it is: of P-256, in
// SEC 1 as `aws login` writes it, or in PKCS #8. Its errors quote nothing.
func (t loginToken) key() (*ecdsa.PrivateKey, error) {
	bad := errors.New("dpopKey is no EC key of the curve P-256 in PEM")
	block, _ := pem.Decode([]byte(t.proofKey.Reveal()))
	if block == nil {
		return nil, bad
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, bad
		}
		key, _ = any.(*ecdsa.PrivateKey)
	}
	if key == nil || key.Curve != elliptic.P256() {
		return nil, bad
	}
	return key, nil
}

// renewed is the file with new credentials in it. Keys that fob does not know
// stay, inside accessToken too; so does the refresh token when no new one was given.
func (t loginToken) renewed(r refreshed) ([]byte, error) {
	c := r.credentials
	all, access := maps.Clone(t.all), maps.Clone(t.access)
	var errs []error
	set := func(f fields, name string, value any) {
		raw, err := json.Marshal(value)
		f[name] = raw
		errs = append(errs, err)
	}
	set(access, "accessKeyId", c.AccessKeyID)
	set(access, "secretAccessKey", c.Secret.Reveal())
	set(access, "sessionToken", c.Token.Reveal())
	set(access, "expiresAt", c.Expires.UTC().Format(time.RFC3339))
	set(all, "accessToken", access)
	if !r.next.Empty() {
		set(all, "refreshToken", r.next.Reveal())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}
