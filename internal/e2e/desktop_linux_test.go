package e2e

import (
	"bufio"
	"context"
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
)

const (
	secretsName        = "org.freedesktop.secrets"
	secretsPath        = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceInterface   = "org.freedesktop.Secret.Service"
	monitorInterface   = "org.freedesktop.DBus.Monitoring"
	busName            = "org.freedesktop.DBus"
	loginPassword      = "password"
	keyringIsReady     = busName + ".NameOwnerChanged"
	daemonsStartWithin = 10 * time.Second
)

// desktop is a message bus with a gnome-keyring, as a user who has logged in has
// them: the default collection is unlocked. No display, no prompter, nothing that
// the bus could start by itself, nothing of the user's own.
type desktop struct {
	t       testing.TB
	address string
	keyring *exec.Cmd
	daemons []int
}

// startDesktop gives the world a desktop.
func (w *world) startDesktop() *desktop {
	w.t.Helper()
	needsProgram(w.t, "dbus-daemon", "gnome-keyring-daemon")
	w.mkdir("home/.local/share/keyrings")
	d := &desktop{t: w.t}
	d.startBus(w)
	d.startKeyring(w)
	w.env["DBUS_SESSION_BUS_ADDRESS"] = d.address
	w.t.Cleanup(func() { w.fob("vault", "lock") }) // the sealing key, which outlives the desktop
	return d
}

func (d *desktop) startBus(w *world) {
	d.t.Helper()
	config := filepath.Join(w.dir, "bus.conf")
	w.write(config, `<busconfig><type>session</type><listen>unix:path=`+filepath.Join(w.dir, "bus")+`</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`)
	bus := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	out, err := bus.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	d.daemon(w, bus)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		d.t.Fatalf("dbus-daemon: %v", err)
	}
	d.address = strings.TrimSpace(address)
}

func (d *desktop) startKeyring(w *world) {
	d.t.Helper()
	conn := d.dial()
	owned := make(chan *dbus.Signal, 8)
	conn.Signal(owned)
	if err := conn.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)); err != nil {
		d.t.Fatal(err)
	}
	d.keyring = exec.Command("gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets")
	d.keyring.Stdin = strings.NewReader(loginPassword)
	d.daemon(w, d.keyring)
	for limit := time.After(daemonsStartWithin); ; {
		select {
		case s := <-owned:
			if s.Name == keyringIsReady {
				return
			}
		case <-limit:
			d.t.Fatal("gnome-keyring does not answer")
		}
	}
}

// daemon starts a program that runs until the end of the test.
func (d *desktop) daemon(w *world, cmd *exec.Cmd) {
	d.t.Helper()
	cmd.Env = append(w.environ(), "XDG_DATA_HOME="+filepath.Join(w.env["HOME"], ".local/share"), "DBUS_SESSION_BUS_ADDRESS="+d.address)
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.daemons = append(d.daemons, cmd.Process.Pid)
	d.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

func (d *desktop) dial() *dbus.Conn {
	d.t.Helper()
	conn, err := dbus.Connect(d.address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// lock locks the default collection.
func (d *desktop) lock() {
	d.t.Helper()
	service := d.dial().Object(secretsName, secretsPath)
	var collection dbus.ObjectPath
	if err := service.Call(serviceInterface+".ReadAlias", 0, "default").Store(&collection); err != nil {
		d.t.Fatal(err)
	}
	if err := service.Call(serviceInterface+".Lock", 0, []dbus.ObjectPath{collection}).Err; err != nil {
		d.t.Fatal(err)
	}
}

// calls are the method calls to the keyring from now on, by their names.
func (d *desktop) calls() <-chan string {
	d.t.Helper()
	conn := d.dial()
	rules := []string{"type='method_call',destination='" + secretsName + "'"}
	if err := conn.BusObject().Call(monitorInterface+".BecomeMonitor", 0, rules, uint32(0)).Err; err != nil {
		d.t.Fatal(err)
	}
	messages, names := make(chan *dbus.Message, 1000), make(chan string, 1000)
	conn.Eavesdrop(messages)
	ctx, stop := context.WithCancel(context.Background())
	d.t.Cleanup(stop)
	go func() {
		for {
			select {
			case m := <-messages:
				if m.Type != dbus.TypeMethodCall {
					continue // the bus's own word to the monitor
				}
				name, _ := m.Headers[dbus.FieldMember].Value().(string)
				names <- name
			case <-ctx.Done():
				return
			}
		}
	}()
	return names
}

func (d *desktop) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.keyring.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

// silentBus is a bus address behind which somebody takes calls and never answers.
func silentBus(t testing.TB, w *world) (address string) {
	t.Helper()
	path := filepath.Join(w.dir, "silent")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var held []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			held = append(held, conn)
		}
		for _, c := range held {
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "unix:path=" + path
}

// processes are those of this world, its daemons not included: descendants of its
// programs, however far they ran away.
func (w *world) processes(except ...int) (found []string) {
	w.t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		w.t.Fatal(err)
	}
	skip := map[string]bool{}
	for _, pid := range except {
		skip[fmt.Sprintf("/proc/%d/environ", pid)] = true
	}
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err == nil && !skip[file] && strings.Contains(string(env), "FOB_E2E="+w.dir+"\x00") {
			name, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "comm"))
			found = append(found, filepath.Base(filepath.Dir(file))+" "+strings.TrimSpace(string(name)))
		}
	}
	return found
}
