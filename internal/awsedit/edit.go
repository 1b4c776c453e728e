// Package awsedit changes ~/.aws/config and ~/.aws/credentials line by line: the
// lines of an edit change, every other byte stays as it is, with its line ends,
// comments, order, nested blocks, byte order mark and last newline or its absence.
//
// An [Edit] says what should happen to one profile; [New] applies edits to a
// text, which is pure and what a dry run shows ([Draft.Diff]); [File.Write] applies
// them to the file, with a backup beside it and an atomic replacement. Before
// anything is replaced the new text is parsed again by awsfile, and every profile
// that no edit names has to read as before.
//
// No error and no diff of this package shows a secret.
package awsedit

import (
	"errors"

	"fob/internal/secret"
)

// Place tells the two files apart: their headers differ.
type Place int

// The files.
const (
	Config      Place = iota // sections are called [profile name] and [default]
	Credentials              // sections are called [name]
)

// Edit is what should happen to one profile in one file. Its parts apply in the
// order of the fields; the zero value of each does nothing. Keys are in lower case
// and found in any letter case, wherever they stand in the profile's sections.
type Edit struct {
	Profile string
	// Expect holds values that the file must have, so that nothing else is taken
	// out than what was looked at: a key that differs is an [ErrChanged].
	Expect map[string]secret.Text
	// Drop takes the profile's sections out: header, properties, the comments
	// between them and one blank line above, else below. A comment behind the last
	// property stays, as it may speak of the next section. The other fields are ignored.
	Drop bool
	// Remove takes keys out, with the lines that continue them. One that is not
	// there is no error.
	Remove []string
	// Rename gives keys another name and leaves the rest of their lines alone. One
	// that is not there is no error.
	Rename []Rename
	// Set writes keys: in place of the last one of the name, else behind the last
	// property of the profile, else in a section made at the end of the file.
	Set []Property
	// Prune takes out the profile's sections, as Drop does, in which nothing is left:
	// no property and, above the last one, no comment.
	Prune bool
}

// Rename is a new name for a key. Where one name is the other with something put
// before it, only that is added or cut off, so that renaming back restores the
// letter case.
type Rename struct{ From, To string }

// Property is a key and its value. It is for what may be seen: fob writes no
// secret into the AWS files.
type Property struct{ Key, Value string }

// Errors that callers branch on.
var (
	// ErrChanged: the file, or a value in it, is not what it was when it was
	// looked at. Nothing was written.
	ErrChanged = errors.New("changed meanwhile")
	// ErrInvalid: a name or value cannot stand in the file, or the edit would
	// change how another profile reads. Nothing was written.
	ErrInvalid = errors.New("cannot be written")
)

// RefusedError is a file that is not edited, whatever the edit: fob cannot
// replace it without breaking something. Nothing was written.
type RefusedError struct {
	Path   string
	Reason string // "has 2 hard links", "is owned by another user", ...
}

// Error implements error.
func (e *RefusedError) Error() string { return e.Path + " " + e.Reason }
