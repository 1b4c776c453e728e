package awsedit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"fob/internal/atomicfile"
)

// maxSize is the largest file that is edited, as awsfile reads no larger one.
const maxSize = 64 << 20

// File is one of the AWS files on the disk. A symbolic link is followed, and its
// target edited. What is not a regular file of ours with a single name is refused.
//
// Two edits at the same time do not destroy anything, but one of them may be lost
// in the moment between the last look and the replacement: the caller holds a lock
// against other fobs.
type File struct {
	Path  string
	Place Place
	// Now dates the backup; nil means time.Now.
	Now func() time.Time

	steps *steps // nil means the real ones
}

// Change is what an edit did to a file.
type Change struct {
	Path string
	// Backup is the copy of the file from before, mode 0600, beside the name that
	// the user knows. It holds what the file held, keys in clear included. It is ""
	// when nothing changed and when the file did not exist.
	Backup string

	file          *File
	existed       bool
	before, after []byte
}

// Preview applies edits to the file as it is now and writes nothing. Errors are
// those of [New], *[RefusedError], and those of reading.
func (f *File) Preview(edits ...Edit) (*Draft, error) {
	seen, err := f.look()
	if err != nil {
		return nil, err
	}
	return New(f.Path, seen.data, f.Place, edits...)
}

// Write applies edits to the file. A file that is missing is made, mode 0600, when
// an edit sets a key; the folder too, mode 0700.
//
// When it returns without an error the new text and the backup are on the disk;
// whoever is killed before leaves the old text. Errors are those of Preview, and
// [ErrChanged] when the file changed under it three times.
func (f *File) Write(edits ...Edit) (*Change, error) {
	var change *Change
	err := f.retry(func() (err error) {
		change, err = f.write(edits)
		return err
	})
	return change, err
}

// Format implements fmt.Formatter, so that no verb reaches the texts.
func (c Change) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "change of %q", c.Path) }

// Undo makes the file what it was before, if it still is what the edit made of
// it, else it is an [ErrChanged]. The backup stays.
func (c *Change) Undo() error {
	if bytes.Equal(c.before, c.after) {
		return nil
	}
	return c.file.retry(func() error {
		seen, err := c.file.look()
		switch {
		case err != nil:
			return err
		case !seen.exists || !bytes.Equal(seen.data, c.after):
			return fmt.Errorf("undo the change of %q: %w", c.Path, ErrChanged)
		case !c.existed:
			return os.Remove(seen.target)
		}
		_, err = c.file.replace(seen, c.before)
		return err
	})
}

// retry tries anew what found the file changed.
func (f *File) retry(do func() error) error {
	const tries = 3
	for i := 1; ; i++ {
		if err := do(); !errors.Is(err, ErrChanged) || i == tries {
			return err
		}
	}
}

func (f *File) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}

func (f *File) write(edits []Edit) (*Change, error) {
	seen, err := f.look()
	if err != nil {
		return nil, err
	}
	d, err := New(f.Path, seen.data, f.Place, edits...)
	if err != nil {
		return nil, err
	}
	change := &Change{Path: f.Path, file: f, existed: seen.exists, before: seen.data, after: d.Bytes()}
	if !d.Changed() {
		return change, nil
	}
	if seen.exists {
		if change.Backup, err = f.backup(seen.data); err != nil {
			return nil, err
		}
	}
	replaced, err := f.replace(seen, change.after)
	if !replaced && change.Backup != "" {
		_ = os.Remove(change.Backup) // the file itself is what it was
	}
	if err != nil {
		return nil, err
	}
	f.prune()
	return change, nil
}

// snapshot is the file as it was read.
type snapshot struct {
	target string // where the links lead
	exists bool
	data   []byte
	info   fs.FileInfo // nil when it does not exist
}

// look reads the file, or refuses to.
func (f *File) look() (*snapshot, error) {
	target, err := filepath.EvalSymlinks(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if info, lerr := os.Lstat(f.Path); lerr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, &RefusedError{f.Path, "is a symbolic link to a file that is not there"}
		}
		return &snapshot{target: f.Path}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	s := &snapshot{target: target, exists: true}
	// Asked before it is opened: opening a pipe waits for its writer.
	if s.info, err = os.Lstat(target); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	switch {
	case !s.info.Mode().IsRegular():
		return nil, &RefusedError{f.Path, "is not a regular file"}
	case s.info.Size() > maxSize:
		return nil, &RefusedError{f.Path, "is larger than 64 MiB"}
	}
	return s, s.read(f.Path)
}

func (s *snapshot) read(path string) error {
	file, err := os.Open(s.target)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer func() { _ = file.Close() }()
	opened, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := refuse(path, file, opened); err != nil {
		return err
	}
	if s.data, err = io.ReadAll(io.LimitReader(file, maxSize+1)); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	now, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if !same(s.info, opened) || !same(opened, now) || int64(len(s.data)) != now.Size() {
		return fmt.Errorf("read %q: %w", path, ErrChanged)
	}
	return nil
}

// unchanged says whether the file is still the one that was read.
func (s *snapshot) unchanged(path string) error {
	changed := fmt.Errorf("replace %q: %w", path, ErrChanged)
	now, err := os.Lstat(s.target)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !s.exists:
		return nil
	case errors.Is(err, fs.ErrNotExist), err == nil && !s.exists:
		return changed
	case err != nil:
		return fmt.Errorf("replace: %w", err)
	}
	if target, err := filepath.EvalSymlinks(path); err != nil || target != s.target || !same(s.info, now) {
		return changed
	}
	return nil
}

func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// sweep removes what killed writers have left in a folder.
func (f *File) sweep(dir *os.Root) { _ = atomicfile.Sweep(dir, time.Hour, f.now()) }
