//go:build unix

package awsedit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// skip leaves a test out, unless the environment asks for all of them.
func skip(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestModes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for _, perm := range []fs.FileMode{0o600, 0o640, 0o644, 0o400, 0o666} {
		f := credentials(t, oldText)
		if err := os.Chmod(f.Path, perm); err != nil {
			t.Fatal(err)
		}
		change, err := f.Write(removeX)
		if err != nil {
			t.Fatal(err)
		}
		if got := mode(t, f.Path); got != perm {
			t.Errorf("mode %v became %v", perm, got)
		}
		if got := mode(t, change.Backup); got != 0o600 {
			t.Errorf("the backup has mode %v", got)
		}
		if err := change.Undo(); err != nil || mode(t, f.Path) != perm {
			t.Errorf("undo: %v, mode %v", err, mode(t, f.Path))
		}
	}
	f := &File{Path: filepath.Join(t.TempDir(), ".aws", "config"), Place: Config}
	if _, err := f.Write(Edit{Profile: "a", Set: []Property{{"k", "v"}}}); err != nil {
		t.Fatal(err)
	}
	if mode(t, f.Path) != 0o600 || mode(t, filepath.Dir(f.Path)).Perm() != 0o700 {
		t.Errorf("a new file has mode %v in a folder with %v", mode(t, f.Path), mode(t, filepath.Dir(f.Path)))
	}
}

func TestTheGroupIsKept(t *testing.T) {
	if os.Geteuid() != 0 {
		skip(t, "only root can give a file to another group")
	}
	f := credentials(t, oldText)
	if err := errors.Join(os.Chown(f.Path, -1, 4711), os.Chmod(f.Path, 0o640)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(removeX); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(f.Path)
	if err != nil || info.Sys().(*syscall.Stat_t).Gid != 4711 || info.Mode() != 0o640 {
		t.Errorf("%v: %+v", err, info.Sys())
	}
}

func TestSymbolicLinksAreFollowed(t *testing.T) {
	for name, link := range map[string]func(f *File) (target string, err error){
		"relative": func(f *File) (string, error) {
			target := filepath.Join(filepath.Dir(f.Path), "dotfiles", "aws")
			return target, errors.Join(os.Mkdir(filepath.Dir(target), 0o700), os.Rename(f.Path, target), os.Symlink("dotfiles/aws", f.Path))
		},
		"over another link": func(f *File) (string, error) {
			target := f.Path + ".real"
			return target, errors.Join(os.Rename(f.Path, target), os.Symlink(target, f.Path+".link"), os.Symlink(f.Path+".link", f.Path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := credentials(t, oldText)
			target, err := link(f)
			if err != nil {
				t.Fatal(err)
			}
			change, err := f.Write(removeX)
			if err != nil {
				t.Fatal(err)
			}
			if mode(t, f.Path)&fs.ModeSymlink == 0 || mode(t, target) != 0o600 || read(t, target) != newText {
				t.Errorf("link %v, target %v, %q", mode(t, f.Path), mode(t, target), read(t, target))
			}
			if filepath.Dir(change.Backup) != filepath.Dir(f.Path) || read(t, change.Backup) != oldText {
				t.Errorf("backup %s", change.Backup)
			}
			if err := change.Undo(); err != nil || read(t, target) != oldText || mode(t, f.Path)&fs.ModeSymlink == 0 {
				t.Errorf("undo: %v, %q", err, read(t, target))
			}
		})
	}
}

func TestALinkThatIsTurnedIsAChange(t *testing.T) {
	f := credentials(t, oldText)
	for _, name := range []string{"one", "two"} {
		if err := os.WriteFile(f.Path+name, []byte(oldText), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Remove(f.Path), os.Symlink(f.Path+"one", f.Path)); err != nil {
		t.Fatal(err)
	}
	seen, err := f.look()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(f.Path), os.Symlink(f.Path+"two", f.Path)); err != nil {
		t.Fatal(err)
	}
	if err := seen.unchanged(f.Path); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
}

func TestRefusedFiles(t *testing.T) {
	for name, make := range map[string]func(t *testing.T, path string) error{
		"a hard link": func(_ *testing.T, path string) error { return os.Link(path, path+"2") },
		"a folder":    func(_ *testing.T, path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		"a pipe": func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600))
		},
		"a link to none": func(_ *testing.T, path string) error { return errors.Join(os.Remove(path), os.Symlink("none", path)) },
		"the null device": func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), os.Symlink(os.DevNull, path))
		},
		"another's file": func(t *testing.T, path string) error {
			if os.Geteuid() != 0 {
				skip(t, "only root can give a file away")
			}
			return os.Chown(path, 4711, -1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := credentials(t, oldText)
			if err := make(t, f.Path); err != nil {
				t.Fatal(err)
			}
			was := folder(t, f.Path)
			var refused *RefusedError
			if _, err := f.Write(Edit{Profile: "a", Set: []Property{{"k", "v"}}}); !errors.As(err, &refused) {
				t.Errorf("got %v", err)
			}
			if is := folder(t, f.Path); len(is) != len(was) {
				t.Errorf("left behind: %v", is)
			}
		})
	}
}
