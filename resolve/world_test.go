package resolve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fob/internal/awsfake"
	"fob/internal/secret"
)

const account = "123456789012"

// world is a fake AWS and everything a Resolver needs, in a bubble of fake time:
// hours pass at once, and the retries of the SDK cost nothing. The bubble needs
// a network that it can see, so the server listens on pipes.
type world struct {
	t     *testing.T
	aws   *awsfake.Server
	ann   *awsfake.User
	mfa   *awsfake.MFA
	pipes *pipes
	dir   *os.Root
	cache *memCache

	config, credentials string
	env                 map[string]string
	kept                map[string]StoredKey

	// handler answers in the place of the fake AWS.
	handler http.HandlerFunc
	// code gives the MFA codes; nil means the device's own.
	code func(CodeRequest) (string, error)
	// machine says that codes come from a program, not from a person.
	machine bool

	mu       sync.Mutex
	asked    []CodeRequest
	unlocks  int
	warnings []string
}

// inWorld runs a test with ann, who has a key in the keychain and an MFA
// device, and the roles Ops, Dev and Audit that want MFA.
func inWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		test(t, w)
	})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, aws: awsfake.New(awsfake.Options{}), pipes: newPipes(), dir: dir, cache: newMemCache()}
	w.ann = w.aws.AddUser(account, "ann")
	w.mfa = w.ann.AddMFA("")
	w.kept = map[string]StoredKey{"ann": {AccessKeyID: w.ann.Key.ID}}
	w.env = map[string]string{}
	for _, name := range []string{"Ops", "Dev", "Audit"} {
		w.addRole(awsfake.Role{ARN: roleARN(name), RequireMFA: true})
	}
	w.config = "[profile ann]\nregion = eu-central-1\nmfa_serial = " + w.mfa.Serial + "\n" +
		role("ops", "Ops", "ann") + role("dev", "Dev", "ann") + role("audit", "Audit", "ann")
	served := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.handler != nil {
			w.handler(rw, r)
			return
		}
		w.aws.ServeHTTP(rw, r)
	})}
	go func() { _ = served.Serve(w.pipes) }()
	t.Cleanup(func() {
		_ = served.Close()
		w.aws.Close()
		_ = dir.Close()
	})
	return w
}

func roleARN(name string) string { return "arn:aws:iam::" + account + ":role/" + name }

// role is a profile with a role, more are lines to add to it.
func role(profile, name, source string, more ...string) string {
	return fmt.Sprintf("[profile %s]\nrole_arn = %s\nsource_profile = %s\n%s\n", profile, roleARN(name), source, strings.Join(more, "\n"))
}

