//go:build unix

package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// OpenRuntimeDir opens a folder like $XDG_RUNTIME_DIR, if it can be trusted
// with secrets in memory: absolute, no symbolic link on the way, ours, 0700,
// and no folder above it that anybody but root and us owns or others may write.
// It is never made. The caller closes it.
func OpenRuntimeDir(path string) (*os.Root, error) {
	if !filepath.IsAbs(path) {
		return nil, errors.New("open runtime folder: not an absolute path")
	}
	path = filepath.Clean(path)
	for at := path; ; at = filepath.Dir(at) {
		if err := checkRuntimePart(at, at == path); err != nil {
			return nil, fmt.Errorf("open runtime folder: %w", err)
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open runtime folder: %w", err)
	}
	return dir, nil
}

func checkRuntimePart(path string, last bool) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case info.Mode()&os.ModeSymlink != 0:
		return &UntrustedError{path, aLink}
	case !info.IsDir():
		return &UntrustedError{path, notFolder}
	case last && !ownedBy(info, os.Geteuid()), !ownedBy(info, 0) && !ownedBy(info, os.Geteuid()):
		return &UntrustedError{path, notOurs}
	case info.Mode().Perm()&othersMayWrite != 0:
		return &UntrustedError{path, writable}
	case last && info.Mode().Perm() != 0o700:
		return &UntrustedError{path, "open to other users"}
	}
	return nil
}
