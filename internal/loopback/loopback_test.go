package loopback

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, h http.HandlerFunc) (s *Server, address string) {
	t.Helper()
	l, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	s = Serve(l, Brief(h))
	t.Cleanup(s.Close)
	return s, l.Addr().String()
}

// An http.Server that is closed before its goroutine ran leaves the port open for
// a moment: one time in five here.
func TestClosedAtOnce(t *testing.T) {
	for range 300 {
		s, address := start(t, nil)
		s.Close()
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Fatal("somebody listens still")
		}
		s.Close()
	}
}

// A connection that comes while the server is closed does not outlive it.
func TestClosedWhileTaking(t *testing.T) {
	for range 300 {
		s, address := start(t, nil)
		dialled := make(chan net.Conn)
		go func() {
			conn, _ := net.Dial("tcp", address)
			dialled <- conn
		}()
		s.Close()
		conn := <-dialled
		if conn == nil {
			continue
		}
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("the connection is still open: %v", err)
		}
		conn.Close()
	}
}

// The answer that is on its way gets through, and nothing takes longer than the grace.
func TestFinish(t *testing.T) {
	for name, tt := range map[string]struct {
		grace time.Duration
		slow  bool
		want  string
	}{
		"through": {time.Minute, false, "the answer"},
		"cut off": {time.Millisecond, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			asked, closing := make(chan struct{}), make(chan struct{})
			s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
				close(asked)
				if <-closing; tt.slow {
					<-r.Context().Done()
				}
				_, _ = io.WriteString(w, "the answer")
			})
			got := make(chan string)
			go func() {
				res, err := (&http.Transport{}).RoundTrip(must(http.NewRequest(http.MethodGet, "http://"+address, nil)))
				if err != nil {
					got <- ""
					return
				}
				defer res.Body.Close()
				body, _ := io.ReadAll(res.Body)
				got <- string(body)
			}()
			<-asked
			close(closing)
			s.Finish(tt.grace)
			if body := <-got; body != tt.want {
				t.Errorf("got %q", body)
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
