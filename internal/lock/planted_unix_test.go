//go:build unix

package lock

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPlantedFiles(t *testing.T) {
	plants := map[string]func(path string) error{
		"fifo":             func(p string) error { return unix.Mkfifo(p, 0o600) },
		"folder":           func(p string) error { return os.Mkdir(p, 0o700) },
		"symlink outside":  func(p string) error { return os.Symlink("/dev/zero", p) },
		"symlink inside":   func(p string) error { return os.Symlink("target", p) },
		"dangling symlink": func(p string) error { return os.Symlink("nothing", p) },
		"socket":           func(p string) error { return unix.Mknod(p, unix.S_IFSOCK|0o600, 0) },
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			if err := dir.WriteFile("target", []byte("precious"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := plant(filepath.Join(dir.Name(), "a.lock")); err != nil {
				t.Skip(err)
			}
			l, err := Acquire(t.Context(), dir, "a", Options{Message: "x"})
			if l != nil || !errors.Is(err, ErrNotRegular) {
				t.Fatalf("got %v, %v", l, err)
			}
			if got := read(t, dir, "target"); got != "precious" {
				t.Fatalf("the target of a symlink was written: %q", got)
			}
			if _, err := dir.Lstat("nothing"); err == nil {
				t.Fatal("the target of a symlink was created")
			}
		})
	}
}

// Between the check and the open a FIFO may still appear: opening must not hang.
func TestOpeningAFIFODoesNotHang(t *testing.T) {
	dir := folder(t)
	if err := unix.Mkfifo(filepath.Join(dir.Name(), "a.lock"), 0o600); err != nil {
		t.Skip(err)
	}
	f, err := dir.OpenFile("a.lock", os.O_RDWR|openFlags, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	if inPlace(dir, "a.lock", f) {
		t.Fatal("a FIFO passes for the lock")
	}
}
