// Package echo finds in a server's words what it was sent and nobody else may read: AWS
// says of a signature that it does not take what it was made from, the session token
// among it, and a proxy may show a request as a whole.
package echo

import (
	"net/http"
	"net/url"
	"strings"

	"fob/internal/secret"
)

// piece is the length of the parts of a secret that are looked for. Twice as many
// characters in a row have one in them wherever they begin; AWS's secrets are longer.
const piece = 16

// Secrets are those in the headers of a request: the signature, the session token, and
// the tokens of a sign-in and of the metadata services. The secret access key is in none.
func Secrets(r *http.Request) (out []secret.Text) {
	if r == nil {
		return nil
	}
	for _, name := range []string{"X-Amz-Security-Token", "X-Amz-Sso_bearer_token", "X-Aws-Ec2-Metadata-Token", "Dpop"} {
		out = append(out, secret.New(r.Header.Get(name)))
	}
	authorization := r.Header.Get("Authorization")
	if _, signature, ok := strings.Cut(authorization, "Signature="); ok {
		authorization = signature
	}
	return append(out, secret.New(authorization))
}

// Repeats says whether a text has a secret in it or a long part of one, as it is or as it
// stands in a URL. One of less than 16 characters is not found.
func Repeats(text string, secrets ...secret.Text) bool {
	text = strings.ToLower(text) // %2f is %2F
	for _, s := range secrets {
		value := s.Reveal()
		for _, form := range []string{value, url.QueryEscape(value), url.PathEscape(value)} {
			if hasPiece(text, strings.ToLower(form)) {
				return true
			}
		}
	}
	return false
}

func hasPiece(text, of string) bool {
	if len(of) < piece || len(text) < piece {
		return false
	}
	for at := 0; at+piece <= len(of); at += piece {
		if strings.Contains(text, of[at:at+piece]) {
			return true
		}
	}
	return strings.Contains(text, of[len(of)-piece:])
}
