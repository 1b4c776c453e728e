//go:build unix

package awsedit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// refuse is an error for a file that cannot be replaced: its other names would
// keep the old text, or its owner would change.
func refuse(path string, _ *os.File, info fs.FileInfo) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return &RefusedError{path, "has no owner"}
	case int(st.Uid) != os.Geteuid():
		return &RefusedError{path, "is owned by another user"}
	case st.Nlink > 1:
		return &RefusedError{path, fmt.Sprintf("has %d hard links", st.Nlink)}
	}
	return nil
}

// keepMode gives a file the group and the permissions of the old one. Where the
// group cannot be kept it gets no permissions: they were another group's.
func keepMode(f *os.File, was fs.FileInfo) error {
	perm := was.Mode().Perm()
	st, ok := was.Sys().(*syscall.Stat_t)
	if !ok || f.Chown(-1, int(st.Gid)) != nil {
		perm &^= 0o070
	}
	return f.Chmod(perm)
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
