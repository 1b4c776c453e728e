package awsfile

import (
	"errors"
	"fmt"
	"io/fs"
)

// ErrNotFound says that a section is in none of the files.
var ErrNotFound = errors.New("not found")

// MissingFileError says that a variable names a file that does not exist. It is
// an [fs.ErrNotExist].
type MissingFileError struct {
	Variable string
	Path     string
}

// Error implements error.
func (e *MissingFileError) Error() string {
	return fmt.Sprintf("%s names %q, which does not exist", e.Variable, e.Path)
}

// Unwrap implements the interface of [errors.Is].
func (e *MissingFileError) Unwrap() error { return fs.ErrNotExist }

// SyntaxError is a line that cannot be read, in a section that is needed.
type SyntaxError struct {
	Position
	Text string // what is wrong, without the text of the line
}

// Error implements error.
func (e *SyntaxError) Error() string { return e.Position.String() + ": " + e.Text }

// Warning is a line that is read, or passed over, but not by every tool in the
// same way.
type Warning struct {
	Position
	Text   string // without the text of the line
	Broken bool   // the line cannot be read at all and is passed over
}

// String gives "FILE line N: text".
func (w Warning) String() string { return w.Position.String() + ": " + w.Text }
