package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"fob/scan"
)

// ExceptionsFile is the name of the exceptions that are read by themselves.
const ExceptionsFile = "fob-exceptions.yaml"

// Files says what to read. The zero Files is nothing.
type Files struct {
	// Config is a configuration, "" for none.
	Config string
	// Exceptions are files of exceptions.
	Exceptions []string
	// Folder is where [ExceptionsFile] is read by itself if it is there; "" means beside
	// Config, and nowhere without one.
	Folder string
	// Ranges are files of address ranges with names, in the form of Scout2 or of AWS's own
	// list; NameKey is the key of a name in them, "" means name.
	Ranges  []string
	NameKey string
	// Read reads a file; nil means os.ReadFile.
	Read func(name string) ([]byte, error)
}

// Load reads all files. Its error is an [*Error], or says which file cannot be read.
func Load(files Files) (*Set, error) {
	if files.Read == nil {
		files.Read = os.ReadFile
	}
	s := &Set{}
	if files.Config != "" {
		data, err := files.read(files.Config)
		if err != nil {
			return nil, err
		}
		if err := s.config(files.Config, data); err != nil {
			return nil, err
		}
	}
	names, err := files.exceptions()
	if err != nil {
		return nil, err
	}
	catalogue := s.Catalogue()
	for _, name := range names {
		data, err := files.read(name)
		if err != nil {
			return nil, err
		}
		list, err := parseExceptions(name, data, catalogue)
		if err != nil {
			return nil, err
		}
		s.exceptions = append(s.exceptions, list...)
	}
	for _, name := range files.Ranges {
		data, err := files.read(name)
		if err != nil {
			return nil, err
		}
		list, err := parseRanges(name, data, files.NameKey)
		if err != nil {
			return nil, err
		}
		s.ranges = append(s.ranges, list...)
	}
	return s, nil
}

func (files Files) read(name string) ([]byte, error) {
	data, err := files.Read(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, bare(err))
	}
	return data, nil
}

// bare takes away the name that errors of files repeat.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// exceptions are the files of exceptions, with the one that is read by itself first.
func (files Files) exceptions() ([]string, error) {
	folder := files.Folder
	if folder == "" {
		if files.Config == "" {
			return files.Exceptions, nil
		}
		folder = filepath.Dir(files.Config)
	}
	own := filepath.Join(folder, ExceptionsFile)
	if slices.ContainsFunc(files.Exceptions, func(name string) bool { return filepath.Clean(name) == own }) {
		return files.Exceptions, nil
	}
	switch _, err := files.Read(own); {
	case errors.Is(err, fs.ErrNotExist):
		return files.Exceptions, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", own, bare(err))
	}
	return append([]string{own}, files.Exceptions...), nil
}

// ids are the ids of checks.
func ids(checks []scan.Check) (out []string) {
	for _, c := range checks {
		out = append(out, c.ID)
	}
	return out
}
