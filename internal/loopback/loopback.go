// Package loopback serves HTTP to programs of this machine.
//
//	l, err := loopback.Listen()
//	s := loopback.Serve(l, loopback.Brief(handler))
//	defer s.Close()
package loopback

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// slowest is what a client of a brief server may take for its request, or to take
// the answer.
const slowest = 5 * time.Second

// Listen takes a port of 127.0.0.1 that the system picks; other machines cannot
// connect.
func Listen() (net.Listener, error) { return net.Listen("tcp4", "127.0.0.1:0") }

// Brief returns a server for a few short requests: a slow client is hung up on, a
// connection serves one request, and there is no log. Headers may be large: a browser
// brings the cookies of every server on this machine.
func Brief(h http.Handler) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: slowest, ReadTimeout: slowest, WriteTimeout: slowest,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	s.SetKeepAlivesEnabled(false)
	return s
}

// Server answers on a listener. Unlike an [http.Server] it is over when it has been
// closed, also when that comes before its goroutine had begun to listen, or while
// it takes a connection.
type Server struct {
	listener net.Listener
	http     *http.Server
	ended    chan struct{} // closed when no further connection is taken
}

// Serve answers on l with h, which the server owns from now on, as it does l.
func Serve(l net.Listener, h *http.Server) *Server {
	s := &Server{listener: l, http: h, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		_ = h.Serve(l) // ends when l is closed
	}()
	return s
}

// Close ends the server with every connection. It may be called more than once.
func (s *Server) Close() {
	s.stop()
	_ = s.http.Close()
}

// Finish lets the answers that are on their way get through, for as long as grace,
// and closes the server.
func (s *Server) Finish(grace time.Duration) {
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = s.http.Shutdown(ctx) // what did not get through is closed next
	_ = s.http.Close()
}

// stop returns when the port is free and every connection that was taken is known
// to the http.Server.
func (s *Server) stop() {
	_ = s.listener.Close() // a second time it is closed already
	<-s.ended
}
