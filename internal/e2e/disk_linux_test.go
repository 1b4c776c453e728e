package e2e

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"fob/internal/awsfake"
)

// mount makes fob's folder a mount of its own, where that is permitted: no
// program is missing where it is not, so that is always a skip.
func (w *world) mount(source, kind string, flags uintptr, options string) {
	w.t.Helper()
	if !isRoot() {
		w.t.Skip("only root may mount")
	}
	w.mkdir("fob")
	if err := unix.Mount(source, w.fobDir(), kind, flags, options); err != nil {
		w.t.Skipf("cannot mount: %v", err)
	}
	w.t.Cleanup(func() {
		if err := unix.Unmount(w.fobDir(), unix.MNT_DETACH); err != nil {
			w.t.Errorf("unmount: %v", err)
		}
	})
}

func TestReadOnlyFileSystem(t *testing.T) {
	w := newWorld(t)
	w.mount(w.mkdir("fob"), "", unix.MS_BIND, "")
	readOnly(t, w, func() {
		err := unix.Mount("", w.fobDir(), "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
		if err != nil {
			t.Skipf("cannot make a mount read-only: %v", err)
		}
	})
}

// diskWorld has two keys, of which one is going to be replaced and removed while
// writing is made to fail, and a role above a third, for a session.
func diskWorld(w *world) map[string]awsfake.Key {
	w.t.Helper()
	w.config(w.roleConfigOf("Direct", "carl", false))
	w.useVault()
	keys := map[string]awsfake.Key{}
	for _, name := range []string{"alice", "bob", "carl"} {
		keys[name] = w.ann.AddKey("", "")
		w.add(name, keys[name]).ok(w.t)
	}
	return keys
}

func (w *world) wantKeys(keys map[string]awsfake.Key) {
	w.t.Helper()
	for name, key := range keys {
		a := w.fob("process", "-p", name).answer(w.t)
		if a.AccessKeyID != key.ID || a.SecretAccessKey != key.Secret {
			w.t.Errorf("%s has another key", name)
		}
	}
}

// The disk is full to a page more or less, so that another write fails each time.
func TestFullDisk(t *testing.T) {
	const page, most = 4096, 12
	w := newWorld(t)
	w.mount("fob-e2e", "tmpfs", 0, "size=512k,mode=0700")
	keys := diskWorld(w)
	failed, done := 0, 0
	for free := range most {
		filler := w.fill(free * page)
		key := w.ann.AddKey("", "")
		switch r := w.add("bob", key, "--force"); r.code {
		case 0:
			done++
			keys["bob"] = key
		case 1, 6:
			failed++
		default:
			t.Errorf("%d bytes free: %v", free*page, r)
		}
		if left := temps(t, w.fobDir()); left != nil {
			t.Errorf("%d bytes free: left %q", free*page, left)
		}
		w.wantKeys(keys)
		w.fob("process", "-p", "Direct").answer(t)
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
	if failed == 0 || done == 0 {
		t.Errorf("%d failed, %d done: the test shows nothing", failed, done)
	}
	w.add("bob", keys["alice"], "--force").ok(t)
}

// fill leaves so many bytes of the file system.
func (w *world) fill(free int) (filler string) {
	w.t.Helper()
	filler = filepath.Join(w.fobDir(), "filler")
	f, err := os.Create(filler)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(f, endless{}); !errors.Is(err, unix.ENOSPC) {
		w.t.Fatalf("the disk does not become full: %v", err)
	}
	info, err := f.Stat()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := f.Truncate(info.Size() - int64(free)); err != nil {
		w.t.Fatal(err)
	}
	return filler
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

// A limit on the size of files stands for a quota.
func TestFileSizeLimit(t *testing.T) {
	w := newWorld(t)
	keys := diskWorld(w)
	w.wantKeys(keys) // and so all folders are there
	before := tree(t, w.fobDir())
	for _, args := range [][]string{
		{"add", "bob", "--stdin", "--no-verify", "--force"},
		{"add", "new", "--stdin", "--no-verify"},
		{"remove", "bob", "--force"},
	} {
		argv := append([]string{"-c", `ulimit -f 1; exec "$0" "$@"`, fobBinary}, args...)
		r := w.run(keyText(w.ann.AddKey("", "")), "sh", argv...)
		if r.code != 6 && r.code != 1 {
			t.Errorf("%v", r)
		}
		if strings.Contains(r.stderr, "goroutine") {
			t.Errorf("a stack on stderr: %v", args)
		}
		if after := tree(t, w.fobDir()); after != before {
			t.Errorf("%v: files before:\n%s\nafter:\n%s", args, before, after)
		}
		w.wantKeys(keys)
	}
}

// temps are the temporary files in a folder.
func temps(t *testing.T, top string) (left []string) {
	t.Helper()
	for line := range strings.Lines(tree(t, top)) {
		if strings.Contains(line, "tmp") {
			left = append(left, strings.TrimSpace(line))
		}
	}
	return left
}
