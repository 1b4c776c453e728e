package keychain

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"
)

// needsProgram skips the test if a program is missing, or fails it where nothing may be
// skipped.
func needsProgram(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatalf("%s is not installed", p)
		}
		t.Skipf("%s is not installed", p)
	}
}

// desktop is a message bus and, once started, a gnome-keyring of its own: no
// display, no prompter, no activation, nothing of the user's.
type desktop struct {
	dir     string
	address string
	bus     *exec.Cmd
	keyring *exec.Cmd
}

func startBus(t testing.TB) *desktop {
	t.Helper()
	needsProgram(t, "dbus-daemon")
	d := &desktop{dir: t.TempDir()}
	for _, dir := range []string{"run", "home/.local/share/keyrings"} {
		if err := os.MkdirAll(filepath.Join(d.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	socket := shortSocket(t)
	config := filepath.Join(d.dir, "bus.conf")
	// No service folder: nothing can be started behind the test's back.
	err := os.WriteFile(config, []byte(`<busconfig><type>session</type><listen>unix:path=`+socket+`</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	d.bus = exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	d.bus.Env = d.env()
	d.bus.Stderr = os.Stderr
	out, err := d.bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, d.bus)
	if d.address, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("dbus-daemon: %v", err)
	}
	d.address = strings.TrimSpace(d.address)
	return d
}

// startKeyring starts gnome-keyring with an unlocked default collection and
// returns when it answers.
func startKeyring(t testing.TB) *desktop {
	t.Helper()
	needsProgram(t, "gnome-keyring-daemon")
	d := startBus(t)
	watch := d.dial(t)
	owned := make(chan *dbus.Signal, 8)
	watch.Signal(owned)
	if err := watch.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)); err != nil {
		t.Fatal(err)
	}
	d.keyring = exec.Command("gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets")
	d.keyring.Env = d.env()
	d.keyring.Stderr = os.Stderr
	d.keyring.Stdin = strings.NewReader("password")
	start(t, d.keyring)
	for deadline := time.After(10 * time.Second); ; {
		select {
		case s := <-owned:
			if s.Name == busName+".NameOwnerChanged" {
				return d
			}
		case <-deadline:
			t.Fatal("gnome-keyring does not answer")
		}
	}
}

// start runs a daemon until the end of the test.
func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

func (d *desktop) env() []string {
	home := filepath.Join(d.dir, "home")
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_DATA_HOME=" + filepath.Join(home, ".local/share"),
		"XDG_RUNTIME_DIR=" + filepath.Join(d.dir, "run"), "DBUS_SESSION_BUS_ADDRESS=" + d.address,
	}
}

// dial makes a connection of godbus's own, for what fob itself never does.
func (d *desktop) dial(t testing.TB) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(d.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// store is a Secret Service store that may not show dialogs.
func (d *desktop) store() *SecretService {
	return &SecretService{Address: d.address, UID: os.Getuid()}
}

// lock locks the default collection.
func (d *desktop) lock(t testing.TB) {
	t.Helper()
	conn := d.dial(t)
	defer conn.Close()
	o := conn.Object(secretsName, secretsPath)
	var collection dbus.ObjectPath
	if err := o.Call(secretsIface+"Service.ReadAlias", 0, "default").Store(&collection); err != nil {
		t.Fatal(err)
	}
	if err := o.Call(secretsIface+"Service.Lock", 0, []dbus.ObjectPath{collection}).Err; err != nil {
		t.Fatal(err)
	}
}

// plantItems makes items as another program would, in a collection that lies in
// memory.
func plantItems(t testing.TB, conn *dbus.Conn, value string, items ...map[string]string) {
	t.Helper()
	o := conn.Object(secretsName, secretsPath)
	var output dbus.Variant
	var session dbus.ObjectPath
	if err := o.Call(secretsIface+"Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
		t.Fatal(err)
	}
	collection := conn.Object(secretsName, secretsPath+"/collection/session")
	for _, attrs := range items {
		err := collection.Call(secretsIface+"Collection.CreateItem", 0, map[string]dbus.Variant{
			secretsIface + "Item.Label":      dbus.MakeVariant("planted"),
			secretsIface + "Item.Attributes": dbus.MakeVariant(attrs),
		}, wireSecret{session, []byte{}, []byte(value), "text/plain"}, false).Err
		if err != nil {
			t.Fatal(err)
		}
	}
}

// foreignItems are items of another program.
func foreignItems(n int) (items []map[string]string) {
	for i := range n {
		items = append(items, map[string]string{"application": "other", "account": fmt.Sprint(i), "profile": "dev"})
	}
	return items
}

// shortSocket is a socket's path: at most 107 bytes, which a test's own folder
// may exceed.
func shortSocket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fob")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// listenUnix makes a socket on which serve handles each connection.
func listenUnix(t testing.TB, serve func(net.Conn)) (address string) {
	t.Helper()
	socket := shortSocket(t)
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "unix:path=" + socket
}

// freeze stops a process until the end of the test.
func freeze(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

// endsWithin fails the test if f takes longer than limit, and returns its error.
func endsWithin(t testing.TB, limit time.Duration, f func() error) error {
	t.Helper()
	begin := time.Now()
	err := f()
	if d := time.Since(begin); d > limit {
		t.Errorf("took %v, the limit is %v", d, limit)
	}
	return err
}

// noGoroutineLeaks fails the test if it ends with more goroutines than it began with. Call
// it first: what is cleaned up later than this was begun is not a leak.
func noGoroutineLeaks(t testing.TB) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// markedProcesses counts the processes that carry a mark in their environment, this one
// not included: descendants, however far they ran away.
func markedProcesses(t testing.TB, mark string) (count int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file == fmt.Sprintf("/proc/%d/environ", os.Getpid()) {
			continue
		}
		if env, err := os.ReadFile(file); err == nil && strings.Contains(string(env), mark) {
			count++
		}
	}
	return count
}
