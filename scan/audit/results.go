package audit

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"fob/scan"
)

// Findings is a findings file that can be read as often as it is needed.
type Findings struct {
	Name string // for messages
	Open func() (io.ReadCloser, error)
}

// FindingsFile is the findings file with that path.
func FindingsFile(path string) Findings {
	return Findings{Name: path, Open: func() (io.ReadCloser, error) { return Open(path) }}
}

// Read hands out what is in it, in its order.
func (f Findings) Read(to scan.Results) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := scan.ReadResults(in, to); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return nil
}

// Summary is its last line.
func (f Findings) Summary() (sum *scan.Summary, err error) {
	err = f.Read(scan.Results{Summary: func(s *scan.Summary) error { sum = s; return nil }})
	return sum, err
}

// customChecks are the ids of the checks that a configuration brought.
func (f Findings) customChecks() (map[string]bool, error) {
	sum, err := f.Summary()
	if err != nil {
		return nil, err
	}
	custom := map[string]bool{}
	for _, c := range sum.Checks {
		custom[c.ID] = c.Custom
	}
	return custom, nil
}

// errStop ends a reading that nobody goes on with.
var errStop = errors.New("enough")

// All are its findings.
func (f Findings) All() iter.Seq2[*scan.Finding, error] {
	return each(f, func(take func(*scan.Finding) error) scan.Results { return scan.Results{Finding: take} })
}

// Exposures are its exposures.
func (f Findings) Exposures() iter.Seq2[*scan.Exposure, error] {
	return each(f, func(take func(*scan.Exposure) error) scan.Results { return scan.Results{Exposure: take} })
}

// each is one kind of what a findings file holds.
func each[T any](f Findings, only func(take func(*T) error) scan.Results) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		err := f.Read(only(func(x *T) error {
			if !yield(x, nil) {
				return errStop
			}
			return nil
		}))
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}
