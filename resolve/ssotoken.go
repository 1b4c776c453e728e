package resolve

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"fob/internal/secret"
)

// maxSSOToken of a cache file, in bytes.
const maxSSOToken = 256 << 10

// ssoToken is a sign-in to IAM Identity Center as AWS tools save it in
// ~/.aws/sso/cache.
type ssoToken struct {
	access  secret.Text
	issued  time.Time // zero where nobody says
	expires time.Time
	sealed  bool // fob keeps it, else it lies in ~/.aws/sso/cache

	refresh          secret.Text
	clientID         string
	clientSecret     secret.Text
	registrationEnds time.Time

	all fields // everything that the file says, for when it is written again
}

// ssoTokenFile is the name of a sign-in's file: the SHA-1, in hex, of the
// session's name, or of the start URL where there is no session.
func ssoTokenFile(home, sessionOrURL string) string {
	h := sha1.Sum([]byte(sessionOrURL))
	return filepath.Join(home, ".aws", "sso", "cache", hex.EncodeToString(h[:])+".json")
}

// readSSOToken reads a saved sign-in. Its errors quote no value.
func readSSOToken(b []byte) (ssoToken, error) {
	f, err := readFields(b)
	if err != nil {
		return ssoToken{}, err
	}
	t, err := f.ssoToken()
	switch {
	case err != nil:
		return ssoToken{}, err
	case t.access.Empty():
		return ssoToken{}, errors.New("no accessToken in it")
	case t.expires.IsZero():
		return ssoToken{}, errors.New("expiresAt is not a time")
	}
	return t, nil
}

// ssoToken is what the fields say of a sign-in; what is absent stays empty.
func (f fields) ssoToken() (ssoToken, error) {
	t := ssoToken{all: f}
	var err error
	var access, refresh, clientSecret, expires, registration string
	for _, part := range []struct {
		name string
		to   *string
		read func(string) (string, error)
	}{
		{"accessToken", &access, f.credential}, {"expiresAt", &expires, f.text},
		{"refreshToken", &refresh, f.credential}, {"clientId", &t.clientID, f.credential},
		{"clientSecret", &clientSecret, f.credential}, {"registrationExpiresAt", &registration, f.text},
	} {
		if *part.to, err = part.read(part.name); err != nil {
			return ssoToken{}, err
		}
	}
	t.expires, _ = ssoTime(expires)
	t.registrationEnds, _ = ssoTime(registration)
	t.access, t.refresh, t.clientSecret = secret.New(access), secret.New(refresh), secret.New(clientSecret)
	return t, nil
}

// ssoTime reads RFC 3339, and "UTC" in the place of "Z" as older tools wrote it.
func ssoTime(s string) (time.Time, bool) {
	if plain, ok := strings.CutSuffix(s, "UTC"); ok {
		s = plain + "Z"
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC(), err == nil
}

// alive says whether the token may still be sent.
func (t ssoToken) alive(now time.Time) bool { return t.expires.Sub(now) > lastMinute }

// serves says whether the token is alive and not the one that AWS has just refused.
func (t ssoToken) serves(now time.Time, refused secret.Text) bool {
	return t.alive(now) && t.access != refused
}

// refreshable says whether a new token can be had without a person.
func (t ssoToken) refreshable(now time.Time) bool {
	return !t.refresh.Empty() && t.clientID != "" && !t.clientSecret.Empty() && t.registrationEnds.After(now)
}

// renewed is the file with a new token in it. Keys that fob does not know stay;
// so does the refresh token when no new one was given.
func (t ssoToken) renewed(access, refresh string, expires time.Time) ([]byte, error) {
	all := maps.Clone(t.all)
	set := func(name, value string) error {
		raw, err := json.Marshal(value)
		all[name] = raw
		return err
	}
	err := errors.Join(set("accessToken", access), set("expiresAt", expires.UTC().Format("2006-01-02T15:04:05Z")))
	if refresh != "" {
		err = errors.Join(err, set("refreshToken", refresh))
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// loadSSOToken reads a sign-in's file, as readCache does.
func loadSSOToken(path string) (ssoToken, error) {
	b, err := readCache(path, maxSSOToken)
	if err != nil {
		return ssoToken{}, err
	}
	return readSSOToken(b)
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
