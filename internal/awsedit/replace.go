package awsedit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"fob/internal/atomicfile"
)

// tempPrefix is that of atomicfile's temporary files, so that its Sweep finds
// these too.
const tempPrefix = ".fob-tmp-"

// steps are the system calls of a change, in their order. Tests make one fail.
type steps struct {
	backup  func(dir *os.Root, name string, data []byte) error
	create  func(dir *os.Root, name string) (*os.File, error)
	write   func(f *os.File, data []byte) error
	mode    func(f *os.File, was fs.FileInfo) error
	sync    func(f *os.File) error
	close   func(f *os.File) error
	check   func(s *snapshot, path string) error
	rename  func(dir *os.Root, from, to string) error
	syncDir func(dir *os.Root) error
}

func system() steps {
	return steps{
		backup: atomicfile.Write,
		create: func(dir *os.Root, name string) (*os.File, error) {
			return dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		},
		write:   func(f *os.File, data []byte) error { _, err := f.Write(data); return err },
		mode:    keepMode,
		sync:    (*os.File).Sync,
		close:   (*os.File).Close,
		check:   (*snapshot).unchanged,
		rename:  atomicfile.Rename,
		syncDir: syncDir,
	}
}

func (f *File) system() steps {
	if f.steps == nil {
		return system()
	}
	return *f.steps
}

// replace puts data in the place of what was read, with its mode and owner, and
// returns when it is on the disk. replaced says whether the file is the new one,
// which it can be after an error too, if flushing the folder fails.
func (f *File) replace(seen *snapshot, data []byte) (replaced bool, err error) {
	if !seen.exists {
		if err := os.MkdirAll(filepath.Dir(seen.target), 0o700); err != nil {
			return false, fmt.Errorf("make the folder of %q: %w", f.Path, err)
		}
	}
	dir, err := os.OpenRoot(filepath.Dir(seen.target))
	if err != nil {
		return false, fmt.Errorf("replace %q: %w", f.Path, err)
	}
	defer func() { _ = dir.Close() }()
	f.sweep(dir)
	s := f.system()
	temp := tempPrefix + rand.Text()
	file, err := s.create(dir, temp)
	if err != nil {
		return false, fmt.Errorf("replace %q: %w", f.Path, err)
	}
	err = s.fill(file, data, seen.info)
	if err == nil {
		err = s.check(seen, f.Path)
	}
	if err == nil {
		err = s.rename(dir, temp, filepath.Base(seen.target))
	}
	if err != nil {
		// Not deferred: a crash, which the tests play with a panic, cleans nothing.
		_ = dir.Remove(temp)
		return false, fmt.Errorf("replace %q: %w", f.Path, err)
	}
	if err := s.syncDir(dir); err != nil {
		return true, fmt.Errorf("replace %q: flush folder: %w", f.Path, err)
	}
	return true, nil
}

// fill writes, flushes and, whatever happens, closes. The mode of the old file,
// which others may be able to read, comes last.
func (s steps) fill(f *os.File, data []byte, was fs.FileInfo) error {
	err := s.write(f, data)
	if err == nil && was != nil {
		err = s.mode(f, was)
	}
	if err == nil {
		err = s.sync(f)
	}
	return errors.Join(err, s.close(f))
}
