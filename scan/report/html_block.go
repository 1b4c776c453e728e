package report

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
)

// A block is JSON, compressed by gzip, in base64, in a script element of a type that no
// browser runs. Nothing of the data can end the element, whatever it holds: base64 has
// no "<".

// writeBlock writes a value as the block of that name.
func writeBlock(w io.Writer, name string, v any) error {
	b, err := openBlock(w, name)
	if err != nil {
		return err
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return b.Close()
}

// blockWriter is a block that is being written.
type blockWriter struct {
	*gzip.Writer
	base64 io.WriteCloser
	to     io.Writer
}

func openBlock(w io.Writer, name string) (*blockWriter, error) {
	if _, err := fmt.Fprintf(w, "<script type=\"application/octet-stream\" id=\"data-%s\">", name); err != nil {
		return nil, err
	}
	b := &blockWriter{base64: base64.NewEncoder(base64.StdEncoding, w), to: w}
	var err error
	b.Writer, err = gzip.NewWriterLevel(b.base64, gzip.BestCompression)
	return b, err
}

// Close ends the block.
func (b *blockWriter) Close() error {
	if err := b.Writer.Close(); err != nil {
		return err
	}
	if err := b.base64.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(b.to, "</script>\n")
	return err
}

// series writes values that are looked up by the number of a resource into blocks of a
// moderate length: a reader unpacks the one that it needs.
type series struct {
	to    io.Writer
	name  string
	block *blockWriter
	n     int // blocks that were begun
	bytes int // in the present one
}

// seriesBlock is how long a block of a series gets before it is compressed.
const seriesBlock = 256 << 10

// add writes the value of a resource, and returns the number of its block, from 1.
func (s *series) add(resource int, value []byte) (int, error) {
	mark := byte(',')
	if s.block == nil {
		var err error
		s.n++
		if s.block, err = openBlock(s.to, fmt.Sprintf("%s-%d", s.name, s.n)); err != nil {
			return 0, err
		}
		mark = '{'
	}
	if _, err := fmt.Fprintf(s.block, "%c\"%d\":%s", mark, resource, value); err != nil {
		return 0, err
	}
	n := s.n
	if s.bytes += len(value); s.bytes >= seriesBlock {
		return n, s.end()
	}
	return n, nil
}

// end closes the present block, if there is one.
func (s *series) end() error {
	if s.block == nil {
		return nil
	}
	_, err := io.WriteString(s.block, "}")
	if err == nil {
		err = s.block.Close()
	}
	s.block, s.bytes = nil, 0
	return err
}
