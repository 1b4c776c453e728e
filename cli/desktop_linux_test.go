package cli_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// kinds are the programs that show windows, and the desktop that prefers each.
func kinds() map[string]string { return map[string]string{"zenity": "GNOME", "kdialog": "KDE"} }

// withWindows is a box with a display, where one of the programs shows windows.
func withWindows(t *testing.T, program string) (*box, *xscreen) {
	t.Helper()
	installed(t, program)
	b := newBox(t)
	s := b.startScreen()
	b.set("XDG_CURRENT_DESKTOP", kinds()[program])
	b.set("LC_ALL", "C") // as in a service; fob mends it for what it shows
	return b, s
}

// Without a terminal a window asks, says who wants to know, and asks again.
func TestWindowAsksForTheCode(t *testing.T) {
	t.Parallel()
	for program := range kinds() {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			b, s := withWindows(t, program)
			b.stored("dév", "--mfa-serial", b.mfa.Serial)
			fob := b.begin(nil, "process", "-p", "dév")
			s.answer("12345")
			s.answer("abcdef")
			s.answer(b.mfa.Code(b.aws.Now()))
			r := fob.end()
			if r.status != 0 || r.stderr != "" || !strings.Contains(r.stdout, `"SessionToken":"`) {
				t.Error(r)
			}
		})
	}
}

// A code that AWS refuses is asked for again, three times.
func TestWindowAfterAWrongCode(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.set("DISPLAY", ":0")
	b.set("FOB_ASK", "")
	b.program("zenity", `d=$(dirname "$0"); echo "$@" >>"$d/seen"; echo 00000$(wc -l <"$d/seen" | tr -d ' ' | head -c1)`)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	r := b.run("process", "-p", "dev")
	seen := readFile(t, b.path("bin/seen"))
	if r.status != 7 || strings.Count(seen, "--entry") != 3 || strings.Count(seen, "AWS refused that code.") != 2 {
		t.Errorf("%s%v", seen, r)
	}
}

// Whoever closes the window has cancelled, for those who come next as well.
func TestWindowIsClosed(t *testing.T) {
	t.Parallel()
	for program := range kinds() {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			b, s := withWindows(t, program)
			b.stored("dev", "--mfa-serial", b.mfa.Serial)
			fob := b.begin(nil, "process", "-p", "dev")
			s.press("Escape")
			for _, r := range []result{fob.end(), b.run("process", "-p", "dev")} {
				if r.status != 130 || r.stdout != "" || !threeLines.MatchString(r.stderr) {
					t.Error(r)
				}
			}
			fob = b.begin(nil, "login", "dev")
			s.answer("q")
			if r := fob.end(); r.status != 130 {
				t.Error(r)
			}
			if n := b.aws.Stats().Total; n != 0 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// The passphrase: a vault is made, and opened again.
func TestWindowAsksForThePassphrase(t *testing.T) {
	t.Parallel()
	for program := range kinds() {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			b, s := withWindows(t, program)
			b.set("FOB_PASSPHRASE_FILE", "")
			fob := b.begin(nil, "vault", "create")
			s.answer("short")
			s.answer("correct horse battery")
			s.answer("correct horse battery")
			if r := fob.end(); r.status != 0 {
				t.Fatal(r)
			}
			b.must("add", "dev", "--csv", "key.csv", "--no-verify")
			b.must("vault", "lock")
			fob = b.begin(nil, "process", "-p", "dev")
			s.answer("correct horse battery")
			if r := fob.end(); r.status != 0 || !strings.Contains(r.stdout, b.ann.Key.Secret) {
				t.Error(r.status, r.stderr)
			}
		})
	}
}

// One no to the passphrase is a no to all that wait for it.
func TestWindowPassphraseIsRefusedOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev")
	b.must("vault", "lock")
	b.set("FOB_PASSPHRASE_FILE", "")
	b.set("DISPLAY", ":0")
	b.set("FOB_ASK", "")
	b.program("zenity", `echo >>"$(dirname "$0")/seen"; exit $ZENITY_CANCEL`)
	for r := range b.crowd(5, "process", "-p", "dev") {
		if r.status != 130 || r.stdout != "" {
			t.Error(r)
		}
	}
	if n := len(readFile(t, b.path("bin/seen"))); n != 1 {
		t.Errorf("%d windows", n)
	}
	if r := b.run("login", "dev"); r.status != 130 || len(readFile(t, b.path("bin/seen"))) != 2 {
		t.Errorf("a person's own try is not asked: %v", r)
	}
}

