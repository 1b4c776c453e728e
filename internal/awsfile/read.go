package awsfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
)

// maxSize is the largest file that is read, in bytes: far above every real one,
// low enough that a wrong path cannot fill the memory.
const maxSize = 64 << 20

// Files is what the two AWS files hold. It never changes after [Read] and may be
// used from several goroutines.
type Files struct {
	config, credentials source
	parsed              sync.Map // sectionKey to parsed, see lookup
}

// Read reads both files, each once. readFile gets a path and returns the whole
// file; nil means the file system, where only regular files (and the null
// device) are read, so that a pipe without a writer cannot hold fob up.
//
// A file that does not exist reads as an empty one; [Files.Missing] tells when
// it was named by a variable. Every other failure is an error: a file that cannot
// be read, exceeds 64 MiB or is UTF-16.
func Read(paths Paths, readFile func(string) ([]byte, error)) (*Files, error) {
	if readFile == nil {
		readFile = readRegular
	}
	f := &Files{
		config:      source{path: paths.Config, place: inConfig},
		credentials: source{path: paths.Credentials, place: inCredentials},
	}
	for _, s := range f.sources() {
		s.index = sync.OnceValue(s.makeIndex)
		if err := s.read(readFile); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Paths tells where the files were looked for.
func (f *Files) Paths() Paths {
	return Paths{Config: f.config.path, Credentials: f.credentials.path}
}

// Format implements fmt.Formatter: it gives the paths, whatever the verb.
func (f *Files) Format(out fmt.State, _ rune) {
	_, _ = fmt.Fprintf(out, "%q, %q", f.config.path.Name, f.credentials.path.Name)
}

// Missing is nil, or an error that holds a [*MissingFileError] for each file
// that a variable names and that does not exist.
func (f *Files) Missing() error { return missing(f.sources()...) }

func missing(sources ...*source) error {
	var all error
	for _, s := range sources {
		switch err := s.missingError(); {
		case err == nil:
		case all == nil:
			all = err
		default:
			all = fmt.Errorf("%w; %w", all, err)
		}
	}
	return all
}

// sources lists the files in the order of precedence, the stronger one last.
func (f *Files) sources() []*source { return []*source{&f.config, &f.credentials} }

func (s *source) read(readFile func(string) ([]byte, error)) error {
	if s.path.Name == "" {
		return nil
	}
	data, err := readFile(s.path.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		s.absent = true
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", s.title(), err)
	case len(data) > maxSize:
		return fmt.Errorf("read %s: %q: %w", s.title(), s.path.Name, errTooLarge)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return fmt.Errorf("read %s: %q is UTF-16, not UTF-8", s.title(), s.path.Name)
	}
	s.data, s.bom = bytes.CutPrefix(data, []byte("\ufeff"))
	s.headers = headerOffsets(s.data)
	return nil
}

// title names the file in an error, by its variable where there is one.
func (s *source) title() string {
	if s.path.Variable != "" {
		return s.path.Variable
	}
	return "the AWS " + s.place.String() + " file"
}

func (s *source) missingError() error {
	if !s.absent || s.path.Variable == "" {
		return nil
	}
	return &MissingFileError{Variable: s.path.Variable, Path: s.path.Name}
}

var errTooLarge = errors.New("file is larger than 64 MiB")

func readRegular(path string) ([]byte, error) {
	// Asked before the file is opened: opening a pipe waits for its writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if path == os.DevNull {
		return nil, nil
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is not a regular file", path)
	}
	if info.Size() > maxSize {
		return nil, fmt.Errorf("%q: %w", path, errTooLarge)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var data bytes.Buffer
	data.Grow(int(info.Size()) + bytes.MinRead)
	// One byte over the limit, so that a file that grows meanwhile is seen.
	if _, err := data.ReadFrom(io.LimitReader(file, maxSize+1)); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}
