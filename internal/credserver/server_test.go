package credserver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fob/internal/secret"
)

// net/http stays with a connection for half a second after it has answered 431.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

var now = time.Date(2026, 11, 22, 10, 0, 0, 500, time.UTC)

func session(context.Context) (Credentials, error) {
	return Credentials{
		AccessKeyID: "ASIAQ", Secret: secret.New("top/secret"), Token: secret.New("session+token"),
		Expires: now.Add(time.Hour), AccountID: "123456789012",
	}, nil
}

func start(t *testing.T, get func(context.Context) (Credentials, error)) *Server {
	t.Helper()
	s, err := Start(get, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// ask sends a request as an SDK does, with changes.
func (s *Server) ask(t *testing.T, change func(*http.Request)) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", s.Token().Reveal())
	if change != nil {
		change(r)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type") + res.Header.Get("Cache-Control"); got != "application/jsonno-store" {
		t.Errorf("headers %q", got)
	}
	return res.StatusCode, string(raw)
}

func TestAnswer(t *testing.T) {
	status, body := start(t, session).ask(t, nil)
	const want = `{"AccessKeyId":"ASIAQ","SecretAccessKey":"top/secret","Token":"session+token","Expiration":"2026-11-22T11:00:00Z","AccountId":"123456789012"}` + "\n"
	if status != 200 || body != want {
		t.Errorf("got %d, %s", status, body)
	}
}

// botocore fails without Token and Expiration, so does the SDK for JavaScript.
func TestKeyWithoutSession(t *testing.T) {
	s := start(t, func(context.Context) (Credentials, error) {
		return Credentials{AccessKeyID: "AKIAQ", Secret: secret.New("top/secret")}, nil
	})
	status, body := s.ask(t, nil)
	const want = `{"AccessKeyId":"AKIAQ","SecretAccessKey":"top/secret","Token":"","Expiration":"2026-11-22T11:00:00Z"}` + "\n"
	if status != 200 || body != want {
		t.Errorf("got %d, %s", status, body)
	}
}

func TestRefused(t *testing.T) {
	s := start(t, func(context.Context) (Credentials, error) {
		t.Error("a refused request was taken to the source")
		return Credentials{}, nil
	})
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	_, port, _ := net.SplitHostPort(s.address)
	for _, tt := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"no token", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"empty token", header("Authorization", ""), 401},
		{"another token", header("Authorization", strings.Repeat("0", 64)), 401},
		{"a part of the token", header("Authorization", s.Token().Reveal()[:63]), 401},
		{"a scheme before the token", header("Authorization", "Bearer "+s.Token().Reveal()), 401},
		{"localhost", func(r *http.Request) { r.Host = "localhost:" + port }, 403},
		{"a name that was bound to loopback", func(r *http.Request) { r.Host = "evil.example:" + port }, 403},
		{"no port", func(r *http.Request) { r.Host = "127.0.0.1" }, 403},
		{"a page's script", header("Origin", "https://evil.example"), 403},
		{"a page without an origin", header("Origin", "null"), 403},
		{"a browser", header("Sec-Fetch-Site", "none"), 403},
		{"a page's picture", header("Sec-Fetch-Site", "cross-site"), 403},
		{"POST", func(r *http.Request) { r.Method = http.MethodPost }, 405},
		{"OPTIONS", func(r *http.Request) { r.Method = http.MethodOptions }, 405},
		{"PUT, as for IMDSv2", func(r *http.Request) { r.Method, r.URL.Path = http.MethodPut, "/latest/api/token" }, 405},
		{"another path", func(r *http.Request) { r.URL.Path = "/" }, 404},
		{"the metadata path", func(r *http.Request) { r.URL.Path = "/latest/meta-data/iam/security-credentials/" }, 404},
	} {
		status, body := s.ask(t, tt.change)
		var no struct{ Code, Message string }
		if err := json.Unmarshal([]byte(body), &no); err != nil || status != tt.status || no.Code == "" || no.Message == "" {
			t.Errorf("%s: got %d, %q, want %d", tt.name, status, body, tt.status)
		}
	}
}

