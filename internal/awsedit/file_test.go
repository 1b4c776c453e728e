package awsedit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfile"
)

const (
	oldText = "[a]\nx = 1\n\n[b]\nx = 2\n"
	newText = "[a]\n\n[b]\nx = 2\n"
)

var removeX = Edit{Profile: "a", Remove: []string{"x"}}

func clock() time.Time { return time.Date(2026, 11, 22, 20, 30, 0, 0, time.UTC) }

// credentials makes a file in a folder of its own.
func credentials(t *testing.T, text string) *File {
	t.Helper()
	f := &File{Path: filepath.Join(t.TempDir(), "credentials"), Place: Credentials, Now: clock}
	if err := os.WriteFile(f.Path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// folder lists the names beside a file.
func folder(t *testing.T, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteMakesABackup(t *testing.T) {
	f := credentials(t, oldText)
	change, err := f.Write(removeX)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, f.Path); got != newText {
		t.Errorf("got %q", got)
	}
	if want := f.Path + ".fob-backup-20261122T203000Z"; change.Backup != want {
		t.Errorf("backup %q, want %q", change.Backup, want)
	}
	if got := read(t, change.Backup); got != oldText {
		t.Errorf("backup holds %q", got)
	}
	if names := folder(t, f.Path); len(names) != 2 {
		t.Errorf("left behind: %v", names)
	}
	if s := fmt.Sprintf("%v %+v", change, *change); strings.Contains(s, "x = 1") {
		t.Error(s)
	}
}

func TestWriteOfNothingTouchesNothing(t *testing.T) {
	f := credentials(t, oldText)
	was, err := os.Stat(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	change, err := f.Write(Edit{Profile: "a", Remove: []string{"absent"}})
	if err != nil || change.Backup != "" {
		t.Fatal(err, change)
	}
	if is, err := os.Stat(f.Path); err != nil || !same(was, is) {
		t.Error("the file was replaced", err)
	}
	if err := change.Undo(); err != nil {
		t.Error(err)
	}
}

func TestPreviewWritesNothing(t *testing.T) {
	f := credentials(t, oldText)
	d, err := f.Preview(removeX)
	if err != nil || string(d.Bytes()) != newText || !strings.Contains(d.Diff(), "-x = 1\n") {
		t.Fatal(err, d.Diff())
	}
	if read(t, f.Path) != oldText || len(folder(t, f.Path)) != 1 {
		t.Error("something was written")
	}
}

func TestTheNewestBackupsStay(t *testing.T) {
	f := credentials(t, "")
	for _, name := range []string{"credentials.fob-backup-mine", "config.fob-backup-20200101T000000Z", "credentials.fob-backup-20200101T000000Z-x"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(f.Path), name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 9 {
		f.Now = func() time.Time { return clock().Add(time.Duration(n/2) * time.Second) } // two in a second
		if _, err := f.Write(Edit{Profile: "a", Set: []Property{{"n", fmt.Sprint(n)}}}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"config.fob-backup-20200101T000000Z", "credentials",
		"credentials.fob-backup-20200101T000000Z-x",
		"credentials.fob-backup-20261122T203002Z", "credentials.fob-backup-20261122T203002Z-01",
		"credentials.fob-backup-20261122T203003Z", "credentials.fob-backup-20261122T203003Z-01",
		"credentials.fob-backup-20261122T203004Z",
		"credentials.fob-backup-mine",
	}
	if got := folder(t, f.Path); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for n, name := range want[3:8] {
		if got, want := read(t, filepath.Join(filepath.Dir(f.Path), name)), fmt.Sprintf("[a]\nn = %d\n", n+3); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
}

func TestAMissingFileIsMadeOnlyForAKey(t *testing.T) {
	f := &File{Path: filepath.Join(t.TempDir(), ".aws", "config"), Place: Config}
	if _, err := f.Write(removeX); !errors.Is(err, awsfile.ErrNotFound) {
		t.Fatalf("removing from nothing: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(f.Path)); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the folder was made for nothing")
	}
	change, err := f.Write(Edit{Profile: "a", Set: []Property{{"credential_process", "fob process -p a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, f.Path); got != "[profile a]\ncredential_process = fob process -p a\n" || change.Backup != "" {
		t.Errorf("got %q, backup %q", got, change.Backup)
	}
	if err := change.Undo(); err != nil || len(folder(t, f.Path)) != 0 {
		t.Errorf("undo: %v, left %v", err, folder(t, f.Path))
	}
}

func TestUndo(t *testing.T) {
	f := credentials(t, oldText)
	change, err := f.Write(removeX)
	if err != nil {
		t.Fatal(err)
	}
	if err := change.Undo(); err != nil || read(t, f.Path) != oldText {
		t.Fatalf("%v, %q", err, read(t, f.Path))
	}
	if err := change.Undo(); !errors.Is(err, ErrChanged) {
		t.Errorf("a second time: %v", err)
	}
	change, err = f.Write(removeX)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Path, []byte("[c]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := change.Undo(); !errors.Is(err, ErrChanged) || read(t, f.Path) != "[c]\n" {
		t.Errorf("over another's change: %v, %q", err, read(t, f.Path))
	}
}

// Another program changes the file while the new one is being written.
func TestChangedMeanwhile(t *testing.T) {
	for _, times := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(times), func(t *testing.T) {
			f := credentials(t, oldText)
			s, changes := system(), 0
			s.check = func(seen *snapshot, path string) error {
				if changes++; changes <= times {
					if err := os.WriteFile(f.Path, []byte(oldText+fmt.Sprintf("[c%d]\n", changes)), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				return seen.unchanged(path)
			}
			f.steps = &s
			change, err := f.Write(removeX)
			want := newText + fmt.Sprintf("[c%d]\n", times)
			if times == 3 {
				want = oldText + "[c3]\n"
				if !errors.Is(err, ErrChanged) {
					t.Errorf("got %v", err)
				}
			} else if err != nil || read(t, change.Backup) != oldText+fmt.Sprintf("[c%d]\n", times) {
				t.Error(err, change)
			}
			if got := read(t, f.Path); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if names := folder(t, f.Path); len(names) > 2 || times == 3 && len(names) > 1 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

// How else a file can be another one than that which was read.
func TestUnchangedSees(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"a new file with the same text": func(path string) error {
			if err := os.Rename(path, path+".old"); err != nil {
				return err
			}
			return os.WriteFile(path, []byte(oldText), 0o600)
		},
		"a new time":     func(path string) error { return os.Chtimes(path, clock(), clock()) },
		"another length": func(path string) error { return os.Truncate(path, 3) },
		"no file":        os.Remove,
		"a folder": func(path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := credentials(t, oldText)
			seen, err := f.look()
			if err != nil || seen.unchanged(f.Path) != nil {
				t.Fatal(err, seen.unchanged(f.Path))
			}
			if err := change(f.Path); err != nil {
				t.Fatal(err)
			}
			if err := seen.unchanged(f.Path); !errors.Is(err, ErrChanged) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a file where there was none", func(t *testing.T) {
		f := &File{Path: filepath.Join(t.TempDir(), "config")}
		seen, err := f.look()
		if err != nil || seen.exists || seen.unchanged(f.Path) != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := seen.unchanged(f.Path); !errors.Is(err, ErrChanged) {
			t.Errorf("got %v", err)
		}
	})
}