func (w *world) addRole(r awsfake.Role) {
	w.t.Helper()
	if err := w.aws.AddRole(r); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fail(f awsfake.Fault) {
	w.t.Helper()
	if err := w.aws.Fail(f); err != nil {
		w.t.Fatal(err)
	}
}

// plan plans for a profile.
func (w *world) plan(profile string) *Plan {
	w.t.Helper()
	return w.planFor(Request{Profile: profile})
}

func (w *world) planFor(req Request) *Plan {
	w.t.Helper()
	c := planCase{config: w.config, credentials: w.credentials, env: w.env, kept: w.kept, req: req}
	p, err := c.planner(w.t).Plan(req)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// resolver is a Resolver as a new process would have it.
func (w *world) resolver() *Resolver {
	return &Resolver{
		HTTP:        w.http,
		StoredKey:   w.storedKey,
		Cache:       w.cache,
		Flight:      func() *os.Root { return w.dir },
		Code:        w.giveCode,
		NeedsPerson: func(CodeRequest) bool { return !w.machine },
		Warn: func(s string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.warnings = append(w.warnings, s)
		},
	}
}

func (w *world) storedKey(_ context.Context, profile string) (string, secret.Text, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unlocks++
	if profile != "ann" {
		return "", secret.Text{}, errors.New("no such key")
	}
	return w.ann.Key.ID, secret.New(w.ann.Key.Secret), nil
}

func (w *world) giveCode(_ context.Context, req CodeRequest) (string, error) {
	w.mu.Lock()
	w.asked = append(w.asked, req)
	w.mu.Unlock()
	if w.code != nil {
		return w.code(req)
	}
	return w.now(), nil
}

// now is what the device shows.
func (w *world) now() string { return w.mfa.Code(time.Now()) }

// resolve resolves a profile in a new process.
func (w *world) resolve(profile string) (Credentials, error) {
	w.t.Helper()
	return w.resolver().Resolve(w.t.Context(), w.plan(profile))
}

// must is resolve without an error.
func (w *world) must(profile string) Credentials {
	w.t.Helper()
	c, err := w.resolve(profile)
	if err != nil {
		w.t.Fatalf("%s: %v", profile, err)
	}
	return c
}

// log is the calls since the last one, as "Action signer" and what they carried.
func (w *world) log() string {
	var all []string
	for _, c := range w.aws.Calls() {
		s := c.Action
		if c.RoleARN != "" {
			s += " " + c.RoleARN[strings.LastIndexByte(c.RoleARN, '/')+1:]
		}
		if c.Seconds != 0 {
			s += " " + (time.Duration(c.Seconds) * time.Second).String()
		}
		if c.MFA {
			s += " code"
		}
		switch {
		case c.Fault != "":
			s += " !" + string(c.Fault)
		case c.Error != "":
			s += " !" + c.Error
		}
		all = append(all, s+" by "+c.AccessKeyID[:4])
	}
	w.aws.Reset()
	return strings.Join(all, ", ")
}

// calls compares the calls since the last look.
func (w *world) calls(want string) {
	w.t.Helper()
	if got := w.log(); got != want {
		w.t.Errorf("calls:\n got %s\nwant %s", got, want)
	}
}

// prompts compares how often a code was asked for since the last look.
func (w *world) prompts(want int) {
	w.t.Helper()
	if len(w.asked) != want {
		w.t.Errorf("%d prompts, want %d", len(w.asked), want)
	}
	w.asked = nil
}

// warned wants exactly these warnings since the last look, each by a part of it.
func (w *world) warned(want ...string) {
	w.t.Helper()
	compareWarnings(w.t, w.warnings, want)
	w.warnings = nil
}

func compareWarnings(t *testing.T, got, want []string) {
	t.Helper()
	rest := slices.Clone(got)
	for _, part := range want {
		i := slices.IndexFunc(rest, func(s string) bool { return strings.Contains(s, part) })
		if i < 0 {
			t.Errorf("no warning with %q in %q", part, got)
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) > 0 {
		t.Errorf("unexpected warnings %q", rest)
	}
}

// http is the client that the program uses, but every connection is a pipe to
// the fake, whatever the address, and what is meant for TLS goes in clear.
func (w *world) http(Service) (*http.Client, error) {
	c, err := NewHTTPClient(nil, nil)
	if err != nil {
		return nil, err
	}
	c.Transport.(limited).next.(*http.Transport).DialContext = w.pipes.dial
	c.Transport = inClear{c.Transport}
	return c, nil
}

type inClear struct{ next http.RoundTripper }

func (t inClear) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http"
	return t.next.RoundTrip(r)
}

// pipes is a net.Listener without a network.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	close sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.close.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return newEager(near), nil
	case <-p.done:
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// eager is a pipe whose Write does not wait for the reader, as a kernel's does
// not: net/http looks once more at a request that it has written, and finds it
// gone when the answer is there already.
type eager struct {
	net.Conn
	out   chan []byte
	done  chan struct{}
	close sync.Once
}

func newEager(c net.Conn) *eager {
	e := &eager{Conn: c, out: make(chan []byte, 16), done: make(chan struct{})}
	go func() {
		for {
			select {
			case b := <-e.out:
				_, _ = c.Write(b)
			case <-e.done:
				return
			}
		}
	}()
	return e
}

func (e *eager) Write(b []byte) (int, error) {
	select {
	case e.out <- slices.Clone(b):
		return len(b), nil
	case <-e.done:
		return 0, net.ErrClosed
	}
}

func (e *eager) Close() error {
	e.close.Do(func() { close(e.done) })
	return e.Conn.Close()
}

// same says whether two answers are one; kept times have lost their zone.
func same(a, b Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.Secret == b.Secret && a.Token == b.Token && a.Expires.Equal(b.Expires) && a.AccountID == b.AccountID
}

// memCache is a Cache in memory.
type memCache struct {
	mu      sync.Mutex
	entries map[Key]memEntry
	broken  error // of Ready, Load and Save
}

type memEntry struct {
	plain           []byte
	issued, expires time.Time
}

func newMemCache() *memCache { return &memCache{entries: map[Key]memEntry{}} }

func (c *memCache) Peek(k Key) (issued, expires time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	return e.issued, e.expires, ok
}

func (c *memCache) Load(_ context.Context, k Key) ([]byte, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	return e.plain, ok, c.broken
}

func (c *memCache) Ready(context.Context) error { return c.broken }

func (c *memCache) Save(_ context.Context, k Key, plain []byte, issued, expires time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil {
		c.entries[k] = memEntry{slices.Clone(plain), issued, expires}
	}
	return c.broken
}
