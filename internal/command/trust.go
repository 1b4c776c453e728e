package command

import (
	"fmt"
	"io/fs"
	"path/filepath"
)

// UntrustedError says that the commands in a config file must not be run,
// because somebody other than the user may have written them.
type UntrustedError struct {
	Path   string // the file, as it was named
	Reason string // "it is writable by others"
}

// Error implements error.
func (e *UntrustedError) Error() string {
	return fmt.Sprintf("commands in %q are not run: %s", e.Path, e.Reason)
}

// Trusted says whether commands in the config file path may be run: the path is
// absolute (a relative one, from AWS_CONFIG_FILE, names a file of whatever
// folder one is in), the file belongs to us or to the system's administrator,
// and no group and nobody else can write it. info is the file's, from the open
// file that was read, so that no other file can be slipped in.
//
// Errors: *UntrustedError, or what kept us from finding out on Windows.
func Trusted(path string, info fs.FileInfo) error {
	if !filepath.IsAbs(path) {
		return &UntrustedError{path, "its path is relative"}
	}
	reason, err := mistrust(path, info)
	if err != nil {
		return fmt.Errorf("read the owner of %q: %w", path, err)
	}
	if reason != "" {
		return &UntrustedError{path, reason}
	}
	return nil
}

const (
	foreignOwner     = "it belongs to somebody else"
	writableByOthers = "it is writable by others"
)
