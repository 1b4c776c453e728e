package resolve

import (
	"encoding/json"
	"fmt"
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

// sealedCredentials is the plain text inside a sealed session file.
type sealedCredentials struct {
	AccessKeyID     string    `json:"access_key_id"`
	SecretAccessKey string    `json:"secret_access_key"`
	SessionToken    string    `json:"session_token,omitempty"`
	Issued          time.Time `json:"issued"`
	Expires         time.Time `json:"expires"`
	AccountID       string    `json:"account_id,omitempty"`
	Source          string    `json:"source,omitempty"`
}

// Marshal is the form to be sealed. It holds the secrets in clear.
func (c Credentials) Marshal() ([]byte, error) {
	return json.Marshal(sealedCredentials{c.AccessKeyID, c.Secret.Reveal(), c.Token.Reveal(), c.Issued, c.Expires, c.AccountID, c.Source})
}

// Unmarshal reads what [Credentials.Marshal] wrote.
func (c *Credentials) Unmarshal(b []byte) error {
	var s sealedCredentials
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	if s.AccessKeyID == "" || s.SecretAccessKey == "" {
		return fmt.Errorf("read session: no key in it")
	}
	*c = Credentials{s.AccessKeyID, secret.New(s.SecretAccessKey), secret.New(s.SessionToken), s.Issued, s.Expires, s.AccountID, s.Source}
	return nil
}

// isTemporary says whether a key id is one of STS, which never works without its token.
func isTemporary(accessKeyID string) bool { return strings.HasPrefix(accessKeyID, "ASIA") }
