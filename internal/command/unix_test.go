//go:build unix

package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func detached(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	syscall.ForkLock.RLock() // no child of another test holds a program open: it could not be run
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestLookPath(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, dir+"/here", "#!/bin/sh\n", 0o755)
	write(t, dir+"/one/tool", "#!/bin/sh\n", 0o644)
	write(t, dir+"/two/tool", "#!/bin/sh\n", 0o755)
	write(t, dir+"/two/data", "", 0o644)
	write(t, dir+"/two/folder/x", "", 0o644)
	path := ":.:one:" + dir + "/one::" + dir + "/two:./two:"
	tests := []struct {
		name, want string
		err        error
	}{
		{"tool", dir + "/two/tool", nil},
		{dir + "/one/../two/tool", dir + "/one/../two/tool", nil},
		{"here", "", ErrNotFound},
		{"nothing", "", ErrNotFound},
		{"", "", ErrNotFound},
		{dir + "/nothing", "", ErrNotFound},
		{"data", "", ErrNotExecutable},
		{"folder", "", ErrNotExecutable},
		{dir + "/one/tool", "", ErrNotExecutable},
		{dir, "", ErrNotExecutable},
		{"./here", "", ErrNotAbsolute},
		{"two/tool", "", ErrNotAbsolute},
		{"../tool", "", ErrNotAbsolute},
		{".", "", ErrNotAbsolute},
		{"..", "", ErrNotAbsolute},
	}
	for _, tt := range tests {
		got, err := LookPath(tt.name, getenv([]string{"PATH=/nowhere", "PATH=" + path}))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: got %q, %v", tt.name, got, err)
		}
	}
}

func TestProgramsThatDoNotStart(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/garbage", "\x00\x01\x02", 0o755)
	write(t, dir+"/interpreter", "#!/nowhere/sh\n", 0o755)
	tests := map[string]error{
		dir + "/garbage":     ErrNotExecutable,
		dir + "/interpreter": ErrNotExecutable,
		"garbage":            ErrNotExecutable,
		"nothing":            ErrNotFound,
		"./garbage":          ErrNotAbsolute,
	}
	for name, want := range tests {
		result, err := Run(t.Context(), Spec{Argv: []string{name}, Env: []string{"PATH=" + dir}})
		var failure *Error
		if !errors.Is(err, want) || !errors.As(err, &failure) || failure.Name != name || result.ExitCode != -1 {
			t.Errorf("%q: %+v, %v", name, result, err)
		}
	}
	if _, err := Run(t.Context(), Spec{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("no command: %v", err)
	}
}

func TestSignalledCommand(t *testing.T) {
	result, err := Run(t.Context(), Spec{Argv: []string{"/bin/sh", "-c", "kill -TERM $$"}})
	if !errors.Is(err, ErrExit) || result.ExitCode != 128+int(syscall.SIGTERM) {
		t.Fatalf("got %d, %v", result.ExitCode, err)
	}
}

func TestOwnProcessGroup(t *testing.T) {
	result, err := Run(t.Context(), Spec{Argv: []string{"/bin/sh", "-c", "kill -INT 0; exit 3"}})
	if result.ExitCode == 0 || err == nil { // and this process is still here
		t.Fatalf("got %d, %v", result.ExitCode, err)
	}
}

func TestTrusted(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config")
	tests := []struct {
		name, path string
		mode       fs.FileMode
		uid        uint32
		reason     string // "": trusted
	}{
		{"ours", path, 0o600, uint32(os.Getuid()), ""},
		{"readable", path, 0o644, uint32(os.Getuid()), ""},
		{"of root", path, 0o644, 0, ""},
		{"group-writable", path, 0o620, uint32(os.Getuid()), writableByOthers},
		{"world-writable", path, 0o602, uint32(os.Getuid()), writableByOthers},
		{"foreign", path, 0o600, uint32(os.Getuid()) + 1, foreignOwner},
		{"relative", "config", 0o600, uint32(os.Getuid()), "its path is relative"},
		{"relative, with a dot", "./config", 0o600, uint32(os.Getuid()), "its path is relative"},
	}
	for _, tt := range tests {
		write(t, path, "", tt.mode)
		real, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		err = Trusted(tt.path, owned{real, tt.uid})
		var untrusted *UntrustedError
		if tt.reason == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		} else if !errors.As(err, &untrusted) || *untrusted != (UntrustedError{tt.path, tt.reason}) {
			t.Errorf("%s: %v", tt.name, err)
		} else if want := fmt.Sprintf("commands in %q are not run: %s", tt.path, tt.reason); err.Error() != want {
			t.Errorf("%s: error %q", tt.name, err)
		}
	}
	if err := Trusted(path, unknown{}); err == nil {
		t.Error("a file of an unknown owner is trusted")
	}
	real, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Trusted(path, real); err != nil {
		t.Errorf("a real file: %v", err)
	}
}

// owned is a file that belongs to somebody.
type owned struct {
	fs.FileInfo
	uid uint32
}

func (o owned) Sys() any { return &syscall.Stat_t{Uid: o.uid} }

type unknown struct{ fs.FileInfo }

func (unknown) Sys() any { return nil }
