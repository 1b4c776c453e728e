package resolve

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"fob/internal/secret"
)

// Credentials are what a plan ends in. Printing them shows no secret.
type Credentials struct {
	AccessKeyID string
	Secret      secret.Text
	Token       secret.Text // empty for long-lived keys
	Issued      time.Time   // when fob got them; zero when it did not make them
	Expires     time.Time   // zero: long-lived, or unknown
	AccountID   string      // twelve digits, or empty
	Source      string      // the step that made them, in its own words
}

// String shows the key id and the end, never a secret.
func (c Credentials) String() string {
	if c.Expires.IsZero() {
		return c.AccessKeyID
	}
	return c.AccessKeyID + " until " + c.Expires.UTC().Format(time.RFC3339)
}

// Left is the remaining life at now; a very long time for keys without an end.
func (c Credentials) Left(now time.Time) time.Duration {
	if c.Expires.IsZero() {
		return 1<<63 - 1
	}
	return c.Expires.Sub(now)
}

// Marshal is the form to be sealed: seven strings, each behind its length. It
// holds the secrets in clear.
func (c Credentials) Marshal() []byte {
	var b []byte
	for _, s := range []string{c.AccessKeyID, c.Secret.Reveal(), c.Token.Reveal(), stamp(c.Issued), stamp(c.Expires), c.AccountID, c.Source} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// Unmarshal reads what [Credentials.Marshal] wrote.
func (c *Credentials) Unmarshal(b []byte) error {
	var f [7]string
	for i := range f {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return errSealed
		}
		f[i], b = string(b[size:size+int(n)]), b[size+int(n):]
	}
	issued, err := unstamp(f[3])
	expires, err2 := unstamp(f[4])
	if err != nil || err2 != nil || len(b) > 0 || f[0] == "" || f[1] == "" {
		return errSealed
	}
	*c = Credentials{f[0], secret.New(f[1]), secret.New(f[2]), issued, expires, f[5], f[6]}
	return nil
}

var errSealed = errors.New("read session: not of this version")

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func unstamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, s)
}

// isTemporary says whether a key id is one of STS, which never works without its token.
func isTemporary(accessKeyID string) bool { return strings.HasPrefix(accessKeyID, "ASIA") }
