// Package atomicfile replaces a file wholly or not at all, in a folder that was
// opened once, and reads files back with suspicion: what is not a regular file
// of ours, or what others may write, is refused and never followed.
//
// Whoever is killed in the middle of a write leaves the old file and at most a
// temporary one beside it, which [Sweep] removes later.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// tempPrefix begins the name of every temporary file.
const tempPrefix = ".fob-tmp-"

// Write replaces the file name in dir with data (mode 0600) and returns when it
// is on the disk. After an error the file is as it was and no temporary file is
// left; only if the very last step fails, flushing the folder, is it the new one.
// A symbolic link at name is itself replaced. name is a plain file name.
func Write(dir *os.Root, name string, data []byte) error {
	return system().replace(dir, name, data)
}

// WriteFast is [Write] for files that can be made again: as atomic, but a power
// failure may leave an empty or older file.
func WriteFast(dir *os.Root, name string, data []byte) error {
	s := system()
	s.sync = func(*os.File) error { return nil }
	s.syncDir = func(*os.Root) error { return nil }
	return s.replace(dir, name, data)
}

// Rename moves a file within dir, replacing what is there. On Windows it waits
// up to a second for another program to close the file.
func Rename(dir *os.Root, from, to string) error {
	const tries = 10
	for i := range tries {
		err := dir.Rename(from, to)
		if err == nil || !isSharingViolation(err) || i == tries-1 {
			return err
		}
		time.Sleep(time.Duration(i+1) * 20 * time.Millisecond)
	}
	return nil
}

// steps are the system calls of a write, in their order. Tests make one fail.
type steps struct {
	create  func(dir *os.Root, name string) (*os.File, error)
	write   func(f *os.File, data []byte) error
	sync    func(f *os.File) error
	close   func(f *os.File) error
	rename  func(dir *os.Root, from, to string) error
	syncDir func(dir *os.Root) error
}

func system() steps {
	return steps{
		create: func(dir *os.Root, name string) (*os.File, error) {
			return dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		},
		write:   func(f *os.File, data []byte) error { _, err := f.Write(data); return err },
		sync:    (*os.File).Sync,
		close:   (*os.File).Close,
		rename:  Rename,
		syncDir: syncDir,
	}
}

func (s steps) replace(dir *os.Root, name string, data []byte) error {
	if !isPlain(name) {
		return fmt.Errorf("write %q: not a plain file name", name)
	}
	temp := tempPrefix + rand.Text()
	f, err := s.create(dir, temp)
	if err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	err = s.fill(f, data)
	if err == nil {
		err = s.rename(dir, temp, name)
	}
	if err != nil {
		// Not deferred: a crash, which the tests play with a panic, cleans nothing.
		_ = dir.Remove(temp)
		return fmt.Errorf("write %q: %w", name, err)
	}
	if err := s.syncDir(dir); err != nil {
		return fmt.Errorf("write %q: flush folder: %w", name, err)
	}
	return nil
}

// fill writes, flushes and, whatever happens, closes.
func (s steps) fill(f *os.File, data []byte) error {
	err := s.write(f, data)
	if err == nil {
		err = s.sync(f)
	}
	return errors.Join(err, s.close(f))
}

func isPlain(name string) bool {
	return name != "." && filepath.IsLocal(name) && filepath.Base(name) == name
}
