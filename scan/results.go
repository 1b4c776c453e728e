package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Results is who takes what a findings file holds. A nil function leaves it out.
type Results struct {
	Finding  func(*Finding) error
	Exposure func(*Exposure) error
	Summary  func(*Summary) error
}

// errNoSummary is a findings file that was cut off, or is none.
var errNoSummary = errors.New("no summary ends it: the file is not complete, or it is not a findings file")

// ReadResults reads a findings file, compressed or not, line by line. Lines of schemas
// that it does not know are left out. A file without a summary is an error, which comes
// after all that was there.
func ReadResults(r io.Reader, to Results) error {
	lines, err := TextLines(r)
	if err != nil {
		return fmt.Errorf("read findings: %w", err)
	}
	ended := false
	for n := 1; lines.Scan(); n++ {
		var schema struct {
			Schema string `json:"schema"`
		}
		err := json.Unmarshal(lines.Bytes(), &schema)
		if err == nil {
			switch schema.Schema {
			case Schema:
				err = hand(lines.Bytes(), to.finding)
			case ExposureSchema:
				err = hand(lines.Bytes(), to.Exposure)
			case SummarySchema:
				ended = true
				err = hand(lines.Bytes(), to.summary)
			}
		}
		if err != nil {
			return fmt.Errorf("read findings: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read findings: %w", err)
	}
	if !ended {
		return fmt.Errorf("read findings: %w", errNoSummary)
	}
	return nil
}

// finding hands out a finding that says what it is: one that does not would be written
// anew as what nobody can read.
func (to Results) finding(f *Finding) error {
	if f.Severity == 0 || f.Status == "" {
		return errors.New("a finding without a severity or a status")
	}
	if to.Finding == nil {
		return nil
	}
	return to.Finding(f)
}

// summary does the same for a summary, which names the checks.
func (to Results) summary(s *Summary) error {
	for i := range s.Checks {
		if s.Checks[i].Severity == 0 {
			return fmt.Errorf("the check %q without a severity", s.Checks[i].ID)
		}
	}
	if to.Summary == nil {
		return nil
	}
	return to.Summary(s)
}

func hand[T any](line []byte, to func(*T) error) error {
	if to == nil {
		return nil
	}
	v := new(T)
	if err := json.Unmarshal(line, v); err != nil {
		return err
	}
	return to(v)
}
