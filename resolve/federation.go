package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fob/internal/secret"
)

// The way into the console is that of the IAM User Guide, "Enable custom identity
// broker access to the AWS console": the federation endpoint gives a sign-in token
// for temporary credentials, and a URL with the token signs a browser in.

// getSigninToken is the name of the call in errors.
const getSigninToken = "getSigninToken"

// maxSigninToken in bytes. AWS's have some 2,000.
const maxSigninToken = 16 << 10

// SigninToken asks for a token that signs a browser in to the console as somebody.
// The token is good for 15 minutes. length is how long the console session is to
// last, zero for as long as the credentials; where AWS takes none with these
// credentials, the session lasts as long as they do, which Warn hears of and taken
// says.
//
// Errors: *AWSError, ErrCancelled, and what HTTP returns. They hold no secret.
func (r *Resolver) SigninToken(ctx context.Context, c Console, as Credentials, length time.Duration) (token secret.Text, taken bool, err error) {
	client, err := r.HTTP(c.service)
	if err != nil {
		return secret.Text{}, false, err
	}
	if c.foreign {
		r.warn("%s is called instead of AWS", c.signIn.Host)
	}
	session, err := json.Marshal(map[string]string{"sessionId": as.AccessKeyID, "sessionKey": as.Secret.Reveal(), "sessionToken": as.Token.Reveal()})
	if err != nil {
		return secret.Text{}, false, err
	}
	f := federation{client, c}
	form := url.Values{"Action": {getSigninToken}, "Session": {string(session)}}
	if length > 0 {
		form.Set("SessionDuration", seconds(length))
	}
	if token, err = f.token(ctx, form); length == 0 || causeIn(err) != Refused {
		return token, length > 0, err
	}
	form.Del("SessionDuration")
	if token, err = f.token(ctx, form); err == nil {
		r.warn("AWS takes no session length with these credentials; the console session lasts as long as they do")
	}
	return token, false, err
}

// federation is the federation endpoint of a console.
type federation struct {
	http *http.Client
	at   Console
}

// token sends the credentials in the body: URLs get into logs. AWS's own toolkits
// do so in the partitions aws and aws-cn. What AWS documents is a GET, which is
// what is left where another partition takes no POST.
func (f federation) token(ctx context.Context, form url.Values) (secret.Text, error) {
	token, err := f.do(ctx, http.MethodPost, form)
	if status := statusOf(err); status/100 == 4 && f.at.Partition != "aws" && f.at.Partition != "aws-cn" {
		token, err = f.do(ctx, http.MethodGet, form)
	}
	return token, err
}

// do makes the call, up to three times while the service or the network fails.
func (f federation) do(ctx context.Context, method string, form url.Values) (secret.Text, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for try := 1; ; try++ {
		token, again, err := f.once(ctx, method, form)
		if !again || try == maxTries {
			return token, err
		}
		(ssoClient{}).pause(ctx, try)
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return secret.Text{}, ErrCancelled
		case ctx.Err() != nil:
			return secret.Text{}, err
		}
	}
}

// once is one try. again says whether another may end better.
func (f federation) once(ctx context.Context, method string, form url.Values) (token secret.Text, again bool, err error) {
	to, body := *f.at.signIn.JoinPath("federation"), ""
	if method == http.MethodGet {
		to.RawQuery = form.Encode()
	} else {
		body = form.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, to.String(), strings.NewReader(body))
	if err != nil {
		return secret.Text{}, false, withoutURL(err)
	}
	req.Header.Set("User-Agent", "fob")
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	call := getSigninToken + " at " + to.Host
	defer func() { unspoken(err, req, secret.New(form.Get("Session"))) }()
	res, err := f.http.Do(req)
	if err != nil {
		return secret.Text{}, ctx.Err() == nil && mayPass(err), awsError(call, withoutURL(err))
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	switch {
	case errors.Is(err, errTooLarge):
		return secret.Text{}, false, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error(), Err: err}
	case err != nil:
		return secret.Text{}, ctx.Err() == nil, awsError(call, withoutURL(err))
	case res.StatusCode != http.StatusOK:
		e := notLetIn(call, res.StatusCode)
		return secret.Text{}, e.Cause == Unreachable || e.Cause == Throttled, e
	}
	if token, err = readSigninToken(answer); err != nil {
		return secret.Text{}, false, &AWSError{Call: call, Cause: BadAnswer, Text: notAWS, Err: err}
	}
	return token, false, nil
}

// withoutURL takes net/http's wrapping off an error: it names the URL, which a GET
// puts the credentials in.
func withoutURL(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// notLetIn sorts a refusal by its status alone: the endpoint answers with a page
// for people, which says no more.
func notLetIn(call string, status int) *AWSError {
	e := &AWSError{Call: call, Cause: BadAnswer, Err: httpStatus(status), Text: fmt.Sprintf("status %d, %s", status, notAWS)}
	switch {
	case status == http.StatusTooManyRequests:
		e.Cause, e.Text = Throttled, fmt.Sprintf("status %d", status)
	case status >= 500:
		e.Cause, e.Text = Unreachable, fmt.Sprintf("status %d", status)
	case status >= 400:
		e.Cause, e.Text = Refused, fmt.Sprintf("status %d: AWS does not let these credentials into the console", status)
	}
	return e
}

// readSigninToken takes a token that a URL can carry, and nothing else.
func readSigninToken(answer []byte) (secret.Text, error) {
	f, err := readFields(answer)
	if err != nil {
		return secret.Text{}, err
	}
	token, err := f.secret("SigninToken")
	if n := len(token.Reveal()); err == nil && (n == 0 || n > maxSigninToken) {
		err = errors.New("no sign-in token in it")
	}
	return token, err
}

// LoginURL signs a browser in and goes to a page. It is a secret while its token
// is good.
func (c Console) LoginURL(token secret.Text, page string) secret.Text {
	u := c.signIn.JoinPath("federation")
	u.RawQuery = url.Values{"Action": {"login"}, "Destination": {page}, "SigninToken": {token.Reveal()}}.Encode()
	return secret.New(u.String())
}

// LogoutFirst ends the session that the browser has and goes on to a [Console.LoginURL]
// of the same console, whose sign-in has to be the partition's: AWS sends a browser
// on to that host alone.
func (c Console) LogoutFirst(login secret.Text) secret.Text {
	u := c.signIn.JoinPath("oauth")
	u.RawQuery = url.Values{"Action": {"logout"}, "redirect_uri": {login.Reveal()}}.Encode()
	return secret.New(u.String())
}
