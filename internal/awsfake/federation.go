package awsfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The pages of AWS Sign-In that lead into the console.
const (
	federationPath = "/federation"
	signOutPath    = "/oauth"
)

// signinTokenLife is how long a sign-in token is good for.
const signinTokenLife = 15 * time.Minute

// consoleToken is what a sign-in token stands for.
type consoleToken struct {
	who        principal
	made, ends time.Time // of the token, of the console session
}

// isFederation says whether a request is for the console's sign-in.
func isFederation(r *http.Request) bool {
	return r.URL.Path == federationPath || r.URL.Path == signOutPath && r.Method == http.MethodGet
}

// serveFederation serves the federation endpoint, by
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html:
// getSigninToken takes credentials for a token, login takes the token for a
// console session. The console itself is not there: login answers with who is
// signed in and where the browser would go. Signing out sends the browser on.
func (s *Server) serveFederation(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request too large or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	c := &call{request: r, body: body, form: parseForm(r, body), service: service{name: "signin"}}
	latency := s.begin(c)
	defer s.end(c)
	if !s.wait(r, latency) {
		return
	}
	switch action := c.form.Get("Action"); {
	case r.URL.Path == signOutPath && action == "logout":
		c.log.Status = http.StatusFound
		http.Redirect(w, r, c.form.Get("redirect_uri"), http.StatusFound)
	case r.URL.Path == federationPath && action == "getSigninToken":
		s.deliver(w, c, s.signinToken(c))
	case r.URL.Path == federationPath && action == "login" && r.Method == http.MethodGet:
		s.deliver(w, c, s.consoleLogin(c))
	default:
		c.log.Status = http.StatusBadRequest
		page(w, http.StatusBadRequest, "Bad Request")
	}
}

// signinToken is getSigninToken. It says no more than that it will not.
func (s *Server) signinToken(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.fault.refusal(c); err != nil {
		return c.noPage(err.status)
	}
	if c.fault.Kind != "" && !c.fault.processed() {
		return answer{http.StatusOK, restType, nil}
	}
	var in struct{ SessionID, SessionKey, SessionToken string }
	if json.Unmarshal([]byte(c.form.Get("Session")), &in) != nil {
		return c.noPage(http.StatusBadRequest)
	}
	c.log.AccessKeyID = in.SessionID
	x := s.sessions[in.SessionID]
	if x == nil || x.Secret != in.SessionKey || x.Token != in.SessionToken || !s.clock().Before(x.Expires) || x.who.kind == userSession {
		return c.noPage(http.StatusBadRequest)
	}
	c.log.Signer = x.who.arn
	ends, ok := x.Expires, true
	if c.form.Has("SessionDuration") {
		if ends, ok = s.consoleEnd(c, x.who); !ok {
			return c.noPage(http.StatusBadRequest)
		}
	}
	token := newOpaque(400)
	if s.consoleTokens == nil {
		s.consoleTokens = map[string]consoleToken{}
	}
	s.consoleTokens[token] = consoleToken{who: x.who, made: s.clock(), ends: ends}
	c.log.Status = http.StatusOK
	return answer{http.StatusOK, restType, toJSON(map[string]string{"SigninToken": token})}
}

// consoleEnd reads SessionDuration, which only a role's session may send, and
// only one that was not taken from another session.
func (s *Server) consoleEnd(c *call, who principal) (time.Time, bool) {
	n, err := strconv.Atoi(c.form.Get("SessionDuration"))
	c.log.Seconds = n
	ok := err == nil && n >= 900 && n <= 43200 && who.kind == roleSession && !who.chained
	return seconds(s.clock().Add(time.Duration(n) * time.Second)), ok
}

// consoleLogin is what the browser comes to.
func (s *Server) consoleLogin(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, known := s.consoleTokens[c.form.Get("SigninToken")]
	to, err := url.Parse(c.form.Get("Destination"))
	if !known || s.clock().Sub(t.made) > signinTokenLife || err != nil || to.Scheme != "https" || to.Host == "" {
		return c.noPage(http.StatusBadRequest)
	}
	c.log.Status, c.log.Signer = http.StatusOK, t.who.arn
	text := fmt.Sprintf("console of %s until %s at %s\n", t.who.arn, t.ends.Format(time.RFC3339), to)
	return answer{http.StatusOK, "text/plain; charset=utf-8", []byte(text)}
}

// noPage is how the endpoint refuses: a page for people.
func (c *call) noPage(status int) answer {
	c.log.Status, c.log.Error = status, http.StatusText(status)
	return answer{status, "text/html", []byte("<html><body><h1>" + http.StatusText(status) + "</h1></body></html>")}
}

// SigninTokens are all tokens for the console given out so far, in no order.
func (s *Server) SigninTokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for t := range s.consoleTokens {
		all = append(all, t)
	}
	return all
}
