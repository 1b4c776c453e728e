// Package lock holds locks between processes, so that many callers of fob cause
// one prompt and one request to AWS.
//
// A lock is a small file that the kernel locks for the process that has it
// open (flock; LockFileEx on Windows). The kernel frees it when the process
// dies, however it dies: there are no stale locks and nobody guesses whether a
// pid is alive. The file itself is never deleted, as a deleted lock file can be
// locked by two processes at once; it holds the holder's pid and a message for
// those who wait.
//
// Goroutines of one process exclude each other like processes do.
package lock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
)

var (
	// ErrNoLock says that this folder gives no locks (it is read-only, the file
	// system knows none, the disk is full). The caller may go on unlocked, if
	// it stores nothing.
	ErrNoLock = errors.New("no lock can be had")
	// ErrNotRegular says that something other than a regular file (a symlink, a
	// FIFO, a folder) lies where the lock file belongs. It was not opened.
	ErrNotRegular = errors.New("not a regular file")
	// ErrNotNeeded says that Options.Poll ended the wait.
	ErrNotNeeded = errors.New("the lock is no longer needed")
)

// Lock is a lock that is held. A nil *Lock is one that could not be had: its
// methods do nothing, so a caller that goes on unlocked needs no second path.
type Lock struct {
	mu   sync.Mutex
	file *os.File // nil after Release
}

// Say replaces the message that those who wait are shown, e.g. "MFA code"
// while a person is asked. It is best effort: the lock holds without it.
func (l *Lock) Say(message string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		Holder{PID: os.Getpid(), Message: message}.write(l.file)
	}
}

// Release frees the lock. Calls after the first do nothing.
func (l *Lock) Release() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return
	}
	_ = l.file.Truncate(0) // so that nobody is told of a holder that is gone
	// Closing alone would not free the lock while a child that is just being
	// started still has the file open.
	_ = unlockFile(l.file)
	_ = l.file.Close()
	l.file = nil
}

// attempt tries once, without waiting. A nil lock without an error means that
// somebody else has it: the Holder says who, as far as that can be read.
func attempt(dir *os.Root, file string) (*Lock, Holder, error) {
	f, err := open(dir, file)
	if err != nil {
		return nil, Holder{}, err
	}
	lock, holder, err := take(dir, file, f)
	if lock == nil {
		_ = f.Close()
	}
	return lock, holder, err
}

// take locks the open file f, if nobody else has and it still is the lock file.
func take(dir *os.Root, file string, f *os.File) (*Lock, Holder, error) {
	locked, err := tryLockFile(f)
	if err != nil {
		return nil, Holder{}, fmt.Errorf("lock %q in %q: %w: %w", file, dir.Name(), ErrNoLock, err)
	}
	if !locked {
		return nil, readHolder(f), nil
	}
	if !inPlace(dir, file, f) { // deleted or replaced since it was opened: no lock of ours
		_ = unlockFile(f)
		return nil, Holder{}, nil
	}
	return &Lock{file: f}, Holder{}, nil
}

// open opens the lock file, or creates it. os.Root follows symlinks inside its
// folder; Lstat here and inPlace afterwards make sure that none was followed.
func open(dir *os.Root, file string) (*os.File, error) {
	if info, err := dir.Lstat(file); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("lock %q in %q: %w", file, dir.Name(), ErrNotRegular)
	}
	f, err := dir.OpenFile(file, os.O_RDWR|os.O_CREATE|openFlags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %q in %q: %w: %w", file, dir.Name(), ErrNoLock, err)
	}
	return f, nil
}

func inPlace(dir *os.Root, file string, f *os.File) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := dir.Lstat(file)
	return err == nil && named.Mode().IsRegular() && os.SameFile(opened, named)
}

// fileName is the lock's file inside the folder.
func fileName(name string) (string, error) {
	file := name + ".lock"
	if name == "" || strings.ContainsAny(name, `/\:`) || !fs.ValidPath(file) {
		return "", fmt.Errorf("lock name %q: not a plain file name", name)
	}
	return file, nil
}
