package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// faultLimit is how long fob may take to find out that its keychain is no good:
// the 5 s of one call, and a busy machine's time to start a process.
const faultLimit = 6 * time.Second

// desktopWorld has ann's key in a real gnome-keyring that fob chose by itself.
func desktopWorld(t *testing.T) (*world, *desktop) {
	t.Helper()
	w := newWorld(t)
	d := w.startDesktop()
	w.annConfig("[profile plain]\nregion = us-east-1\n")
	w.add("ann", w.ann.Key).ok(t)
	w.add("plain", w.ann.Key).ok(t)
	return w, d
}

func TestKeyringIsChosenAndUsed(t *testing.T) {
	w, d := desktopWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.useVault() // too late: the choice is recorded
	if a := w.fob("process", "-p", "plain").answer(t); a.AccessKeyID != w.ann.Key.ID || a.SecretAccessKey != w.ann.Key.Secret || a.SessionToken != "" {
		t.Errorf("another key: %s", a.AccessKeyID)
	}
	first := w.fob("process", "-p", "ann").answer(t)
	calls := d.calls()
	for range 5 {
		if w.fob("process", "-p", "ann").answer(t) != first {
			t.Error("another session")
		}
	}
	if n := len(calls); n > 0 {
		t.Errorf("%d calls to the keyring for kept sessions", n)
	}
	// Without the cache of the sealing key, the keyring gives it.
	w.fob("vault", "lock").ok(t)
	if w.fob("process", "-p", "ann").answer(t) != first {
		t.Error("another session")
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1})
	if strings.Contains(readAll(t, w.dir), w.ann.Key.Secret) {
		t.Error("the secret lies in a file in clear")
	}
	w.fob("remove", "plain", "--force").ok(t)
	w.fob("process", "-p", "plain").exits(t, 4)
}

// readAll is the content of all files in a folder.
func readAll(t *testing.T, top string) string {
	t.Helper()
	var b strings.Builder
	for name := range strings.Lines(tree(t, top)) {
		path := filepath.Join(top, strings.TrimSpace(name))
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(text)
		}
	}
	return b.String()
}

// A locked collection and nobody to unlock it: no prompt of any kind.
func TestLockedKeyring(t *testing.T) {
	w, d := desktopWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.fob("vault", "lock").ok(t)
	d.lock()
	calls := d.calls()
	for _, args := range [][]string{{"process", "-p", "plain"}, {"process", "-p", "ann"}, {"env", "-p", "plain", "--shell", "bash"}, {"login", "ann"}} {
		r := w.fob(args...).exits(t, 5).within(t, faultLimit)
		if !strings.Contains(r.stderr, "locked") {
			t.Errorf("no word of the lock: %v", r)
		}
	}
	w.add("bob", w.ann.Key).exits(t, 5).within(t, faultLimit)
	prompts.want(t, 0)
	w.wantCalls(map[string]int{})
	for len(calls) > 0 {
		if name := <-calls; name == "Unlock" || name == "Prompt" {
			t.Errorf("%s was called", name)
		}
	}
	wantNoProcess(t, w, d.daemons...)
}

// The daemon dies at each of the calls that fob makes.
func TestKeyringIsKilledInACall(t *testing.T) {
	for n := 1; failsAtCall(t, n, syscall.SIGKILL); n++ {
		if n == 20 {
			t.Fatal("fob calls without end")
		}
	}
}

// The daemon stops answering at each of the calls that fob makes.
func TestKeyringStopsInACall(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 3; n++ {
		t.Run(fmt.Sprint("call ", n), func(t *testing.T) {
			t.Parallel()
			failsAtCall(t, n, syscall.SIGSTOP)
		})
	}
}

// failsAtCall signals the daemon when fob makes its call n, and says whether there
// was one. The first call is surely not answered; a later one may be, as the
// daemon runs until then.
func failsAtCall(t *testing.T, n int, fail syscall.Signal) bool {
	t.Helper()
	w, d := desktopWorld(t)
	calls := d.calls()
	if n == 1 {
		d.signal(syscall.SIGSTOP)
	}
	p := w.start("process", "-p", "plain")
	for range n {
		select {
		case <-calls:
		case r := <-p.result:
			r.ok(t)
			if n == 1 {
				t.Error("fob called nothing: the test shows nothing")
			}
			return false
		}
	}
	d.signal(fail)
	r := p.wait().within(t, faultLimit)
	if r.code != 6 && (n == 1 || r.code != 0) {
		t.Errorf("call %d: %v", n, r)
	}
	wantNoProcess(t, w, d.daemons...)
	return true
}

// A daemon that is gone, or a bus that is silent, at the start.
func TestNoKeyring(t *testing.T) {
	t.Parallel()
	w, d := desktopWorld(t)
	check := func(name string, args ...string) result {
		t.Helper()
		r := w.fobIn(keyText(w.ann.Key), args...).within(t, faultLimit)
		if r.code != 6 || r.stdout != "" {
			t.Errorf("%s: %v", name, r)
		}
		wantNoProcess(t, w, d.daemons...)
		return r
	}
	add := []string{"add", "bob", "--stdin", "--no-verify"}
	silent := silentBus(t, w)
	d.signal(syscall.SIGSTOP)
	check("stopped daemon", add...)
	d.signal(syscall.SIGKILL)
	check("no daemon", "process", "-p", "plain")
	w.env["DBUS_SESSION_BUS_ADDRESS"] = silent
	check("silent bus", "process", "-p", "plain")
	check("silent bus", "remove", "plain", "--force")
	delete(w.env, "DBUS_SESSION_BUS_ADDRESS")
	check("no bus", "process", "-p", "plain")

	defer func(dir string) { w.env["FOB_DIR"] = dir }(w.fobDir())
	w.env["FOB_DIR"] = filepath.Join(w.dir, "newcomer")
	r := check("no bus", add...)
	if !strings.Contains(r.stderr, "next: fob vault create") {
		t.Errorf("no way out: %v", r)
	}
	w.env["DBUS_SESSION_BUS_ADDRESS"] = silent
	check("silent bus", add...)
}

// A hundred calls, with a desktop and without a bus, leave no process behind.
func TestCallsLeaveNoProcess(t *testing.T) {
	w, d := desktopWorld(t)
	for range 50 {
		w.fob("process", "-p", "plain").ok(t)
	}
	wantNoProcess(t, w, d.daemons...)
	delete(w.env, "DBUS_SESSION_BUS_ADDRESS")
	for range 50 {
		w.fob("process", "-p", "plain").exits(t, 6)
	}
	wantNoProcess(t, w, d.daemons...)
}

func wantNoProcess(t *testing.T, w *world, except ...int) {
	t.Helper()
	if left := w.processes(except...); len(left) > 0 {
		t.Errorf("processes left: %q", left)
	}
}
