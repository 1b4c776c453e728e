package report

import (
	"encoding/json"
	"io"
	"iter"
)

// writeJSON writes everything as one object, for programs that read no lines. It is
// streamed, whatever its size.
func writeJSON(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	summary := *r.Summary
	checks := summary.Checks
	summary.Checks = nil
	if err := member(w, "{\n\"summary\": ", summary); err != nil {
		return err
	}
	if err := member(w, ",\n\"checks\": ", checks); err != nil {
		return err
	}
	if err := array(w, ",\n\"findings\": [", r.Findings, "\n]"); err != nil {
		return err
	}
	return array(w, ",\n\"exposures\": [", r.Exposures, "\n]\n}\n")
}

func member(w io.Writer, before string, v any) error {
	if _, err := io.WriteString(w, before); err != nil {
		return err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return err
}

// array writes the elements of a sequence, one a line.
func array[T any](w io.Writer, before string, all iter.Seq2[T, error], after string) error {
	separator := before + "\n"
	for v, err := range all {
		if err != nil {
			return err
		}
		if err := member(w, separator, v); err != nil {
			return err
		}
		separator = ",\n"
	}
	if separator != ",\n" { // no element
		after = before + after
	}
	_, err := io.WriteString(w, after)
	return err
}
