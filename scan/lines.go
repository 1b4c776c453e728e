package scan

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

// maxLine bounds a line: a policy, a page of user data or a list of rules may be long.
const maxLine = 16 << 20

// TextLines reads a text line by line, compressed by gzip or not.
func TextLines(r io.Reader) (*bufio.Scanner, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(z, 1<<16)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	return lines, nil
}
