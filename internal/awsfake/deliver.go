package awsfake

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// deliver sends an answer, as far as the call's fault lets it.
func (s *Server) deliver(w http.ResponseWriter, c *call, a answer) {
	h := w.Header()
	h.Set("Date", s.Now().UTC().Format(http.TimeFormat))
	h.Set("X-Amzn-Requestid", c.id)
	h.Set("Content-Type", a.contentType)
	if c.errorType != "" {
		h.Set("X-Amzn-Errortype", c.errorType)
	}
	switch c.fault.Kind {
	case Timeout:
		s.hold(c.request)
	case Reset:
		reset(w)
	case Drip:
		w.WriteHeader(a.status)
		s.drip(w, c, a.body)
	case Truncated:
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body[:len(a.body)/2])
	case Garbage:
		h.Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!DOCTYPE html><html><body>Please sign in to the hotel's Wi-Fi &nbsp;<br>\x00\xff")
	case GzipBomb:
		h.Set("Content-Encoding", "gzip")
		bomb(w)
	case Endless:
		s.endless(w, c.request)
	default:
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body) // the client may have left
	}
}

// wait says whether d passed before the client or the server went away.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.quit:
	}
	return false
}

func (s *Server) hold(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.quit:
	}
}

// reset closes the connection so that the client sees a TCP reset, where there
// is a TCP connection to reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // how a handler drops a connection it cannot have
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func (s *Server) drip(w http.ResponseWriter, c *call, body []byte) {
	flush := http.NewResponseController(w).Flush
	for i := range body {
		if _, err := w.Write(body[i : i+1]); err != nil || flush() != nil {
			return
		}
		if !s.wait(c.request, c.fault.Every) {
			return
		}
	}
}

const mib = 1 << 20

// bomb sends one small gzip member again and again: a reader sees them as one.
func bomb(w io.Writer) {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	_, errWrite := z.Write(bytes.Repeat([]byte(" "), mib))
	if z.Close() != nil || errWrite != nil {
		return
	}
	for range 4096 {
		if _, err := w.Write(member.Bytes()); err != nil {
			return
		}
	}
}

func (s *Server) endless(w io.Writer, r *http.Request) {
	blanks := bytes.Repeat([]byte(" "), mib/16)
	for r.Context().Err() == nil {
		select {
		case <-s.quit:
			return
		default:
		}
		if _, err := w.Write(blanks); err != nil {
			return
		}
	}
}
