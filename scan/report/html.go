package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"

	"fob/scan"
)

// htmlSize is how long the page may grow for the sake of records, in bytes. What it
// cannot do without, findings and evidence, is written however long it gets.
const htmlSize = 5_000_000

// HTML writes the whole result as one page that opens from the disk, makes no request
// and needs nothing beside itself.
//
// The data lies in blocks ([block]) behind a frame that is readable without scripts.
// Findings and their resources come in columns; evidence and records in blocks of their
// own, which the page unpacks when somebody looks. Records are written the worst
// failures first, until the page has grown to its size; of the other resources it
// keeps name, tags, verdicts and evidence, and says so.
func HTML(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	if err := writeHTML(w, r, htmlSize); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

func writeHTML(w io.Writer, r *Result, size int) error {
	c := newColumns(r.Summary)
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		if err := c.add(f); err != nil {
			return err
		}
	}
	page, err := newPage(r.Summary, c.failures())
	if err != nil {
		return err
	}
	out := &counter{w: w}
	if err := page.head(out); err != nil {
		return err
	}
	if err := c.write(out); err != nil {
		return err
	}
	if err := writeExposures(out, r); err != nil {
		return err
	}
	tail := new(bytes.Buffer)
	if err := page.tail(tail); err != nil {
		return err
	}
	records := recordWriter{columns: c, to: out, until: size - tail.Len()}
	if err := records.write(r); err != nil {
		return err
	}
	_, err = out.Write(tail.Bytes())
	return err
}

// writeExposures writes the attack surface as one block.
func writeExposures(w io.Writer, r *Result) error {
	all := []*scan.Exposure{}
	if r.Exposures != nil {
		for x, err := range r.Exposures {
			if err != nil {
				return err
			}
			all = append(all, x)
		}
	}
	return writeBlock(w, "surface", all)
}

// failures are the checks that fail, as the frame lists them: the worst first.
func (c *columns) failures() (out []failure) {
	for i, n := range c.fails {
		if n > 0 {
			out = append(out, failure{c.checks[i], n})
		}
	}
	slices.SortFunc(out, func(a, b failure) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// failure is a check and how often it fails, without what is suppressed.
type failure struct {
	scan.CheckInfo
	Count int
}

// counter counts what it passes on.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += n
	return n, err
}
