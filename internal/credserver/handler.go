package credserver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"fob/internal/display"
	"fob/internal/secret"
)

const (
	// answerLimit is how long a request waits for credentials when there are none:
	// a little less than botocore does, which then comes back twice.
	answerLimit = 1800 * time.Millisecond
	// noEnd is what a key without an end is given: SDKs want an expiry, and ask
	// again when it has come.
	noEnd = time.Hour
)

// handler answers requests.
type handler struct {
	host  string
	token secret.Text
	get   func(context.Context) (Credentials, error)
	now   func() time.Time
}

// refusal is an answer without credentials, as the SDKs read it.
type refusal struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if no := h.refuse(r); no != nil {
		write(w, no.status, no)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerLimit)
	defer cancel()
	c, err := h.get(ctx)
	if err != nil {
		no := &refusal{http.StatusServiceUnavailable, "CredentialsUnavailable", display.Line(err.Error())}
		if errors.Is(err, context.DeadlineExceeded) {
			no.Code, no.Message = "CredentialsNotReady", "fob is getting new credentials: try again"
		}
		write(w, no.status, no)
		return
	}
	write(w, http.StatusOK, h.document(c))
}

// refuse says why a request gets no credentials; nil when it may have them. No
// SDK sends what a browser does, and a name that was bound to 127.0.0.1 is
// another Host.
func (h *handler) refuse(r *http.Request) *refusal {
	switch {
	case r.Host != h.host, r.Header.Get("Origin") != "", r.Header.Get("Sec-Fetch-Site") != "":
		return &refusal{http.StatusForbidden, "Forbidden", "this endpoint is not for browsers"}
	case !h.knows(r.Header.Get("Authorization")):
		return &refusal{http.StatusUnauthorized, "Unauthorized", "the token is not that of this endpoint"}
	case r.Method != http.MethodGet:
		return &refusal{http.StatusMethodNotAllowed, "MethodNotAllowed", "only GET is answered"}
	case r.URL.Path != path:
		return &refusal{http.StatusNotFound, "NotFound", "there is nothing here"}
	}
	return nil
}

// knows compares a token in a time that does not depend on it.
func (h *handler) knows(token string) bool {
	want, got := sha256.Sum256([]byte(h.token.Reveal())), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// document is the answer. SDKs want each of the first four, botocore as a key
// that is there, so that a key without a session has an empty token.
func (h *handler) document(c Credentials) any {
	expires := c.Expires
	if expires.IsZero() {
		expires = h.now().Add(noEnd)
	}
	return struct {
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
		Token           string
		Expiration      string
		AccountID       string `json:"AccountId,omitempty"`
	}{c.AccessKeyID, c.Secret.Reveal(), c.Token.Reveal(), expires.UTC().Format("2006-01-02T15:04:05Z"), c.AccountID}
}

func write(w http.ResponseWriter, status int, v any) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have left
}
