package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/user"
	"strings"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/awsfile"
	"fob/internal/lock"
	"fob/resolve"
)

// app is one run of fob. Everything expensive opens on need, so that
// `fob version` works with a broken keychain and `fob process` pays for nothing
// it does not use.
type app struct {
	sys     System
	g       *Globals
	p       *printer
	folders map[string]*os.Root
	stores  stores
	files   *awsfile.Files
	// command is the subcommand as it is typed, "" for those that hand out credentials.
	command string
	// chosen is the store that this run picked, before it is recorded.
	chosen string
	// login makes a person's own try: it waits for nobody's cool-down.
	login bool
	// notBefore makes sessions from before it count as absent.
	notBefore time.Time
	// answerNotBefore does so for credentials alone, not for the sessions on their way.
	answerNotBefore time.Time
	// soften takes back what fob did to itself and a command would inherit; ignored
	// are the signals that it was started to ignore.
	soften  func()
	ignored []os.Signal
	// status is that of the command that fob exec waited for.
	status int
	// serving: a command runs meanwhile. declined: one of its questions was, and
	// nobody is asked again.
	serving, declined bool
	// memory keeps sessions where no store does; nil keeps none.
	memory *memory
	// codeUsed is set when the code of --mfa-code has been given to somebody.
	codeUsed bool
	// told is set when a person has heard which program waits for the answer.
	told bool
}

func newApp(sys System, g *Globals, p *printer) *app {
	return &app{sys: sys, g: g, p: p, folders: map[string]*os.Root{}}
}

func (a *app) close() {
	for _, r := range a.folders {
		_ = r.Close()
	}
}

func (a *app) debug(format string, args ...any) {
	if a.g.Debug {
		a.p.say("fob: debug: " + fmt.Sprintf(format, args...))
	}
}

// debugPlan says what fob is going to do.
func (a *app) debugPlan(p *resolve.Plan) {
	for _, s := range p.Steps {
		a.debug("step: %s, from %s", s, s.Origin())
	}
	a.debug("AWS is called in %s %s", p.Service.Region, p.Service.STS)
}

// env reads a variable; a blank one counts as unset.
func (a *app) env(name string) string { return strings.TrimSpace(a.sys.Getenv(name)) }

// noInput says whether nobody may be asked anything.
func (a *app) noInput() bool {
	return a.g.NoInput || a.declined || a.env("FOB_NO_INPUT") != "" || a.env("CI") != ""
}

// dir opens fob's own folder, which is made when create is set; nil when it is
// not there.
func (a *app) dir(create bool) (*os.Root, error) {
	path := a.dirPath()
	if path == "" {
		return nil, &failure{code: exitConfig, what: "there is no place for fob's files", why: "neither FOB_DIR nor HOME is set", next: "export FOB_DIR=/a/private/folder"}
	}
	if r := a.folders[""]; r != nil {
		return r, nil
	}
	if !create {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	r, err := atomicfile.OpenDir(path)
	if err != nil {
		return nil, err
	}
	a.folders[""] = r
	return r, nil
}

// subdir opens a folder inside fob's own, making both.
func (a *app) subdir(name string) (*os.Root, error) {
	if r := a.folders[name]; r != nil {
		return r, nil
	}
	dir, err := a.dir(true)
	if err != nil {
		return nil, err
	}
	r, err := atomicfile.Subdir(dir, name)
	if err != nil {
		return nil, err
	}
	a.folders[name] = r
	return r, nil
}

// lock takes one of fob's own locks, for changes that last milliseconds, or as
// long as a person is asked for the passphrase. The wait has an end.
func (a *app) lock(ctx context.Context, name string) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	dir, err := a.subdir("locks")
	if err != nil {
		return nil, err
	}
	l, err := lock.Acquire(ctx, dir, name, lock.Options{Message: name})
	if err != nil {
		return nil, err
	}
	return l.Release, nil
}

// awsFiles reads the AWS files, once.
func (a *app) awsFiles() (*awsfile.Files, error) {
	if a.files != nil {
		return a.files, nil
	}
	paths, err := awsfile.Locate(a.sys.Getenv, a.sys.GOOS)
	if err != nil {
		return nil, &failure{code: exitConfig, what: "the AWS files cannot be found", why: err.Error(), next: "export HOME=/your/home", err: err}
	}
	a.files, err = awsfile.Read(paths, nil)
	if err != nil {
		return nil, &failure{code: exitConfig, what: "the AWS files cannot be read", why: err.Error(), next: "correct it, then: fob explain", err: err}
	}
	return a.files, nil
}

