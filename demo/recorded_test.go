package main

import (
	"bytes"
	"io"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// TestRecorded: the account was read for all that is asked today. A call that came with a
// check since would show in the report as not made.
func TestRecorded(t *testing.T) {
	var out bytes.Buffer
	snapshot := audit.Snapshot{Name: "recorded", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(recorded)), nil }}
	if _, err := audit.Judge(&out, []audit.Snapshot{snapshot}, audit.Options{Checks: scan.Checks()}); err != nil {
		t.Fatal(err)
	}
	verdicts := 0
	err := scan.ReadResults(&out, scan.Results{Finding: func(f *scan.Finding) error {
		verdicts++
		for _, e := range f.Unread {
			if e.Why == scan.NotPlanned {
				t.Errorf("%s of %s: %s was not called", f.Check, f.Resource.Name, e.Op)
			}
		}
		return nil
	}})
	if err != nil || verdicts < 100 {
		t.Errorf("%d verdicts, %v", verdicts, err)
	}
}
