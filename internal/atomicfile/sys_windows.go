package atomicfile

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// nonBlocking has no meaning here: there are no FIFOs in folders.
const nonBlocking = 0

// trusted believes every file: the profile folder's access list is what keeps
// other users out, and mode bits say nothing.
func trusted(string, fs.FileInfo) error { return nil }

// syncDir does nothing: folders cannot be flushed, NTFS journals their entries.
func syncDir(*os.Root) error { return nil }

// isSharingViolation says that another program, often a virus scanner, has the
// file open at the moment.
func isSharingViolation(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
