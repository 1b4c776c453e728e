package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/display"
	"fob/resolve"
)

// Door is how the audit, a program of its own, comes to credentials: by fob's own
// resolver, with the same files, locks, kept sessions, keychain, questions and errors.
// It can be used by many goroutines; one of them resolves at a time, so that no two
// questions stand on the terminal at once.
type Door struct {
	r    renewer // its mutex guards the app, which is for one goroutine
	p    *printer
	mu   sync.Mutex // guards p
	stop context.CancelFunc

	command string

	// Busy is called before anything is resolved that may write on the terminal, and
	// what it returns afterwards; nil does nothing.
	Busy func() (done func())
}

// OpenDoor opens the door for a command, as it is typed behind fob: "scan". Signals
// are the caller's: sys.Signals is not called. Close ends it.
func OpenDoor(sys System, g Globals, command string) *Door {
	harden()
	sys.Signals = func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }
	a := newApp(sys, &g, &printer{sys: sys})
	a.memory = newMemory()
	d := &Door{r: renewer{a: a}, p: &printer{sys: sys}, command: command}
	var ctx context.Context
	ctx, d.stop = context.WithCancel(context.Background())
	go d.r.stayUnlocked(ctx)
	return d
}

// Close gives up what the door holds.
func (d *Door) Close() {
	d.stop()
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	d.r.a.close()
}

// Profiles are the profiles of the AWS files and of the keychain, sorted.
func (d *Door) Profiles() ([]string, error) {
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	names, err := d.r.a.profileNames()
	return names, d.advise(err, d.command, "")
}

// Fail prints an error in fob's three lines, and returns the exit status for it.
func (d *Door) Fail(err error) int {
	err = d.Advise(err)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.p.fail(err)
}

// Advise adds to a library's error what to type next. See [Failed].
func (d *Door) Advise(err error) error {
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	return d.advise(err, d.command, "")
}

// advise words an error of a command, or with "" one of a profile's credentials.
func (d *Door) advise(err error, command, profile string) error {
	if err == nil {
		return nil
	}
	d.r.a.command, d.r.a.g.Profile = command, profile
	return d.r.a.advise(err)
}

// Warn prints a warning, once.
func (d *Door) Warn(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.p.warn(text)
}

// Say prints a line of talk on stderr.
func (d *Door) Say(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.p.say(text)
}

// Wanted says whose credentials are wanted. The zero Wanted is what the environment and
// the files say, or --csv-credentials.
type Wanted struct {
	Profile string
	// A role on top of the profile, and the name and external id that it is assumed with.
	RoleARN, SessionName, ExternalID string
}

// Access is a way to credentials that lasts as long as they are used. It can be used by
// many goroutines.
type Access struct {
	door *Door
	want Wanted
	plan *resolve.Plan

	mu      sync.Mutex
	have    bool
	creds   resolve.Credentials
	renewAt time.Time
	refused time.Time // when AWS called the last ones expired
}

// Open resolves credentials for the first time. A person may be asked.
func (d *Door) Open(ctx context.Context, w Wanted) (*Access, error) {
	x := &Access{door: d, want: w}
	if _, err := x.Credentials(ctx); err != nil {
		return nil, err
	}
	return x, nil
}

// Credentials are good for a while at least. They are resolved again before they
// expire; whoever declines to be asked for that is not asked again. Errors have fob's
// three lines, see [Failed].
func (x *Access) Credentials(ctx context.Context) (resolve.Credentials, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := x.door.r.a.sys.Now()
	if x.have && now.Before(x.renewAt) {
		return x.creds, nil
	}
	plan, creds, err := x.door.resolve(ctx, x)
	switch {
	case err == nil:
		x.plan, x.creds, x.have = plan, creds, true
		x.renewAt = later(renewAt(creds, now), now.Add(min(10*time.Second, creds.Left(now)/4)))
	case x.have && x.refused.IsZero() && ctx.Err() == nil && x.creds.Left(now) > 0:
		x.door.Warn("cannot renew the credentials of " + x.Name() + ": " + err.Error())
		x.renewAt = now.Add(min(30*time.Second, x.creds.Left(now)))
	default:
		return resolve.Credentials{}, err
	}
	x.refused = time.Time{}
	return x.creds, nil
}

