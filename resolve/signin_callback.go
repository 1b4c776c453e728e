package resolve

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"fob/internal/loopback"
)

const callbackPath = "/oauth/callback"

// callback is a server on 127.0.0.1 that takes one answer: the browser that comes
// back from AWS's page with the right state. Everything else is turned away, and
// the wait goes on.
type callback struct {
	uri    string
	state  string
	server *loopback.Server
	answer chan url.Values // of the one request that counts
	once   sync.Once
}

func listenCallback(state string) (*callback, error) {
	l, err := loopback.Listen()
	if err != nil {
		return nil, fmt.Errorf("listen for the browser's answer: %w", err)
	}
	c := &callback{uri: "http://" + l.Addr().String() + callbackPath, state: state, answer: make(chan url.Values, 1)}
	c.server = loopback.Serve(l, loopback.Brief(callbackHandler{c, l.Addr().String()}))
	return c, nil
}

// wait returns the code that the browser brings.
func (c *callback) wait(ctx context.Context) (string, error) {
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case q := <-c.answer:
		if code := q.Get("code"); code != "" {
			return code, nil
		}
		return "", &AWSError{Call: "the sign-in page", Cause: Refused, Code: q.Get("error"), Text: q.Get("error_description")}
	}
}

// close lets the page that is being answered get through, and nothing else.
func (c *callback) close() { c.server.Finish(time.Second) }

type callbackHandler struct {
	c    *callback
	host string
}

func (h callbackHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	status, text := h.take(r)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html lang=en><title>fob</title><p>"+text+"\n") // the browser may have left
}

// take decides on a request: only a page that the browser itself goes to, as
// after a redirect, may bring an answer. Scripts and pictures of other pages say
// Origin or another Sec-Fetch-Mode; a name that was bound to 127.0.0.1 is another
// Host.
func (h callbackHandler) take(r *http.Request) (status int, text string) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	mode, origin := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Origin")
	switch {
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "This is not for you."
	case r.Host != h.host, origin != "" && origin != "null", mode != "" && mode != "navigate":
		return http.StatusForbidden, "This is not for you."
	case r.URL.Path != callbackPath:
		return http.StatusNotFound, "There is nothing here."
	case err != nil, subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(h.c.state)) != 1, q.Get("code") == "" && q.Get("error") == "":
		return http.StatusBadRequest, "This is not the sign-in that fob waits for."
	}
	h.c.once.Do(func() { h.c.answer <- q })
	if q.Get("code") == "" {
		return http.StatusOK, "The sign-in was refused. You may close this page."
	}
	return http.StatusOK, "fob has the answer. You may close this page and go back to the terminal."
}
