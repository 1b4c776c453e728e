//go:build unix

package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"fob/internal/awsfake"
)

const (
	account    = "123456789012"
	passphrase = "correct horse battery"
)

// world is a machine of its own for one test: a home, the AWS files, fob's
// folder, a fake AWS with the user ann, and the environment of every child.
type world struct {
	t   testing.TB
	dir string
	srv *awsfake.Server
	ann *awsfake.User
	env map[string]string
	// uid is whom children run as; 0 means as the test itself.
	uid uint32
}

// newWorld has neither a keychain nor a vault, and no terminal. CI is not in the
// environment: with it, fob asks nobody and keeps nothing unlocked.
func newWorld(t testing.TB) *world {
	t.Helper()
	dir, err := publicDir("-world")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	w := &world{t: t, dir: dir, srv: awsfake.New(awsfake.Options{})}
	w.ann = w.srv.AddUser(account, "ann")
	w.ann.AddMFA("")
	if err := w.srv.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.srv.Close)
	w.env = map[string]string{
		"PATH":                      filepath.Dir(fobBinary) + ":" + os.Getenv("PATH"),
		"HOME":                      w.mkdir("home"),
		"LANG":                      "C.UTF-8",
		"FOB_DIR":                   filepath.Join(dir, "fob"),
		"FOB_ASK":                   "terminal", // the developer's desktop is not to be asked on
		"XDG_RUNTIME_DIR":           w.mkdir("run"),
		"AWS_ENDPOINT_URL_STS":      w.srv.URL(),
		"AWS_EC2_METADATA_DISABLED": "true",
		"FOB_E2E":                   dir, // marks every process of this world
	}
	return w
}

// in is the same world for a subtest.
func (w *world) in(t testing.TB) *world {
	other := *w
	other.t = t
	return &other
}

func (w *world) mkdir(name string) string {
	w.t.Helper()
	dir := filepath.Join(w.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// fobDir is fob's own folder.
func (w *world) fobDir() string { return w.env["FOB_DIR"] }

func (w *world) environ() (env []string) {
	for _, name := range slices.Sorted(maps.Keys(w.env)) {
		env = append(env, name+"="+w.env[name])
	}
	return env
}

// config writes the AWS config file.
func (w *world) config(text string) {
	w.t.Helper()
	w.write(filepath.Join(w.mkdir("home/.aws"), "config"), text)
}

func (w *world) write(path, text string) {
	w.t.Helper()
	syscall.ForkLock.RLock() // no child of another test holds a program open: it could not be run
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// useVault makes an encrypted file the store.
func (w *world) useVault() {
	w.t.Helper()
	w.env["FOB_PASSPHRASE_FILE"] = filepath.Join(w.dir, "passphrase")
	w.write(w.env["FOB_PASSPHRASE_FILE"], passphrase+"\n")
	w.chown(w.dir)
	w.fob("vault", "create").ok(w.t)
	w.t.Cleanup(func() { w.fob("vault", "lock") }) // the kernel's keyring outlives the folder
}

// chown gives a folder and all in it to the user whom children run as.
func (w *world) chown(dir string) {
	w.t.Helper()
	if w.uid == 0 {
		return
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(w.uid), int(w.uid))
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// add stores a key.
func (w *world) add(profile string, key awsfake.Key, flags ...string) result {
	w.t.Helper()
	return w.fobIn(keyText(key), append([]string{"add", profile, "--stdin", "--no-verify"}, flags...)...)
}

func keyText(k awsfake.Key) string { return k.ID + "\n" + k.Secret + "\n" }

// annConfig is the profile of ann's key with an MFA session, and others.
func (w *world) annConfig(more ...string) {
	w.t.Helper()
	w.config("[profile ann]\nregion = us-east-1\nmfa_serial = " + w.ann.MFA.Serial + "\n" + strings.Join(more, ""))
}

// roleConfig is a profile with a role above ann's MFA session, and makes the role.
func (w *world) roleConfig(name string) string {
	w.t.Helper()
	return w.roleConfigOf(name, "ann", true)
}

func (w *world) roleConfigOf(name, source string, requireMFA bool) string {
	w.t.Helper()
	arn := "arn:aws:iam::" + account + ":role/" + name
	if err := w.srv.AddRole(awsfake.Role{ARN: arn, RequireMFA: requireMFA}); err != nil {
		w.t.Fatal(err)
	}
	return "[profile " + name + "]\nregion = us-east-1\nrole_arn = " + arn + "\nrole_session_name = e2e\nsource_profile = " + source + "\n"
}

// wantCalls compares the calls that AWS has seen.
func (w *world) wantCalls(want map[string]int) {
	w.t.Helper()
	if got := w.srv.Stats().Calls; !maps.Equal(got, want) {
		w.t.Errorf("AWS was called %v, want %v", got, want)
	}
}
