//go:build unix

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"fob/internal/awsfake"
)

const (
	account = "123456789012"
	partner = "210987654321"
	// passphrase opens the vault.
	passphrase = "correct horse battery"
)

// world is what a script has around it: an AWS with a user, ann, and roles. Its
// clock stands still unless the script moves it, so that no code changes while
// it is typed.
type world struct {
	aws *awsfake.Server
	ann *awsfake.User
	mfa *awsfake.MFA

	mu    sync.Mutex // guards now
	now   time.Time
	ahead time.Duration // the script's own
}

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

func newWorld() (*world, error) {
	w := &world{now: time.Now()}
	w.aws = awsfake.New(awsfake.Options{Now: func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}})
	w.ann = w.aws.AddUser(account, "ann")
	w.mfa = w.ann.AddMFA("")
	for _, r := range []awsfake.Role{
		{ARN: roleARN(account, "Ops")},
		{ARN: roleARN(account, "Audit"), RequireMFA: true},
		{ARN: roleARN(account, "Long"), RequireMFA: true, MaxSession: 12 * time.Hour},
		{ARN: roleARN(partner, "Ext"), ExternalID: "ext-7"},
		{ARN: roleARN(partner, "Closed"), Trusted: []string{"999999999999"}},
	} {
		if err := w.aws.AddRole(r); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"Dev", "Admin"} {
		w.aws.Assign(awsfake.Assignment{AccountID: account, Role: name})
	}
	return w, w.aws.Start()
}

func roleARN(account, name string) string {
	return "arn:aws:iam::" + account + ":role/" + name
}

// forward moves AWS's clock.
func (w *world) forward(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// variables are the environment of fob and of the scripts.
func (w *world) variables(dir string) map[string]string {
	return map[string]string{
		"HOME":                 filepath.Join(dir, "home"),
		"FOB_DIR":              filepath.Join(dir, "fob"),
		"FOB_KEYCHAIN":         "file",
		"FOB_PASSPHRASE_FILE":  filepath.Join(dir, "passphrase"),
		"XDG_RUNTIME_DIR":      filepath.Join(dir, "run"),
		"AWS_ENDPOINT_URL_STS": w.aws.URL(),
		"AWS_REGION":           "eu-west-1",
		"FOB_ASK":              "terminal", // the developer's desktop is not to be asked on

		"AWS_ENDPOINT_URL_SSO":      w.aws.URL(),
		"AWS_ENDPOINT_URL_SSO_OIDC": w.aws.URL(),

		"HTTPS_PROXY": "http://127.0.0.1:1", // nothing gets out
		"USER":        "ann",
		varStatus:     filepath.Join(dir, ".status"),
		"FAKE":        w.aws.URL(),
		"KEY_ID":      w.ann.Key.ID,
		"SECRET":      w.ann.Key.Secret,
		"SERIAL":      w.mfa.Serial,
		"OPS":         roleARN(account, "Ops"),
		"EXT":         roleARN(partner, "Ext"),
		"LC_ALL":      "C.UTF-8",
	}
}

// setup prepares a script's folder: home and run are private, key.csv holds ann's
// key as AWS's console writes it, passphrase opens the vault, and $KEY_ID, $SECRET
// $SERIAL and $WORK are filled in in the AWS files and key files that the script brings.
func setup(env *testscript.Env) error {
	w, err := newWorld()
	if err != nil {
		return err
	}
	env.Defer(w.aws.Close)
	env.Values[worldKey{}] = w
	for name, value := range w.variables(env.WorkDir) {
		env.Setenv(name, value)
	}
	// Until here a child of another script may hold a program of this one open, which could
	// not be run then.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	t := env.T().(testing.TB)
	env.Defer(func() {
		forgetUnlocked(t, env.Vars)
		checkTraces(t, w, env.WorkDir)
	})
	return w.files(env.WorkDir)
}

func (w *world) files(dir string) error {
	for _, private := range []string{"home/.aws", "run"} {
		if err := os.MkdirAll(filepath.Join(dir, private), 0o700); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"key.csv":    fmt.Sprintf("Access key ID,Secret access key\n%s,%s\n", w.ann.Key.ID, w.ann.Key.Secret),
		"passphrase": passphrase + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	fill := strings.NewReplacer("$KEY_ID", w.ann.Key.ID, "$SECRET", w.ann.Key.Secret, "$SERIAL", w.mfa.Serial, "$WORK", dir)
	for _, pattern := range []string{"home/.aws/*", "*.csv", "*.json", "*.txt"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, file := range found {
			raw, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(fill.Replace(string(raw))), 0o600); err != nil {
				return err
			}
			if err := os.Chmod(file, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetUnlocked takes what the script's fob left in the kernel keyring out again.
func forgetUnlocked(t testing.TB, environ []string) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	lock := &exec.Cmd{Path: self, Args: []string{"fob", "vault", "lock"}, Env: environ}
	if out, err := lock.CombinedOutput(); err != nil {
		t.Logf("fob vault lock: %v\n%s", err, out)
	}
}
