package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// UntrustedError refuses a file or folder that another user could have made or
// changed, or that is not what it should be.
type UntrustedError struct {
	Path   string
	Reason string // "owned by another user", "writable by other users", ...
}

func (e *UntrustedError) Error() string { return fmt.Sprintf("%s is %s", e.Path, e.Reason) }

// The reasons of an UntrustedError.
const (
	notOurs   = "owned by another user"
	writable  = "writable by other users"
	aLink     = "a symbolic link"
	notFile   = "not a regular file"
	notFolder = "not a folder"
)

// OpenDir opens the folder path, which it makes (0700, parents too) if it is
// missing. The path itself may be a symbolic link; a folder that is not ours or
// that others may write is an *[UntrustedError] (Windows: no such check).
// The caller closes it.
func OpenDir(path string) (*os.Root, error) {
	dir, err := os.OpenRoot(path)
	if errors.Is(err, fs.ErrNotExist) {
		dir, err = makeDir(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open folder %q: %w", path, err)
	}
	info, err := dir.Stat(".")
	if err == nil {
		err = trusted(path, info)
	}
	if err != nil {
		_ = dir.Close()
		return nil, fmt.Errorf("open folder: %w", err)
	}
	return dir, nil
}

func makeDir(path string) (*os.Root, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	// A folder that a power failure takes away takes its files along. Only a
	// courtesy: a parent that cannot be read can still hold a folder of ours.
	if parent, err := os.OpenRoot(filepath.Dir(path)); err == nil {
		_ = syncDir(parent)
		_ = parent.Close()
	}
	return os.OpenRoot(path)
}

// Subdir opens the folder name inside dir, which it makes (0700) if it is
// missing. It must be ours, closed to other writers and no symbolic link.
// The caller closes it.
func Subdir(dir *os.Root, name string) (*os.Root, error) {
	path := filepath.Join(dir.Name(), name)
	if !isPlain(name) {
		return nil, fmt.Errorf("open folder %q: not a plain name", path)
	}
	if err := dir.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make folder %q: %w", path, err)
	}
	seen, err := dir.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("open folder %q: %w", path, err)
	}
	if err := trustedFolder(path, seen); err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	sub, err := dir.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open folder %q: %w", path, err)
	}
	if got, err := sub.Stat("."); err != nil || !os.SameFile(seen, got) {
		_ = sub.Close()
		return nil, fmt.Errorf("open folder %q: it changed meanwhile", path)
	}
	return sub, nil
}

func trustedFolder(path string, info fs.FileInfo) error {
	switch {
	case info.Mode().Type() == fs.ModeSymlink:
		return &UntrustedError{path, aLink}
	case !info.IsDir():
		return &UntrustedError{path, notFolder}
	}
	return trusted(path, info)
}
