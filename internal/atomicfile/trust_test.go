//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func untrusted(t *testing.T, err error, path, reason string) {
	t.Helper()
	var u *UntrustedError
	if !errors.As(err, &u) || u.Path != path || u.Reason != reason {
		t.Fatalf("got %v, want %s to be %s", err, path, reason)
	}
}

func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal("may not skip: " + why)
	}
	t.Skip(why)
}

// foreign is a user id that is not ours.
const foreign = 65534

func giveAway(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		skip(t, "only root can give a file away")
	}
	if err := os.Lchown(path, foreign, foreign); err != nil {
		t.Fatal(err)
	}
}

func TestModesUnderAnOpenUmask(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	top := filepath.Join(t.TempDir(), "a", "b", "fob")
	dir, err := OpenDir(top)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := Subdir(dir, "sessions")
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(sub, "f", nil); err != nil {
		t.Fatal(err)
	}
	if err := WriteFast(dir, "g", nil); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		top: 0o700, filepath.Dir(top): 0o700, filepath.Join(top, "sessions"): 0o700,
		filepath.Join(top, "sessions", "f"): 0o600, filepath.Join(top, "g"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
}

func TestOpenDirRefusals(t *testing.T) {
	t.Run("writable", func(t *testing.T) {
		for _, mode := range []os.FileMode{0o770, 0o702, 0o777 | os.ModeSticky} {
			path := t.TempDir()
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			_, err := OpenDir(path)
			untrusted(t, err, path, writable)
		}
	})
	t.Run("foreign", func(t *testing.T) {
		path := t.TempDir()
		giveAway(t, path)
		_, err := OpenDir(path)
		untrusted(t, err, path, notOurs)
	})
	t.Run("file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenDir(path); err == nil {
			t.Fatal("a file was opened as a folder")
		}
	})
	t.Run("dangling link", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "l")
		if err := os.Symlink("nowhere", path); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenDir(path); err == nil {
			t.Fatal("a dangling link was opened")
		}
	})
}

func TestOpenDirMayBeALink(t *testing.T) {
	target, path := t.TempDir(), filepath.Join(t.TempDir(), "fob")
	if err := os.Chmod(target, 0o755); err != nil { // readable is not writable
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	dir, err := OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, "f", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(target, "f")); err != nil {
		t.Fatal(err)
	}
}

func TestSubdirRefusals(t *testing.T) {
	dir := openTemp(t)
	at := func(name string) string { return filepath.Join(dir.Name(), name) }
	for _, d := range []string{"real", "open"} {
		if _, err := Subdir(dir, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink("real", at("link")), os.Chmod(at("open"), 0o777), Write(dir, "file", nil)); err != nil {
		t.Fatal(err)
	}
	for name, reason := range map[string]string{"link": aLink, "open": writable, "file": notFolder} {
		_, err := Subdir(dir, name)
		untrusted(t, err, at(name), reason)
	}
}

// What is planted at a name is neither followed nor waited for when read, and
// simply replaced when written.
func TestPlantedFiles(t *testing.T) {
	plant := map[string]struct {
		reason string
		make   func(t *testing.T, dir *os.Root, path string) error
	}{
		"link inside": {aLink, func(t *testing.T, dir *os.Root, path string) error { return os.Symlink("victim", path) }},
		"link outside": {aLink, func(t *testing.T, dir *os.Root, path string) error {
			return os.Symlink("/etc/passwd", path)
		}},
		"dangling link": {aLink, func(t *testing.T, dir *os.Root, path string) error { return os.Symlink("nowhere", path) }},
		"fifo":          {notFile, func(t *testing.T, dir *os.Root, path string) error { return syscall.Mkfifo(path, 0o600) }},
		"group may write": {writable, func(t *testing.T, dir *os.Root, path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o620))
		}},
		"all may write": {writable, func(t *testing.T, dir *os.Root, path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o666))
		}},
		"foreign": {notOurs, func(t *testing.T, dir *os.Root, path string) error {
			err := os.WriteFile(path, nil, 0o600)
			giveAway(t, path)
			return err
		}},
	}
	for name, p := range plant {
		t.Run(name, func(t *testing.T) {
			dir := openTemp(t)
			if err := Write(dir, "victim", []byte("untouched")); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir.Name(), "f")
			if err := p.make(t, dir, path); err != nil {
				t.Fatal(err)
			}
			_, err := Read(dir, "f", 100)
			untrusted(t, err, path, p.reason)
			if strings.Contains(err.Error(), "root:") {
				t.Fatal("content in an error")
			}
			if err := Write(dir, "f", []byte("new")); err != nil {
				t.Fatal(err)
			}
			if content(t, dir, "f") != "new" || content(t, dir, "victim") != "untouched" {
				t.Fatal("the planted file was written through")
			}
		})
	}
}