// Invalidate says that AWS calls the credentials expired, whatever they say of
// themselves: kept ones from before now are not used again.
func (x *Access) Invalidate() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.renewAt, x.refused = time.Time{}, x.door.r.a.sys.Now()
}

// Name is what a person knows the credentials by: the profile, or how they were found.
func (x *Access) Name() string {
	switch {
	case x.want.Profile != "":
		return display.Text(x.want.Profile)
	case x.plan != nil && x.plan.Profile != "":
		return display.Text(x.plan.Profile)
	case x.plan != nil:
		return display.Text(x.plan.Chosen)
	}
	return "the default credentials"
}

// Service says where calls start that belong to no region, and how.
func (x *Access) Service() resolve.Service { return x.plan.Service }

// WhoAmI asks STS whose credentials these are.
func (x *Access) WhoAmI(ctx context.Context) (resolve.Identity, error) {
	creds, err := x.Credentials(ctx)
	if err != nil {
		return resolve.Identity{}, err
	}
	a := x.door.r.a
	r := resolve.Resolver{Now: a.sys.Now, HTTP: a.httpClient}
	who, err := r.WhoAmI(ctx, x.plan.Service, creds)
	x.door.r.mu.Lock()
	defer x.door.r.mu.Unlock()
	return who, x.door.advise(err, "", x.want.Profile)
}

// resolve is one walk of fob's resolver.
func (d *Door) resolve(ctx context.Context, x *Access) (*resolve.Plan, resolve.Credentials, error) {
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	if d.Busy != nil {
		defer d.Busy()()
	}
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	a := d.r.a
	a.g.Profile, a.command = x.want.Profile, "" // the errors are those of credentials
	a.answerNotBefore = x.refused
	a.serving = x.have
	role := roleFlags{RoleARN: x.want.RoleARN, SessionName: x.want.SessionName, ExternalID: x.want.ExternalID}
	plan, creds, err := a.credentials(ctx, role)
	if a.codeUsed {
		a.g.MFACode = "" // it works once
	}
	return plan, creds, d.advise(err, "", x.want.Profile)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// The exit statuses that programs of fob's family share. See DESIGN.md 7.
const (
	ExitFailure   = exitFailure
	ExitUsage     = exitUsage
	ExitConfig    = exitConfig
	ExitPerson    = exitPerson
	ExitKeychain  = exitKeychain
	ExitAWS       = exitAWS
	ExitCancelled = exitCancelled
)

// Failure makes an error of fob's form: what failed, why, and what to type next. err is
// the library's error, may be nil.
func Failure(status int, what, why, next string, err error) error {
	return &failure{code: status, what: what, why: why, next: next, err: err}
}

// Failed takes an error of fob's form apart; ok is false for any other.
func Failed(err error) (status int, what, why, next string, ok bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, "", "", "", false
	}
	return f.code, f.what, f.why, f.next, true
}

// PrintFailure prints an error in fob's three lines, and returns its exit status.
func PrintFailure(sys System, err error) int { return (&printer{sys: sys}).fail(err) }

// PrintFault prints what was recovered from a panic as one error, and returns its exit
// status. What the panic says stays out of it: it could hold a secret.
func PrintFault(sys System, recovered any) int { return (&printer{sys: sys}).recovered(recovered) }

// OpenFile shows a file in the person's browser.
func (d *Door) OpenFile(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	page := url.URL{Scheme: "file", Path: filepath.ToSlash(full)}
	if !strings.HasPrefix(page.Path, "/") {
		page.Path = "/" + page.Path // a drive of Windows
	}
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	return d.r.a.openBrowser(context.Background(), page.String())
}

// Key is a secret of this machine's, made when it is first asked for: 32 bytes in fob's own
// folder, under a plain name.
func (d *Door) Key(name string) ([]byte, error) {
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	key, err := d.r.a.ownKey(name)
	return key, d.advise(err, d.command, "")
}

func (a *app) ownKey(name string) ([]byte, error) {
	release, err := a.lock(context.Background(), "key")
	if err != nil {
		return nil, err
	}
	defer release()
	dir, err := a.dir(true)
	if err != nil {
		return nil, err
	}
	key, err := atomicfile.Read(dir, name, 32)
	if !errors.Is(err, fs.ErrNotExist) {
		if err == nil && len(key) != 32 {
			err = fmt.Errorf("read %s: it does not have 32 bytes", name)
		}
		return key, err
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key, atomicfile.Write(dir, name, key)
}