func TestFailure(t *testing.T) {
	s := start(t, func(context.Context) (Credentials, error) {
		return Credentials{}, errors.New("AWS says \x1b[31mno")
	})
	status, body := s.ask(t, nil)
	if want := `{"code":"CredentialsUnavailable","message":"AWS says \\x1b[31mno"}` + "\n"; status != 503 || body != want {
		t.Errorf("got %d, %s", status, body)
	}
}

// botocore waits 2 s for an answer.
func TestAnswersInTime(t *testing.T) {
	t.Parallel()
	s := start(t, func(ctx context.Context) (Credentials, error) {
		<-ctx.Done()
		return Credentials{}, ctx.Err()
	})
	const limit = 2 * time.Second
	took := time.Hour
	for tries := 0; took > limit && tries < 5; tries++ { // the machine may be busy
		before := time.Now()
		status, body := s.ask(t, nil)
		took = time.Since(before)
		if status != 503 || !strings.Contains(body, "CredentialsNotReady") {
			t.Errorf("got %d, %s, after %v", status, body, took)
		}
	}
	if took > limit {
		t.Errorf("an answer takes %v", took)
	}
}

// Whoever is on the machine can connect; a thousand connections that say nothing
// keep nobody out, and are not held.
func TestCrowd(t *testing.T) {
	s := start(t, session)
	var all []net.Conn
	for i := range 1000 {
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		all = append(all, conn)
		if i%2 == 0 {
			_, _ = io.WriteString(conn, "GET /credentials HTTP/1.1\r\nX-Slow: ")
		}
	}
	before := time.Now()
	if status, body := s.ask(t, nil); status != 200 || time.Since(before) > time.Second {
		t.Errorf("got %d, %s, after %v", status, body, time.Since(before))
	}
	for i, conn := range all[:1000-maxCrowd] {
		_ = conn.SetReadDeadline(before.Add(2 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("connection %d is still open: %v", i, err)
		}
	}
}

// A thousand requests at once: those that are served get the whole answer.
func TestManyRequests(t *testing.T) {
	s := start(t, session)
	const at = 32 // once
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for range 1000 / at {
				if status, body := s.ask(t, nil); status != 200 || !strings.HasSuffix(body, "}\n") {
					t.Errorf("got %d, %q", status, body)
				}
			}
		})
	}
	all.Wait()
}

// A client that is slow with its request is hung up on after 5 s.
func TestSlowClient(t *testing.T) {
	t.Parallel()
	s := start(t, session)
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /credentials HTTP/1.1\r\nHost: %s\r\nAuthorization: ", s.address)
	before := time.Now()
	_ = conn.SetReadDeadline(before.Add(10 * time.Second))
	_, err = bufio.NewReader(conn).ReadByte()
	if took := time.Since(before); !errors.Is(err, io.EOF) || took > 7*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

// Nobody fills the memory with headers, which come before the token is looked at.
func TestHugeHeader(t *testing.T) {
	s := start(t, session)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", s.Token().Reveal())
	r.Header.Set("Cookie", strings.Repeat("x", 32<<10))
	res, err := (&http.Transport{}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d", res.StatusCode)
	}
}

func TestOnlyLoopback(t *testing.T) {
	a, b := start(t, session), start(t, session)
	for _, s := range []*Server{a, b} {
		if host, _, _ := net.SplitHostPort(s.address); host != "127.0.0.1" {
			t.Errorf("listens on %s", s.address)
		}
	}
	if a.address == b.address || a.Token() == b.Token() || len(a.Token().Reveal()) != 64 {
		t.Error("two endpoints are alike")
	}
}

func TestClosed(t *testing.T) {
	s := start(t, session)
	s.Close()
	s.Close()
	if conn, err := net.Dial("tcp", s.address); err == nil {
		conn.Close()
		t.Error("somebody listens still")
	}
}