// planner is what plans are made from.
func (a *app) planner() (*resolve.Planner, error) {
	files, err := a.awsFiles()
	if err != nil {
		return nil, err
	}
	return &resolve.Planner{
		Files: files, Getenv: a.sys.Getenv, Now: a.sys.Now,
		Stored: a.storedKey, CSV: a.readCSVKey,
		SessionName:   a.sessionName,
		ProcessIsSelf: a.isSelf,
	}, nil
}

// plan makes the plan for the global flags and the role on top of them.
func (a *app) plan(role roleFlags) (*resolve.Plan, error) {
	if a.g.CSV != "" && a.g.Profile != "" {
		return nil, &failure{code: exitUsage, what: "the source of the credentials is not clear", why: "-p and --csv-credentials both name one", next: "leave one of them out"}
	}
	pl, err := a.planner()
	if err != nil {
		return nil, err
	}
	return pl.Plan(a.request(role))
}

// request is what the global flags and the role on top of them ask for.
func (a *app) request(role roleFlags) resolve.Request {
	return role.request(resolve.Request{Profile: a.g.Profile, CSV: a.g.CSV, MFASerial: a.g.MFASerial, Region: a.g.Region})
}

// credentials plans and resolves: what process, env, exec and login share.
func (a *app) credentials(ctx context.Context, role roleFlags) (*resolve.Plan, resolve.Credentials, error) {
	return a.credentialsOf(ctx, func() (*resolve.Plan, error) { return a.plan(role) })
}

// credentialsOf is credentials for plans that are made otherwise.
func (a *app) credentialsOf(ctx context.Context, makePlan func() (*resolve.Plan, error)) (*resolve.Plan, resolve.Credentials, error) {
	for try := 0; ; try++ {
		plan, err := makePlan()
		if err != nil {
			return nil, resolve.Credentials{}, err
		}
		a.debugPlan(plan)
		r, err := a.resolver()
		if err != nil {
			return nil, resolve.Credentials{}, err
		}
		c, ok, err := r.Kept(ctx, plan)
		if ok {
			return plan, c, nil // what the files are like was said when it was made
		}
		for _, w := range plan.Warnings {
			a.p.warn(w)
		}
		if err == nil {
			c, err = a.resolve(ctx, r, plan)
		}
		var changed *resolve.ChangedKeyError
		if errors.As(err, &changed) && try == 0 {
			// Somebody was stopped between storing a key and listing it.
			if err := a.relist(ctx, changed.Profile); err != nil {
				return nil, c, err
			}
			continue
		}
		a.warnBroken()
		return plan, c, err
	}
}

// resolve runs a plan, so that Ctrl-C ends it with nothing half done.
func (a *app) resolve(ctx context.Context, r *resolve.Resolver, plan *resolve.Plan) (resolve.Credentials, error) {
	ctx, stop := a.sys.Signals(ctx)
	defer stop()
	return r.Resolve(ctx, plan)
}

// warnBroken tells of lines that cannot be read in sections that nobody asked
// for: one bad line must not stop the rest.
func (a *app) warnBroken() {
	const most = 3
	broken := a.files.Broken()
	for _, w := range broken[:min(len(broken), most)] {
		a.p.warn(w.String())
	}
	if len(broken) > most {
		a.p.warn(fmt.Sprintf("and %d more lines that cannot be read", len(broken)-most))
	}
}

// httpClient is the client for a plan's calls.
func (a *app) httpClient(s resolve.Service) (*http.Client, error) {
	pem, err := caBundle(s)
	if err != nil {
		return nil, err
	}
	c, err := resolve.NewHTTPClient(pem, http.ProxyFromEnvironment)
	if err != nil {
		return nil, &failure{code: exitConfig, what: fmt.Sprintf("the CA bundle %s cannot be used", s.CABundle), why: err.Error(), next: "correct AWS_CA_BUNDLE or ca_bundle"}
	}
	return c, nil
}

// caBundle reads a plan's CA bundle; nil for the system's roots.
func caBundle(s resolve.Service) ([]byte, error) {
	if s.CABundle == "" {
		return nil, nil
	}
	pem, err := readRegular(s.CABundle)
	if err != nil {
		return nil, &failure{code: exitConfig, what: "the CA bundle cannot be read", why: err.Error(), next: "correct AWS_CA_BUNDLE or ca_bundle"}
	}
	return pem, nil
}

// readRegular reads a file whose path others chose; a pipe would hold fob up.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// sessionName identifies the caller in CloudTrail: user and host, in the
// characters that AWS takes.
func (a *app) sessionName() string {
	name := a.env("USER")
	if name == "" {
		name = a.env("USERNAME")
	}
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		host, _, _ = strings.Cut(host, ".")
		name += "@" + host
	}
	name = strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_+=,.@-", r)) {
			return r
		}
		return '-'
	}, "fob-"+name)
	return name[:min(len(name), 64)]
}
