package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrTooLarge is a file above the limit that [Read] was given.
var ErrTooLarge = errors.New("file too large")

// errMoved is a file that was replaced between looking and opening.
var errMoved = errors.New("replaced while it was opened")

// Read returns the content of the file name in dir, at most limit bytes. A file
// that is not there is an [fs.ErrNotExist]; anything but a regular file of ours
// that nobody else may write is an *[UntrustedError] (Windows: regular only).
// A symbolic link is not followed and a FIFO is not waited for.
func Read(dir *os.Root, name string, limit int64) ([]byte, error) {
	const tries = 20 // each miss needs a replacement at the very moment
	for i := range tries {
		data, err := read(dir, name, limit)
		if !errors.Is(err, errMoved) && !errors.Is(err, fs.ErrNotExist) || i == tries-1 {
			return data, err
		}
		if _, lerr := dir.Lstat(name); errors.Is(lerr, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, errMoved
}

func read(dir *os.Root, name string, limit int64) ([]byte, error) {
	path := filepath.Join(dir.Name(), name)
	if !isPlain(name) {
		return nil, fmt.Errorf("read %q: not a plain file name", path)
	}
	seen, err := dir.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", path, err)
	}
	if err := trustedFile(path, seen); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", path, err)
	}
	defer func() { _ = f.Close() }()
	// os.Root follows links within the folder, so that what was opened must be
	// what was looked at.
	got, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", path, err)
	}
	if !os.SameFile(seen, got) {
		return nil, fmt.Errorf("read %q: %w", path, errMoved)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", path, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %q: %w: above %d bytes", path, ErrTooLarge, limit)
	}
	return data, nil
}

func trustedFile(path string, info fs.FileInfo) error {
	switch {
	case info.Mode().Type() == fs.ModeSymlink:
		return &UntrustedError{path, aLink}
	case !info.Mode().IsRegular():
		return &UntrustedError{path, notFile}
	}
	return trusted(path, info)
}
