package report

import (
	"encoding/json"
	"io"
)

// writeJSONL writes the findings file itself, as scan.ReadResults reads it: a line for
// each finding and each exposure, and one with the summary.
func writeJSONL(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	lines := newLines(w)
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		if err := lines.Encode(f); err != nil {
			return err
		}
	}
	for x, err := range r.Exposures {
		if err != nil {
			return err
		}
		if err := lines.Encode(x); err != nil {
			return err
		}
	}
	return lines.Encode(r.Summary)
}

// newLines writes JSON, a value a line, with < and > as they are: policies and names
// are read by people, too.
func newLines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
