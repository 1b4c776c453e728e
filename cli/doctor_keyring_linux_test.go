package cli_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// installed is the path of a program, without which the test is skipped, or fails
// where nothing may be skipped.
func installed(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err != nil && noSkip():
		t.Fatalf("%s is not installed", program)
	case err != nil:
		t.Skipf("%s is not installed", program)
	}
	return path
}

// keyring starts a session bus and a gnome-keyring on it for the box.
func (b *box) keyring(password string) {
	b.t.Helper()
	bus, daemon := installed(b.t, "dbus-daemon"), installed(b.t, "gnome-keyring-daemon")
	start := func(name string, args ...string) *bufio.Reader {
		cmd := exec.CommandContext(b.t.Context(), name, args...)
		cmd.Env = b.environ
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.t.Fatal(err)
		}
		cmd.Stdin = strings.NewReader(password)
		if err := cmd.Start(); err != nil {
			b.t.Fatal(err)
		}
		b.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return bufio.NewReader(out)
	}
	// No folder of services: the bus would start another keyring at the first call.
	b.write("bus.conf", `<busconfig><type>session</type><listen>unix:path=`+b.path("bus")+`</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`)
	address := start(bus, "--config-file="+b.path("bus.conf"), "--nofork", "--nopidfile", "--print-address=1")
	line, err := address.ReadString('\n')
	if err != nil {
		b.t.Fatal(err)
	}
	b.set("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(line))
	b.set("XDG_DATA_HOME", b.path("home/data"))
	start(daemon, "--foreground", "--components=secrets", "--control-directory="+b.path("run"), "--unlock")
	for limit := time.Now().Add(patience); ; { // it is there some time before it has a collection
		out, err := b.secretService("ReadAlias", "string:default")
		if strings.Contains(out, "/collection/") {
			return
		}
		if time.Now().After(limit) {
			b.t.Fatalf("the keyring is not ready: %v: %s", err, out)
		}
	}
}

// secretService calls the Secret Service.
func (b *box) secretService(method string, args ...string) (string, error) {
	cmd := exec.Command(installed(b.t, "dbus-send"), append([]string{"--session", "--print-reply", "--dest=org.freedesktop.secrets",
		"/org/freedesktop/secrets", "org.freedesktop.Secret.Service." + method}, args...)...)
	cmd.Env = b.environ
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestDoctorSecretService: chosen or not, open or locked, and never a dialog.
func TestDoctorSecretService(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	if err := os.MkdirAll(b.path("home/data/keyrings"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.set("FOB_KEYCHAIN", "")
	b.keyring("pass word\n")
	says := func(severity, text string) {
		t.Helper()
		for _, f := range b.doctor("--offline").Findings {
			if f.ID == "store" && (f.Severity != severity || !strings.Contains(f.Fact, text)) {
				t.Errorf("store: %s: %s", f.Severity, f.Fact)
			}
		}
	}
	says("note", "no store is chosen yet; the first fob add takes the Secret Service")
	b.must("add", "dev", "--csv", "key.csv", "--no-verify")
	says("note", "keys rest in the Secret Service (chosen when the first key was stored), which opens without asking")
	if s := b.doctor("--offline").severity("lost-key"); s != "" {
		t.Errorf("lost-key: %s", s)
	}
	if out, err := b.secretService("Lock", "array:objpath:/org/freedesktop/secrets/collection/login"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	says("warn", "the keychain is locked")
	if s := b.doctor("--offline").severity("lost-key"); s != "not_checked" {
		t.Errorf("lost-key: %s", s)
	}
}