// crowd runs many at once.
func (b *box) crowd(n int, args ...string) <-chan result {
	all := make(chan result, n)
	var wg sync.WaitGroup
	for range n {
		fob := b.begin(nil, args...)
		wg.Go(func() { all <- fob.end() })
	}
	wg.Wait()
	close(all)
	return all
}

// Fifty programs at once see one window.
func TestWindowIsOneForAll(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	b.set("DISPLAY", ":0")
	b.set("FOB_ASK", "")
	b.write("code", b.mfa.Code(b.aws.Now()))
	b.program("zenity", `cd "$(dirname "$0")"; echo >>seen; exec cat ../code`)
	for r := range b.crowd(50, "process", "-p", "dev") {
		if r.status != 0 {
			t.Error(r)
		}
	}
	if n := len(readFile(t, b.path("bin/seen"))); n != 1 {
		t.Errorf("%d windows", n)
	}
}

// Enter is no; yes has to be chosen.
func TestWindowConfirms(t *testing.T) {
	t.Parallel()
	for program, yes := range map[string][]string{"zenity": {"alt+y"}, "kdialog": {"--delay", "100", "Down", "Down", "Down", "Return"}} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			b, s := withWindows(t, program)
			b.stored("dev")
			fob := b.begin(nil, "remove", "dev")
			s.press("Return")
			if r := fob.end(); r.status != 130 {
				t.Error(r)
			}
			b.must("process", "-p", "dev")
			fob = b.begin(nil, "remove", "dev")
			s.press(yes...)
			if r := fob.end(); r.status != 0 {
				t.Error(r)
			}
			if r := b.run("process", "-p", "dev"); r.status == 0 {
				t.Error("the key is still there")
			}
		})
	}
}

// Markup, escapes and mnemonics in a name are shown as they are: they make the
// window no higher than a plain name of that length does, and nothing runs.
func TestWindowShowsTextAsText(t *testing.T) {
	t.Parallel()
	most := "`id>canary`$(id>canary)_a&b\"'<big><big><h1>x</h1></big></big>" + strings.Repeat(`\n`, 12) + strings.Repeat("<br>", 12) + strings.Repeat("&#10;", 10)
	for program := range kinds() {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			b, s := withWindows(t, program)
			b.stored("dev")
			height := func(end string) int {
				fob := b.begin(nil, "login", "dev", "--mfa-serial", "arn:aws:iam::123456789012:mfa/"+end)
				s.await()
				h := s.height()
				s.untilGone(func(string) { s.try("key", "Escape") })
				if r := fob.end(); r.status != 130 {
					t.Error(r)
				}
				return h
			}
			plain, got := height(strings.Repeat("x", len(most))), height(most)
			if got > plain*3/2 || got == 0 { // the toolkits are still at it when the window comes
				t.Errorf("%d pixels high, a plain text %d", got, plain)
			}
			b.noCanary()
		})
	}
}

func (b *box) noCanary() {
	b.t.Helper()
	for _, name := range []string{"canary", "bin/canary"} {
		if _, err := os.Stat(b.path(name)); err == nil {
			b.t.Error("a text was run")
		}
	}
}

// What the programs get: one argument for the text, nothing that drives a terminal,
// no secret, and the part of the environment that they need.
func TestWindowArguments(t *testing.T) {
	t.Parallel()
	for name, bad := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.stored("dev")
			b.set("DISPLAY", ":0")
			b.set("FOB_ASK", "")
			b.set("AWS_SECRET_ACCESS_KEY", "canary")
			b.set("FOB_PASSPHRASE", "canary")
			b.set("GITHUB_TOKEN", "canary")
			b.program("zenity", `d=$(dirname "$0"); printf '%s\0' "$@" >"$d/args"; env >"$d/env"; exit $ZENITY_CANCEL`)
			for _, serial := range []string{"arn:aws:iam::123456789012:mfa/" + bad, "--text=" + bad, "-q", "--help", "GAHT12345678"} {
				_ = os.Remove(b.path("bin/args"))
				r := b.run("login", "dev", "--mfa-serial="+serial)
				b.tame(r, []string{serial})
				if r.status == 4 {
					continue // such a serial is refused before it is shown
				}
				args := strings.Split(strings.TrimSuffix(readFile(t, b.path("bin/args")), "\x00"), "\x00")
				if len(args) != 3 || args[0] != "--title=fob" || args[1] != "--entry" || !strings.HasPrefix(args[2], "--text=") {
					t.Errorf("%q: %q", serial, args)
				}
				if i := strings.IndexFunc(args[2], wild); i >= 0 {
					t.Errorf("%q: the text holds %q", serial, args[2][i:])
				}
			}
			environ := readFile(t, b.path("bin/env"))
			if !strings.Contains(environ, "DISPLAY=:0\n") || strings.Contains(environ, "canary") || strings.Contains(environ, "FOB_") || strings.Contains(environ, "AWS_") {
				t.Errorf("the environment: %s", environ)
			}
		})
	}
}

