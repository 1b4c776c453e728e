package audit

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"

	"fob/scan"
)

// lines writes a findings file.
type lines struct {
	out  *bufio.Writer
	json *json.Encoder
}

func newLines(out io.Writer) *lines {
	l := &lines{out: bufio.NewWriterSize(out, 1<<16)}
	l.json = json.NewEncoder(l.out)
	l.json.SetEscapeHTML(false)
	return l
}

func (l *lines) finding(f *scan.Finding) error   { return l.json.Encode(f) }
func (l *lines) exposure(e *scan.Exposure) error { return l.json.Encode(e) }

// end writes the summary, which is the last line.
func (l *lines) end(s *scan.Summary) error {
	if err := l.json.Encode(s); err != nil {
		return err
	}
	return l.out.Flush()
}

// Write writes a findings file.
func Write(out io.Writer, findings iter.Seq2[*scan.Finding, error], exposures iter.Seq2[*scan.Exposure, error], s *scan.Summary) error {
	w := newLines(out)
	for f, err := range findings {
		if err != nil {
			return err
		}
		if err := w.finding(f); err != nil {
			return err
		}
	}
	for e, err := range exposures {
		if err != nil {
			return err
		}
		if err := w.exposure(e); err != nil {
			return err
		}
	}
	return w.end(s)
}
