package awsfake

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The pages that a person's browser opens.
const (
	authorizePage = "/authorize"
	devicePage    = "/device"
)

// servePage serves the pages. They are no calls: faults and counters pass them by.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == devicePage {
		s.serveDevice(w, r)
		return
	}
	s.serveAuthorize(w, r)
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><title>Sign in</title><p>%s</p>\n", html.EscapeString(text))
}

// serveAuthorize sends the browser back with a code, once the person has decided.
// Until then the browser waits for the page.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	client := s.center.clients[q.Get("client_id")]
	redirect := q.Get("redirect_uri")
	same := func(registered string) bool { return withoutPort(registered) == withoutPort(redirect) }
	if client == nil || !s.clock().Before(client.expires) || withoutPort(redirect) == "" || !slices.ContainsFunc(client.redirects, same) {
		s.mu.Unlock()
		page(w, http.StatusBadRequest, "Invalid client or redirect URI") // never redirect to a stranger
		return
	}
	if why := authorizeFault(client, q); why != "" {
		s.mu.Unlock()
		back(w, r, redirect, url.Values{"error": {why}, "state": q["state"]})
		return
	}
	ask := &signInRequest{SignInRequest: SignInRequest{ID: q.Get("state")}, client: client, code: newOpaque(40), redirect: redirect, challenge: q.Get("code_challenge")}
	s.ask(ask)
	s.mu.Unlock()
	select {
	case <-ask.decided:
	case <-r.Context().Done():
		return
	case <-s.quit:
		return
	}
	if ask.verdict == denied { // it does not change any more
		back(w, r, redirect, url.Values{"error": {"access_denied"}, "state": q["state"]})
		return
	}
	back(w, r, redirect, url.Values{"code": {ask.code}, "state": q["state"]})
}

func authorizeFault(client *oidcClient, q url.Values) string {
	for _, scope := range strings.Fields(q.Get("scopes")) {
		if !slices.Contains(client.scopes, scope) {
			return "invalid_scope"
		}
	}
	switch {
	case q.Get("response_type") != "code":
		return "unsupported_response_type"
	case !client.may(codeGrant):
		return "unauthorized_client"
	case q.Get("code_challenge_method") != "S256", len(q.Get("code_challenge")) != 43, q.Get("state") == "":
		return "invalid_request"
	}
	return ""
}

func back(w http.ResponseWriter, r *http.Request, to string, with url.Values) {
	http.Redirect(w, r, to+"?"+with.Encode(), http.StatusFound)
}

// serveDevice is where a user code is shown to the person, or typed.
func (s *Server) serveDevice(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("user_code")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ask := range s.center.requests {
		if ask.Device && ask.ID == code && s.clock().Before(ask.expires) {
			page(w, http.StatusOK, "Authorization requested: "+code)
			return
		}
	}
	page(w, http.StatusBadRequest, "Invalid user code")
}
