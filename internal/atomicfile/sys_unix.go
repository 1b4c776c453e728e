//go:build unix

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// nonBlocking keeps an open of a FIFO from waiting for its other end.
const nonBlocking = syscall.O_NONBLOCK

// othersMayWrite are the mode bits that make a file anybody's.
const othersMayWrite = 0o022

func trusted(path string, info fs.FileInfo) error {
	if !ownedBy(info, os.Geteuid()) {
		return &UntrustedError{path, notOurs}
	}
	if info.Mode().Perm()&othersMayWrite != 0 {
		return &UntrustedError{path, writable}
	}
	return nil
}

func ownedBy(info fs.FileInfo, uid int) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == uid
}

// syncDir flushes the folder's own entries. File systems that cannot do that
// say EINVAL or ENOTSUP, and there is nothing better to be done on them.
func syncDir(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// isSharingViolation never is one: here a file in use can be replaced.
func isSharingViolation(error) bool { return false }