// A FIFO that takes the place of the file between looking and opening must not
// hang the reader; the race is played by opening it as Read does.
func TestOpenOfAFifoDoesNotWait(t *testing.T) {
	dir := openTemp(t)
	if err := syscall.Mkfifo(filepath.Join(dir.Name(), "f"), 0o600); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error, 1)
	go func() {
		f, err := dir.OpenFile("f", os.O_RDONLY|nonBlocking, 0)
		if err == nil {
			err = f.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("opening a FIFO waits")
	}
}

func TestSweepLeavesTheRestAlone(t *testing.T) {
	dir := openTemp(t)
	if err := os.Mkdir(filepath.Join(dir.Name(), tempPrefix+"folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir.Name(), tempPrefix+"link")); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, "vault.bin", nil); err != nil {
		t.Fatal(err)
	}
	if err := Sweep(dir, time.Hour, time.Now().Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir.Name())
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v left (%v)", entries, err)
	}
}

func TestOpenRuntimeDir(t *testing.T) {
	base := t.TempDir() // below /tmp, which everybody may write
	if _, err := OpenRuntimeDir(base); err == nil {
		t.Fatal("a folder inside a world-writable one was accepted")
	}
	if _, err := OpenRuntimeDir("run/user/1"); err == nil {
		t.Fatal("a relative path was accepted")
	}
	if _, err := OpenRuntimeDir(""); err == nil {
		t.Fatal("an unset path was accepted")
	}
	home := privateDir(t)
	folder := func(name string, mode os.FileMode) string {
		path := filepath.Join(home, name)
		if err := errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := folder("good", 0o700)
	dir, err := OpenRuntimeDir(good)
	if err != nil {
		t.Fatal(err)
	}
	_ = dir.Close()
	_, err = OpenRuntimeDir(folder("readable", 0o755))
	untrusted(t, err, filepath.Join(home, "readable"), "open to other users")
	_, err = OpenRuntimeDir(folder("writable", 0o770))
	untrusted(t, err, filepath.Join(home, "writable"), writable)
	link := filepath.Join(home, "link")
	if err := os.Symlink(good, link); err != nil {
		t.Fatal(err)
	}
	_, err = OpenRuntimeDir(link)
	untrusted(t, err, link, aLink)
	through := folder("through", 0o700)
	if err := os.Mkdir(filepath.Join(through, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(through, filepath.Join(home, "hop")); err != nil {
		t.Fatal(err)
	}
	_, err = OpenRuntimeDir(filepath.Join(home, "hop", "run"))
	untrusted(t, err, filepath.Join(home, "hop"), aLink)
	if _, err := OpenRuntimeDir(filepath.Join(home, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("missing: %v", err)
	}
	foreignDir := folder("foreign", 0o700)
	giveAway(t, foreignDir)
	_, err = OpenRuntimeDir(foreignDir)
	untrusted(t, err, foreignDir, notOurs)
}

// privateDir is a folder with no world-writable one above it.
func privateDir(t *testing.T) string {
	t.Helper()
	home, err := os.UserHomeDir()
	if err != nil {
		skip(t, "no home folder")
	}
	if home, err = filepath.EvalSymlinks(home); err != nil {
		skip(t, "no home folder")
	}
	dir, err := os.MkdirTemp(home, ".fob-test-")
	if err != nil {
		skip(t, "the home folder cannot be written")
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for at := home; at != filepath.Dir(at); at = filepath.Dir(at) {
		if info, err := os.Stat(at); err != nil || info.Mode().Perm()&othersMayWrite != 0 {
			skip(t, "others may write above the home folder")
		}
	}
	return dir
}
