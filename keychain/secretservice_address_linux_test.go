package keychain

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSessionBusAddress(t *testing.T) {
	uid := os.Getuid()
	runtimeDir := filepath.Dir(shortSocket(t))
	socket := filepath.Join(runtimeDir, "bus")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	file := filepath.Join(runtimeDir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	noRun := uid + 1<<20 // a user without a folder below /run/user
	ours := "unix:path=" + socket
	escaped := "unix:path=" + strings.ReplaceAll(socket, "/", "%2f")
	for _, c := range []struct {
		name, address, runtime string
		uid                    int
		want                   string // "" is ErrUnavailable
	}{
		{"path", ours, "", uid, ours},
		{"path with guid", ours + ",guid=00ff", "", uid, ours + ",guid=00ff"},
		{"escaped path", escaped, "", uid, escaped},
		{"abstract", "unix:abstract=/tmp/dbus-x,guid=1", "", uid, "unix:abstract=/tmp/dbus-x,guid=1"},
		{"first that will do", "tcp:host=localhost,port=1;" + ours, "", uid, ours},
		{"address before folder", "tcp:host=localhost,port=1", runtimeDir, uid, ""},
		{"tcp", "tcp:host=127.0.0.1,port=4000", "", uid, ""},
		{"nonce-tcp", "nonce-tcp:host=127.0.0.1,port=4000,noncefile=/x", "", uid, ""},
		{"unixexec", "unixexec:path=/bin/sh,argv1=-c", "", uid, ""},
		{"autolaunch", "autolaunch:", "", uid, ""},
		{"launchd", "launchd:env=DBUS_LAUNCHD_SESSION_BUS_SOCKET", "", uid, ""},
		{"systemd", "systemd:", "", uid, ""},
		{"disabled", "disabled:", runtimeDir, uid, ""},
		{"upper case", "UNIX:path=" + socket, "", uid, ""},
		{"no transport", socket, "", uid, ""},
		{"no socket", "unix:", "", uid, ""},
		{"folder to make sockets in", "unix:tmpdir=/tmp", "", uid, ""},
		{"relative path", "unix:path=bus", "", uid, ""},
		{"empty path", "unix:path=", "", uid, ""},
		{"bad escape", "unix:path=/x%zz", "", uid, ""},
		{"NUL", "unix:path=/x%00", "", uid, ""},
		{"path and abstract", ours + ",abstract=x", "", uid, ""},
		{"two paths", ours + ",path=/x", "", uid, ""},
		{"absent", "unix:path=" + empty + "/bus", "", uid, ""},
		{"a file", "unix:path=" + file, "", uid, ""},
		{"a folder", "unix:path=" + empty, "", uid, ""},
		{"of another user", ours, "", noRun, ""},
		{"separators only", ";;", "", uid, ""},
		{"runtime folder", "", runtimeDir, uid, ours},
		{"runtime folder without bus", "", empty, uid, ""},
		{"runtime folder, relative", "", "run", noRun, ""},
		{"runtime folder of another user", "", runtimeDir, noRun, ""},
		{"nothing", "", "", noRun, ""},
	} {
		env := map[string]string{"DBUS_SESSION_BUS_ADDRESS": c.address, "XDG_RUNTIME_DIR": c.runtime}
		got, err := SessionBusAddress(func(k string) string { return env[k] }, c.uid)
		if got != c.want || (c.want == "") != errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
		// What is refused here is not dialled either, if handed in directly.
		if _, err := socketOf(c.want); c.want != "" && err != nil {
			t.Errorf("%s: accepted, but not understood: %v", c.name, err)
		}
	}
}

func TestOpenOSUsesTheAddress(t *testing.T) {
	f := (&fakeService{}).hold(t, Account{KindKey, "dev"}, "value")
	address := f.store(t).Address
	getenv := func(name string) string {
		if name == "DBUS_SESSION_BUS_ADDRESS" {
			return address
		}
		return ""
	}
	s, err := OpenOS(OSOptions{Getenv: getenv, UID: os.Getuid()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(context.Background()); err != nil {
		t.Errorf("Probe: %v", err)
	}
	if got, err := s.Get(context.Background(), Account{KindKey, "dev"}); err != nil || string(got) != "value" {
		t.Errorf("Get = %q, %v", got, err)
	}
}

func FuzzSocketOf(f *testing.F) {
	for _, seed := range []string{"unix:path=/run/user/1000/bus", "unix:abstract=x,guid=1", "unix:path=%2fx", "tcp:host=x", "unix:", "unix:path", "unix:path=/a,path=/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		socket, err := socketOf(address)
		if err != nil {
			return
		}
		if !strings.HasPrefix(address, "unix:") || strings.ContainsRune(socket, 0) || socket[0] != '/' && socket[0] != '@' || len(socket) < 2 && socket != "/" {
			t.Fatalf("socketOf(%q) = %q", address, socket)
		}
	})
}
