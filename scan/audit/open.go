package audit

import (
	"errors"
	"io/fs"
	"os"
)

// errNotFile is a pipe, a device or a folder: results are read more than once, and a pipe
// that nobody writes to would be waited for without an end.
var errNotFile = errors.New("it is not a regular file")

// Open opens a snapshot or a findings file, which has to be a regular file.
func Open(path string) (*os.File, error) {
	info, err := os.Stat(path) // asked before: opening a pipe waits for its writer
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotFile}
	}
	return os.Open(path)
}
