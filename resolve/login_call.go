package resolve

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"time"

	"fob/internal/secret"
)

// awsSignIn is the service AWS Sign-In, which renews console sessions.
type awsSignIn struct{ ssoClient }

// awsSignIn is the service of a region; override is "" for AWS's own.
func (r *Resolver) awsSignIn(s Service, override string) (awsSignIn, error) {
	base, err := awsSignInEndpoint(s, override)
	if err != nil {
		return awsSignIn{}, err
	}
	client, err := r.HTTP(s)
	return awsSignIn{ssoClient{http: client, base: base}}, err
}

// awsSignInEndpoint is where the service is, by the SDK's endpoint rule set.
func awsSignInEndpoint(s Service, override string) (*url.URL, error) {
	if override != "" {
		return awsEndpoint("signin", s, override)
	}
	p := Partition(s.Region)
	host := s.Region + "." + awsSignInSuffix(p)
	if suffix, dualStack := dnsSuffixes(p); s.FIPS || s.DualStack || awsSignInSuffix(p) == "" {
		if s.DualStack {
			suffix = dualStack
		}
		host = "signin." + s.Region + "." + suffix
		if s.FIPS {
			host = "signin-fips." + s.Region + "." + suffix
		}
	}
	return &url.URL{Scheme: "https", Host: host}, nil
}

// awsSignInSuffix is the domain of a partition's plain endpoints, "" for the
// partitions that have no domain of their own for it.
func awsSignInSuffix(partition string) string {
	switch partition {
	case "aws":
		return "signin.aws.amazon.com"
	case "aws-cn":
		return "signin.amazonaws.cn"
	case "aws-us-gov":
		return "signin.amazonaws-us-gov.com"
	}
	return ""
}

// createOAuth2Token is the name of the call in errors.
const createOAuth2Token = "CreateOAuth2Token (refresh of the console session)"

// refreshed is what a refresh gives. The credentials carry their end; next takes
// the place of the refresh token, unless it is empty.
type refreshed struct {
	credentials Credentials
	next        secret.Text
}

// refresh spends a refresh token: CreateOAuth2Token, with a proof of the key
// that the token is bound to. Where AWS refuses for good, code is its OAuth
// error ("TOKEN_EXPIRED"), or the HTTP status in words.
func (c awsSignIn) refresh(ctx context.Context, t loginToken, now func() time.Time) (r refreshed, code string, err error) {
	key, err := t.key()
	if err != nil {
		return r, "", err
	}
	body, err := json.Marshal(map[string]string{"clientId": t.clientID, "refreshToken": t.refresh.Reveal(), "grantType": "refresh_token"})
	if err != nil {
		return r, "", err
	}
	issued := now()
	f, err := c.do(ctx, ssoRequest{call: createOAuth2Token, method: http.MethodPost, path: "v1/token", body: body,
		proof: func(htu string) (string, error) { return dpop(key, http.MethodPost, htu, now()) }})
	if status := statusOf(err); status/100 == 4 && causeIn(err) != Throttled {
		var refused refusal
		errors.As(err, &refused)
		return r, cmp.Or(refused.oauth, http.StatusText(status)), err
	}
	if err != nil {
		return r, "", err
	}
	if r, err = readRefreshed(f, issued); err != nil {
		err = &AWSError{Call: createOAuth2Token, Cause: BadAnswer, Text: err.Error()}
	}
	return r, "", err
}

func readRefreshed(answer fields, issued time.Time) (r refreshed, err error) {
	f, err := answer.object("accessToken")
	if err != nil {
		return r, err
	}
	if r.credentials, err = readAccessToken(f); err != nil {
		return r, err
	}
	seconds, err := answer.whole("expiresIn", math.MaxInt32)
	if err != nil {
		return r, err
	}
	if seconds == 0 {
		return r, errors.New("credentials without an end")
	}
	r.credentials.Issued = issued
	r.credentials.Expires = issued.Add(time.Duration(seconds) * time.Second).UTC().Truncate(time.Second)
	r.next, err = answer.secret("refreshToken")
	return r, err
}
