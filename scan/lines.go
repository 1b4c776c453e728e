package scan

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line: a policy, a page of user data or a list of rules may be long.
const maxLine = 16 << 20

// What unpacks to more than this is taken for a file that was made to fill the memory if
// it is also that many times its size. Ids that differ keep ours below a hundred.
const (
	maxUnpacked = 64 << 20
	maxPacking  = 250
)

var errBomb = errors.New("it unpacks to far more than any scan writes")

// TextReader reads a text line by line. Its Err names the line that is too long.
type TextReader struct {
	*bufio.Scanner
	line int
}

// Scan goes to the next line; false is the end, or what Err says.
func (t *TextReader) Scan() bool {
	if !t.Scanner.Scan() {
		return false
	}
	t.line++
	return true
}

// Err is why there are no more lines, nil at the end.
func (t *TextReader) Err() error {
	err := t.Scanner.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("line %d is longer than %d bytes", t.line+1, maxLine)
	}
	return err
}

// TextLines reads a text line by line, compressed by gzip or not. Memory stays in
// proportion to the size of what is read, also where it was made to unpack to much more.
func TextLines(r io.Reader) (*TextReader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		packed := &counter{r: in}
		z, err := gzip.NewReader(bufio.NewReaderSize(packed, 1<<16))
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(&unpacked{counter: counter{r: z}, from: packed}, 1<<16)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	return &TextReader{Scanner: lines}, nil
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked refuses to go on where there is too much.
type unpacked struct {
	counter
	from *counter
}

func (u *unpacked) Read(p []byte) (int, error) {
	if u.n > maxUnpacked && u.n/maxPacking > u.from.n {
		return 0, errBomb
	}
	return u.counter.Read(p)
}
