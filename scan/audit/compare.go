package audit

import (
	"io"

	"fob/scan"
)

// Compare holds a findings file against an earlier one and writes it anew, with what the
// comparison says of each finding, and with the earlier failures that it has none for.
func Compare(out io.Writer, before, now Findings) (*scan.Summary, error) {
	c := &scan.Comparison{}
	if err := before.Read(scan.Results{Finding: func(f *scan.Finding) error { c.Keep(f); return nil }}); err != nil {
		return nil, err
	}
	var sum *scan.Summary
	err := now.Read(scan.Results{
		Finding: func(f *scan.Finding) error { c.Mark(f); return nil },
		Summary: func(s *scan.Summary) error { sum = s; return nil },
	})
	if err != nil {
		return nil, err
	}
	w, tally, rest := newLines(out), &scan.Tally{}, c.Rest(sum)
	write := func(f *scan.Finding) error {
		tally.Add(f)
		return w.finding(f)
	}
	until := func(next *scan.Finding) error {
		for len(rest) > 0 && (next == nil || scan.CompareFindings(rest[0], *next) < 0) {
			if err := write(&rest[0]); err != nil {
				return err
			}
			rest = rest[1:]
		}
		return nil
	}
	ended := false
	err = now.Read(scan.Results{
		Finding: func(f *scan.Finding) error {
			if err := until(f); err != nil {
				return err
			}
			c.Mark(f)
			return write(f)
		},
		Exposure: func(e *scan.Exposure) error {
			ended = true
			if err := until(nil); err != nil {
				return err
			}
			return w.exposure(e)
		},
	})
	if err == nil && !ended {
		err = until(nil)
	}
	if err != nil {
		return nil, err
	}
	complete := sum.Complete
	tally.Into(sum)
	sum.Complete = complete // what is unseen was not wanted, or is known to be missing
	return sum, w.end(sum)
}
