package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"

	"fob/scan/audit"
)

// sealed is a folder for what --redact still has to take names out of. Its files are
// encrypted with a key that is in this process's memory alone: what a kill leaves of them
// says nothing, and the folder goes when the run ends.
type sealed struct {
	files *files
	dir   string
	done  func() // removes dir
	block cipher.Block
}

// sealed makes the folder, once.
func (p *program) sealed() (*sealed, error) {
	if p.seal != nil {
		return p.seal, nil
	}
	dir, done, err := p.files.temp()
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	p.seal = &sealed{files: &p.files, dir: dir, done: done, block: block}
	return p.seal, nil
}

// path is where the file of that name is.
func (s *sealed) path(name string) string { return filepath.Join(s.dir, filepath.Base(name)) }

// writer encrypts what is written to a new file.
func (s *sealed) writer(out io.Writer) (io.Writer, error) {
	iv := make([]byte, aes.BlockSize)
	_, _ = rand.Read(iv)
	if _, err := out.Write(iv); err != nil {
		return nil, err
	}
	return cipher.StreamWriter{S: cipher.NewCTR(s.block, iv), W: out}, nil
}

// write writes a file as a whole.
func (s *sealed) write(name string, fill func(io.Writer) error) error {
	return s.files.write(s.path(name), func(out io.Writer) error {
		w, err := s.writer(out)
		if err != nil {
			return err
		}
		return fill(w)
	})
}

// open reads a file.
func (s *sealed) open(name string) (io.ReadCloser, error) {
	f, err := os.Open(s.path(name))
	if err != nil {
		return nil, err
	}
	iv := make([]byte, aes.BlockSize)
	if _, err := io.ReadFull(f, iv); err != nil {
		_ = f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{cipher.StreamReader{S: cipher.NewCTR(s.block, iv), R: f}, f}, nil
}

// snapshot is the one of that name, which is its place once it is redacted.
func (s *sealed) snapshot(name string) audit.Snapshot {
	return audit.Snapshot{Name: name, Open: func() (io.ReadCloser, error) { return s.open(name) }}
}

// findings is the findings file of that name.
func (s *sealed) findings(name string) audit.Findings {
	return audit.Findings{Name: name, Open: func() (io.ReadCloser, error) { return s.open(name) }}
}

// remove takes the folder away.
func (s *sealed) remove() {
	if s != nil {
		s.done()
	}
}
