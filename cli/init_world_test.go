//go:build unix

package cli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fob/shell"
)

// hookWorld is a folder with a stand-in for fob that does what its file says, and
// writes down how it was called: what the hooks do must not depend on credentials.
type hookWorld struct {
	t       *testing.T
	dir     string
	environ []string
}

// standIn is the program: "use" answers with the files answer and renew, "init" is
// fob's own, and the rest shows what a shell did to arguments, pipes and variables.
const standIn = `#!/bin/sh
if [ "$1" != init ]; then
	{ for word; do printf '[%s]' "$word"; done; echo; } >>"$HOOKS/called"
fi
case $1 in
init) exec cat "$HOOKS/init.$2" ;;
use)
	case " $* " in *' bad '*) exit 5 ;; *' nothing '*) exit ;; esac
	file=answer
	case " $* " in *' --renew '*) file=renew ;; esac
	cat "$HOOKS/$file"
	exit "$(cat "$HOOKS/$file.status")" ;;
seen) env -0 >"$HOOKS/${2-seen}" ;;
mark) echo "<<$2>>" ;;
status) exit "$2" ;;
pass) cat ;;
esac
`

// clockIn tells when a shell starts a process for the time.
const clockIn = `#!/bin/sh
echo date >>"$HOOKS/called"
exec /bin/date "$@"
`

func newHookWorld(t *testing.T, name string) *hookWorld {
	t.Helper()
	w := &hookWorld{t: t, dir: t.TempDir()}
	text, err := shell.Init(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "home"} {
		if err := os.Mkdir(w.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.write("init."+name, text)
	w.write("bin/fob", standIn)
	w.write("bin/date", clockIn)
	w.answers("answer", "", 0)
	w.answers("renew", "", 0)
	w.environ = []string{
		"PATH=" + w.path("bin") + ":" + os.Getenv("PATH"), "HOOKS=" + w.dir, "HOME=" + w.path("home"), "ZDOTDIR=" + w.path("home"),
		"TERM=xterm", "LC_ALL=C.UTF-8", "GONE=old", "TITLE=", "XONSH_DATA_DIR=" + w.path("home"),
	}
	return w
}

func (w *hookWorld) path(name string) string { return filepath.Join(w.dir, name) }

func (w *hookWorld) write(name, text string) {
	w.t.Helper()
	path := w.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	syscall.ForkLock.RLock() // no child of another test holds a program open: it could not be run
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		w.t.Fatal(err)
	}
}

// answers makes the stand-in answer "use" or, for the file renew, "use --renew".
func (w *hookWorld) answers(file, text string, status int) {
	w.t.Helper()
	w.write(file, text)
	w.write(file+".status", fmt.Sprint(status))
}

// exports makes the stand-in set variables.
func (w *hookWorld) exports(file, name string, vars ...shell.Var) {
	w.t.Helper()
	s, err := shell.Find(name)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := s.Export(vars)
	if err != nil {
		w.t.Fatal(err)
	}
	w.answers(file, text, 0)
}

// inUse are the variables of a profile that ends in d; 0 means never.
func inUse(profile string, d time.Duration) []shell.Var {
	vars := []shell.Var{{Name: "FOB_PROFILE", Value: profile}, {Name: "AWS_X", Value: "secret"}}
	if d == 0 {
		return append(vars, shell.Unset("GONE", "FOB_EXPIRES")...)
	}
	return append(vars, shell.Var{Name: "FOB_EXPIRES", Value: fmt.Sprint(time.Now().Add(d).Unix())})
}

// called returns how the stand-ins were called since the last time.
func (w *hookWorld) called() []string {
	w.t.Helper()
	raw, err := os.ReadFile(w.path("called"))
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	if err := os.RemoveAll(w.path("called")); err != nil {
		w.t.Fatal(err)
	}
	return strings.Fields(strings.ReplaceAll(string(raw), " ", "_"))
}

// environment returns the one that "fob seen FILE" was started with.
func (w *hookWorld) environment(file string) map[string]string {
	w.t.Helper()
	raw, err := os.ReadFile(w.path(file))
	if err != nil {
		w.t.Fatal(err)
	}
	vars := map[string]string{}
	for entry := range strings.SplitSeq(string(raw), "\x00") {
		name, value, _ := strings.Cut(entry, "=")
		vars[name] = value
	}
	return vars
}

// noCanary fails the test if a part of a name was run.
func (w *hookWorld) noCanary() {
	w.t.Helper()
	for _, dir := range []string{w.dir, w.path("home")} {
		if _, err := os.Stat(filepath.Join(dir, "canary")); err == nil {
			w.t.Error("a profile's name was run as a command")
		}
	}
}

// command starts a shell in the world, away from the developer's terminal.
func (w *hookWorld) command(ctx context.Context, argv ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = w.dir, w.environ
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

// needsShell skips a test, or fails it where nothing may be skipped.
func needsShell(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if noSkip() && program != "pwsh" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
}
