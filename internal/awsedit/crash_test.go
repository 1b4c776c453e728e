package awsedit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// errFull stands for ENOSPC, EDQUOT, EFBIG, EIO and EROFS alike: no code looks
// at which one it is.
var errFull = errors.New("no space left on device")

// faults make each step of a change fail, or half of it happen first.
var faults = []struct {
	name    string
	install func(s *steps, fail func() error)
	wantNew bool // the failure comes after the new file is in its place
}{
	{"backup", func(s *steps, fail func() error) {
		s.backup = func(*os.Root, string, []byte) error { return fail() }
	}, false},
	{"create", func(s *steps, fail func() error) {
		s.create = func(*os.Root, string) (*os.File, error) { return nil, fail() }
	}, false},
	{"write half", func(s *steps, fail func() error) {
		s.write = func(f *os.File, data []byte) error { _, _ = f.Write(data[:len(data)/2]); return fail() }
	}, false},
	{"mode", func(s *steps, fail func() error) {
		s.mode = func(*os.File, fs.FileInfo) error { return fail() }
	}, false},
	{"sync", func(s *steps, fail func() error) {
		s.sync = func(*os.File) error { return fail() }
	}, false},
	{"close", func(s *steps, fail func() error) {
		s.close = func(f *os.File) error { _ = f.Close(); return fail() }
	}, false},
	{"check", func(s *steps, fail func() error) {
		s.check = func(*snapshot, string) error { return fail() }
	}, false},
	{"rename", func(s *steps, fail func() error) {
		s.rename = func(*os.Root, string, string) error { return fail() }
	}, false},
	{"sync folder", func(s *steps, fail func() error) {
		s.syncDir = func(*os.Root) error { return fail() }
	}, true},
}

func TestFailureAtEachStepKeepsTheOldFile(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			f := credentials(t, oldText)
			s := system()
			fault.install(&s, func() error { return errFull })
			f.steps = &s
			if _, err := f.Write(removeX); !errors.Is(err, errFull) {
				t.Fatalf("got error %v", err)
			}
			want, files := oldText, 1
			if fault.wantNew {
				want, files = newText, 2 // and the backup
			}
			if got := read(t, f.Path); got != want {
				t.Errorf("got %q", got)
			}
			if names := folder(t, f.Path); len(names) != files {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

func TestCrashAtEachStepLeavesOldOrNew(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			f := credentials(t, oldText)
			crash(t, f, func(s *steps) { fault.install(s, func() error { panic(errFull) }) })
			if got := read(t, f.Path); got != oldText && got != newText {
				t.Fatalf("got %q, a mixture", got)
			}
			for _, name := range folder(t, f.Path) {
				if strings.Contains(name, backupInfix) && read(t, filepath.Join(filepath.Dir(f.Path), name)) != oldText {
					t.Errorf("%s is no copy of the old file", name)
				}
			}
			// The next change needs no repair, and takes the remains away in time.
			f.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
			if _, err := f.Write(removeX, Edit{Profile: "b", Drop: true}); err != nil {
				t.Fatal(err)
			}
			for _, name := range folder(t, f.Path) {
				if strings.HasPrefix(name, tempPrefix) {
					t.Errorf("%s stayed", name)
				}
			}
		})
	}
}

// crash lets a change end in a panic.
func crash(t *testing.T, f *File, install func(*steps)) {
	t.Helper()
	s := system()
	install(&s)
	f.steps = &s
	defer func() {
		f.steps = nil
		if recover() == nil {
			t.Fatal("no crash")
		}
	}()
	_, _ = f.Write(removeX)
}