// Where no window can be shown nobody is there, and the reason says what is missing.
func TestNoWindow(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	b.set("FOB_ASK", "")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir(b.path("only"), 0o700), os.Symlink(self, b.path("only/fob"))); err != nil {
		t.Fatal(err)
	}
	only := "PATH=" + b.path("only")
	usual := b.environ
	for _, tt := range []struct {
		name, needs string
		vars        []string
		fake        string // a zenity that is there instead of the system's programs
		status      int
		reason      string
	}{
		{name: "no display", vars: []string{only}, status: 5, reason: ", and no terminal is here to ask on\n"},
		{name: "no program", vars: []string{"DISPLAY=:0", only}, status: 5, reason: ", and no window can be shown: zenity is not installed, kdialog is not installed\n"},
		{name: "dead display", needs: "zenity", vars: []string{"DISPLAY=:65000"}, status: 5, reason: "zenity could not show a window"},
		{name: "FOB_ASK without display", vars: []string{"FOB_ASK=desktop"}, status: 5, reason: ", and no display is here for the window that FOB_ASK wants\n"},
		{name: "terminal alone", vars: []string{"DISPLAY=:0", "FOB_ASK=terminal"}, fake: "never", status: 5, reason: "no terminal is here to ask on\n"},
		{name: "no input", vars: []string{"DISPLAY=:0", "FOB_NO_INPUT=1"}, fake: "never", status: 5, reason: "FOB_NO_INPUT forbids asking"},
		{name: "CI", vars: []string{"DISPLAY=:0", "CI=true"}, fake: "never", status: 5, reason: "CI is set"},
		{name: "nonsense", vars: []string{"DISPLAY=:0", "FOB_ASK=window"}, fake: "never", status: 4, reason: "FOB_ASK"},
	} {
		if tt.needs != "" {
			installed(t, tt.needs)
		}
		b.environ = append([]string{}, usual...)
		if tt.fake != "" {
			b.program("zenity", `touch "$(dirname "$0")/canary"; exit 1`)
		}
		b.environ = append(b.environ, tt.vars...)
		r, took := b.detached(patience, "process", "-p", "dev")
		if r.status != tt.status || !strings.Contains(r.stderr, tt.reason) || !threeLines.MatchString(r.stderr) || took >= patience {
			t.Errorf("%s: took %v: %v", tt.name, took, r)
		}
		b.noCanary()
	}
	b.environ = append(usual, "DISPLAY=:0")
	if r := b.run("--no-input", "process", "-p", "dev"); r.status != 5 || !strings.Contains(r.stderr, "--no-input") {
		t.Error(r)
	}
	b.noCanary()
}

// FOB_ASK can have the window although a terminal is there.
func TestWindowInsteadOfTheTerminal(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	b.set("DISPLAY", ":0")
	b.write("code", b.mfa.Code(b.aws.Now()))
	b.program("zenity", `exec cat "$(dirname "$0")/../code"`)
	b.set("FOB_ASK", "desktop")
	r, shown := b.talk("", false, "process", "-p", "dev")
	if r.status != 0 || shown != "" {
		t.Errorf("%q: %v", shown, r)
	}
}

// A window goes with fob, however that ends, and with the program that waits for it.
func TestWindowGoesWithFob(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signal syscall.Signal
		sdk    bool // the signal is for the program that waits
		status int
	}{
		"stopped":        {signal: syscall.SIGTERM, status: 130},
		"killed":         {signal: syscall.SIGKILL, status: -1},
		"parent is gone": {signal: syscall.SIGKILL, sdk: true, status: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.stored("dev", "--mfa-serial", b.mfa.Serial)
			b.set("DISPLAY", ":0")
			b.set("FOB_ASK", "")
			pipe := b.path("pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			b.program("zenity", `trap '' TERM INT HUP; exec 3>"$(dirname "$0")/../pipe"; exec sleep 1000`)
			var before []string
			if tt.sdk {
				before = []string{b.program("sdk", `fob "$@"; exit`)}
			}
			fob := b.begin(before, "process", "-p", "dev")
			alive, err := os.Open(pipe)
			if err != nil {
				t.Fatal(err)
			}
			defer alive.Close()
			if err := fob.cmd.Process.Signal(tt.signal); err != nil {
				t.Fatal(err)
			}
			if err := alive.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(alive); err != nil {
				t.Errorf("the window stays: %v", err)
			}
			if r := fob.end(); r.status != tt.status || r.stdout != "" {
				t.Error(r)
			}
		})
	}
}
