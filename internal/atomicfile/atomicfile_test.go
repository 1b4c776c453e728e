package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func openTemp(t *testing.T) *os.Root {
	t.Helper()
	dir, err := OpenDir(filepath.Join(t.TempDir(), "fob"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir
}

func content(t *testing.T, dir *os.Root, name string) string {
	t.Helper()
	b, err := Read(dir, name, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func temps(t *testing.T, dir *os.Root) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestWriteMakesAndReplaces(t *testing.T) {
	for name, write := range map[string]func(*os.Root, string, []byte) error{"durable": Write, "fast": WriteFast} {
		t.Run(name, func(t *testing.T) {
			dir := openTemp(t)
			for _, want := range []string{"old", "", strings.Repeat("new", 9999)} {
				if err := write(dir, "f", []byte(want)); err != nil {
					t.Fatal(err)
				}
				if got := content(t, dir, "f"); got != want {
					t.Fatalf("got %d bytes, want %d", len(got), len(want))
				}
			}
			if left := temps(t, dir); left != nil {
				t.Fatalf("temporary files left: %v", left)
			}
		})
	}
}

func TestWriteRefusesPaths(t *testing.T) {
	dir := openTemp(t)
	for _, name := range []string{"", ".", "..", "../x", "a/b", "/etc/x"} {
		if err := Write(dir, name, nil); err == nil {
			t.Errorf("Write to %q succeeded", name)
		}
		if _, err := Read(dir, name, 1); err == nil {
			t.Errorf("Read of %q succeeded", name)
		}
		if _, err := Subdir(dir, name); err == nil {
			t.Errorf("Subdir of %q succeeded", name)
		}
	}
}

// errFull stands for ENOSPC, EDQUOT, EFBIG, EIO and EROFS alike: no code looks
// at which one it is.
var errFull = errors.New("no space left on device")

// faults make each step of a write fail, or half of it happen first.
var faults = []struct {
	name    string
	install func(s *steps, fail func() error)
	wantNew bool // the failure comes after the new file is in its place
}{
	{"create", func(s *steps, fail func() error) {
		s.create = func(*os.Root, string) (*os.File, error) { return nil, fail() }
	}, false},
	{"write nothing", func(s *steps, fail func() error) {
		s.write = func(*os.File, []byte) error { return fail() }
	}, false},
	{"write half", func(s *steps, fail func() error) {
		s.write = func(f *os.File, data []byte) error { _, _ = f.Write(data[:len(data)/2]); return fail() }
	}, false},
	{"sync", func(s *steps, fail func() error) {
		s.sync = func(*os.File) error { return fail() }
	}, false},
	{"close", func(s *steps, fail func() error) {
		s.close = func(f *os.File) error { _ = f.Close(); return fail() }
	}, false},
	{"rename", func(s *steps, fail func() error) {
		s.rename = func(*os.Root, string, string) error { return fail() }
	}, false},
	{"sync folder", func(s *steps, fail func() error) {
		s.syncDir = func(*os.Root) error { return fail() }
	}, true},
}

func TestFailureAtEachStepKeepsTheOldFile(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			dir := openTemp(t)
			if err := Write(dir, "f", []byte("old content")); err != nil {
				t.Fatal(err)
			}
			s := system()
			f.install(&s, func() error { return errFull })
			if err := s.replace(dir, "f", []byte("new content")); !errors.Is(err, errFull) {
				t.Fatalf("got error %v, want %v", err, errFull)
			}
			want := "old content"
			if f.wantNew {
				want = "new content"
			}
			if got := content(t, dir, "f"); got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
			if left := temps(t, dir); left != nil {
				t.Fatalf("temporary files left: %v", left)
			}
		})
	}
}

func TestCrashAtEachStepLeavesOldOrNew(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			dir := openTemp(t)
			if err := Write(dir, "f", []byte("old content")); err != nil {
				t.Fatal(err)
			}
			s := system()
			f.install(&s, func() error { panic(errFull) })
			func() {
				defer func() {
					if recover() == nil {
						t.Fatal("no crash")
					}
				}()
				_ = s.replace(dir, "f", []byte("new content"))
			}()
			if got := content(t, dir, "f"); got != "old content" && got != "new content" {
				t.Fatalf("got %q, a mixture", got)
			}
			left := len(temps(t, dir))
			if err := Sweep(dir, time.Hour, time.Now()); err != nil || len(temps(t, dir)) != left {
				t.Fatalf("a young temporary file was swept (%v)", err)
			}
			if err := Sweep(dir, time.Hour, time.Now().Add(2*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if still := temps(t, dir); still != nil {
				t.Fatalf("not swept: %v", still)
			}
			content(t, dir, "f")
		})
	}
}

// A reader beside a busy writer sees whole files only, and never a refusal.
func TestReadersSeeWholeFiles(t *testing.T) {
	dir := openTemp(t)
	a, b := strings.Repeat("a", 5000), strings.Repeat("b", 9000)
	if err := WriteFast(dir, "f", []byte(a)); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got, err := Read(dir, "f", 1<<20)
				if s := string(got); err != nil || s != a && s != b {
					t.Errorf("read %d bytes, %v", len(got), err)
					return
				}
			}
		})
	}
	for i := range 500 {
		if err := WriteFast(dir, "f", []byte([]string{a, b}[i%2])); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wg.Wait()
}

func TestReadLimitAndAbsence(t *testing.T) {
	dir := openTemp(t)
	if _, err := Read(dir, "f", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("missing file: %v", err)
	}
	if err := Write(dir, "f", make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, "f", 10); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, "f", 9); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("above the limit: %v", err)
	}
}

func TestRenameReplaces(t *testing.T) {
	dir := openTemp(t)
	for _, name := range []string{"a", "b"} {
		if err := Write(dir, name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rename(dir, "a", "b"); err != nil || content(t, dir, "b") != "a" {
		t.Fatal(err)
	}
	if err := Rename(dir, "a", "b"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("rename of nothing: %v", err)
	}
}
