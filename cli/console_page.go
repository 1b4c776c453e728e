package cli

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"fob/internal/loopback"
	"fob/internal/secret"
)

// consolePage is a server on 127.0.0.1 with one page, which sends the browser that
// asks first on to where it has to go, and nobody after it. Its address holds 130
// random bits and can be known only from the browser's arguments; where the system
// tells whose a connection is, another user's is turned away.
type consolePage struct {
	url    string
	path   string
	host   string
	to     secret.Text
	server *loopback.Server
	local  *net.TCPAddr
	once   sync.Once
	taken  chan struct{} // closed when the browser was sent on
	// stranger: another user's program asked for the page.
	stranger atomic.Bool
}

func servePage(to secret.Text) (*consolePage, error) {
	l, err := loopback.Listen()
	if err != nil {
		return nil, fmt.Errorf("listen for the browser: %w", err)
	}
	p := &consolePage{to: to, path: "/" + rand.Text(), host: l.Addr().String(), taken: make(chan struct{})}
	p.local, _ = l.Addr().(*net.TCPAddr)
	p.url = "http://" + p.host + p.path
	p.server = loopback.Serve(l, loopback.Brief(p))
	return p, nil
}

// wait returns when the browser was sent on.
func (p *consolePage) wait(ctx context.Context) error {
	select {
	case <-p.taken:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close lets the answer that is on its way get through, and nothing else.
func (p *consolePage) close() { p.server.Finish(time.Second) }

// ServeHTTP sends a browser on that goes to the page itself: scripts and pictures of
// other pages say Origin or another Sec-Fetch-Mode; a name that was bound to
// 127.0.0.1 is another Host.
func (p *consolePage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	status, text := p.take(r)
	if status == http.StatusSeeOther {
		h.Set("Location", p.to.Reveal())
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html lang=en><title>fob</title><p>"+text+"\n") // the browser may have left
}

func (p *consolePage) take(r *http.Request) (status int, text string) {
	mode, origin := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Origin")
	switch {
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "This is not for you."
	case r.Host != p.host, origin != "" && origin != "null", mode != "" && mode != "navigate":
		return http.StatusForbidden, "This is not for you."
	case subtle.ConstantTimeCompare([]byte(r.URL.Path), []byte(p.path)) != 1:
		return http.StatusNotFound, "There is nothing here."
	case !p.mine(r.RemoteAddr):
		p.stranger.Store(true)
		return http.StatusForbidden, "This is not for you."
	}
	first := false
	p.once.Do(func() { first = true })
	if !first {
		return http.StatusGone, "This page works once. Start fob console again."
	}
	close(p.taken)
	return http.StatusSeeOther, "Going to the console."
}

// mine says whether a connection is the user's own, or the administrator's, whom
// nothing here keeps out; also where the system does not tell.
func (p *consolePage) mine(remote string) bool {
	from, err := net.ResolveTCPAddr("tcp4", remote)
	return err == nil && p.local != nil && ownConnection(from, p.local)
}
