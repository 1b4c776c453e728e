package resolve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/awsfake"
	"fob/internal/secret"
)

// fileCache is a Cache of files, as many processes would share it.
type fileCache struct{ dir *os.Root }

type cacheFile struct {
	Plain           []byte
	Issued, Expires time.Time
}

func (c fileCache) read(k Key) (f cacheFile, ok bool) {
	b, err := atomicfile.Read(c.dir, k.String()+".session", 1<<20)
	return f, err == nil && json.Unmarshal(b, &f) == nil
}

func (c fileCache) Peek(k Key) (issued, expires time.Time, ok bool) {
	f, ok := c.read(k)
	return f.Issued, f.Expires, ok
}

func (c fileCache) Load(_ context.Context, k Key) ([]byte, bool, error) {
	f, ok := c.read(k)
	return f.Plain, ok, nil
}

func (c fileCache) Ready(context.Context) error { return nil }

func (c fileCache) Save(_ context.Context, k Key, plain []byte, issued, expires time.Time) error {
	b, err := json.Marshal(cacheFile{plain, issued, expires})
	if err != nil {
		return err
	}
	return atomicfile.WriteFast(c.dir, k.String()+".session", b)
}

// crowd is many Resolvers that share nothing but the folders, like many
// processes, and a server on loopback, in real time.
type crowd struct {
	t       *testing.T
	aws     *awsfake.Server
	ann     *awsfake.User
	planner *Planner
	dir     string
	prompts atomic.Int32
	code    func() (string, error)
}

func newCrowd(t *testing.T, roles int) *crowd {
	c := &crowd{t: t, aws: awsfake.New(awsfake.Options{}), dir: t.TempDir()}
	if err := c.aws.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.aws.Close)
	c.ann = c.aws.AddUser(account, "ann")
	serial := c.ann.AddMFA("").Serial
	config := "[profile ann]\nregion = eu-central-1\nmfa_serial = " + serial + "\n"
	for i := range roles {
		name := fmt.Sprint("Role", i)
		if err := c.aws.AddRole(awsfake.Role{ARN: roleARN(name), RequireMFA: true}); err != nil {
			t.Fatal(err)
		}
		config += role(fmt.Sprint("r", i), name, "ann")
	}
	c.planner = planCase{config: config, env: env("AWS_ENDPOINT_URL", c.aws.URL()), kept: map[string]StoredKey{"ann": {AccessKeyID: c.ann.Key.ID}}}.planner(t)
	c.code = func() (string, error) {
		time.Sleep(50 * time.Millisecond) // a fast person
		return c.ann.MFA.Code(c.aws.Now()), nil
	}
	return c
}

// run has n callers at once, each for the profile that name gives it.
func (c *crowd) run(n int, name func(int) string) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = c.one(name(i)) })
	}
	all.Wait()
	return errs
}

func (c *crowd) one(profile string) error {
	dir, err := os.OpenRoot(c.dir)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	plan, err := c.planner.Plan(Request{Profile: profile})
	if err != nil {
		return err
	}
	r := &Resolver{
		HTTP: func(Service) (*http.Client, error) { return NewHTTPClient(nil, nil) },
		StoredKey: func(context.Context, string) (string, secret.Text, error) {
			return c.ann.Key.ID, secret.New(c.ann.Key.Secret), nil
		},
		Cache:  fileCache{dir},
		Flight: func() *os.Root { return dir },
		Code: func(context.Context, CodeRequest) (string, error) {
			c.prompts.Add(1)
			return c.code()
		},
		Warn: func(s string) { c.t.Errorf("warned: %s", s) },
	}
	got, err := r.Resolve(c.t.Context(), plan)
	if err == nil && (got.Token.Empty() || got.AccountID != account) {
		return fmt.Errorf("got %v", got)
	}
	return err
}

func (c *crowd) check(errs []error, sessions, roles int) {
	c.t.Helper()
	for i, err := range errs {
		if err != nil {
			c.t.Errorf("caller %d: %v", i, err)
		}
	}
	s := c.aws.Stats()
	if c.prompts.Load() != 1 || s.Calls["GetSessionToken"] != sessions || s.Calls["AssumeRole"] != roles || s.Codes != 1 || s.Reused != 0 || s.Refused != 0 {
		c.t.Errorf("%d prompts, %+v", c.prompts.Load(), s)
	}
}

// SECURITY.md 7: one prompt and one call per hop, however many ask.
func TestCrowdOnOneSession(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 0)
	c.check(c.run(50, func(int) string { return "ann" }), 1, 0)
}

func TestCrowdOnRoles(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 20)
	c.check(c.run(40, func(i int) string { return fmt.Sprint("r", i%20) }), 1, 20)
	for role, n := range c.aws.Stats().Roles {
		if n != 1 {
			t.Errorf("%s: %d calls", role, n)
		}
	}
}

// Who is asked says no: the others fail at once, and nobody else is asked.
func TestCrowdCancelled(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 20)
	c.code = func() (string, error) {
		time.Sleep(50 * time.Millisecond)
		return "", ErrCancelled
	}
	start := time.Now()
	errs := c.run(40, func(i int) string { return fmt.Sprint("r", i%20) })
	first := 0
	for _, err := range errs {
		var cool *CooldownError
		switch {
		case !errors.Is(err, ErrCancelled):
			t.Errorf("got %v", err)
		case !errors.As(err, &cool):
			first++
		}
	}
	if first != 1 || c.prompts.Load() != 1 || c.aws.Stats().Total != 0 {
		t.Errorf("%d were cancelled themselves, %d prompts, %d calls", first, c.prompts.Load(), c.aws.Stats().Total)
	}
	if took := time.Since(start); took > cancelCooldown/2 {
		t.Errorf("it took %s", took)
	}
}
