package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/report"
)

var update = flag.Bool("update", false, "write the golden files")

// machine are the formats whose every byte is held.
var machine = []string{"jsonl", "json", "csv", "ocsf", "sarif", "asff", "junit", "md"}

func TestGolden(t *testing.T) {
	for _, name := range machine {
		t.Run(name, func(t *testing.T) {
			got := written(t, name, sample(), report.Options{})
			if len(got) != 1 {
				t.Fatalf("%d files", len(got))
			}
			format, _ := report.Find(name)
			path := filepath.Join("testdata", "sample."+format.Extension)
			if *update {
				if err := os.WriteFile(path, got[0], 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got[0], want) {
				t.Errorf("%s differs; with -update it is written anew. Got:\n%s", path, got[0])
			}
		})
	}
}

// A result that breaks off is an error in every format, not a short report.
func TestBreaksOff(t *testing.T) {
	broken := errors.New("disk")
	for _, format := range report.Formats() {
		r := sample()
		all := r.Findings
		r.Findings = func(yield func(*scan.Finding, error) bool) {
			for f, err := range all {
				if !yield(f, err) {
					return
				}
				yield(nil, broken)
				return
			}
		}
		err := format.Write(func(int) (io.Writer, error) { return io.Discard, nil }, r, report.Options{})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", format.Name, err)
		}
	}
}

// What cannot be written is an error.
func TestWriteFails(t *testing.T) {
	full := errors.New("no space left")
	for _, format := range report.Formats() {
		err := format.Write(func(int) (io.Writer, error) { return failing{full}, nil }, sample(), report.Options{})
		if !errors.Is(err, full) {
			t.Errorf("%s: %v", format.Name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// An empty result is well-formed, too.
func TestEmpty(t *testing.T) {
	r := resultOf(nil)
	for _, name := range []string{"json", "sarif", "asff"} {
		if raw := written(t, name, r, report.Options{})[0]; !json.Valid(raw) {
			t.Errorf("%s: %s", name, raw)
		}
	}
	if err := xml.Unmarshal(written(t, "junit", r, report.Options{})[0], new(any)); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// The findings file can be read back as it was.
func TestReadBack(t *testing.T) {
	r := sample()
	raw := written(t, "jsonl", r, report.Options{})[0]
	var again []*scan.Finding
	var exposures []*scan.Exposure
	var summary *scan.Summary
	err := scan.ReadResults(bytes.NewReader(raw), scan.Results{
		Finding:  func(f *scan.Finding) error { again = append(again, f); return nil },
		Exposure: func(x *scan.Exposure) error { exposures = append(exposures, x); return nil },
		Summary:  func(s *scan.Summary) error { summary = s; return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	second := written(t, "jsonl", &report.Result{Summary: summary, Findings: eachOf(again), Exposures: eachOf(exposures)}, report.Options{})[0]
	if !bytes.Equal(raw, second) {
		t.Errorf("it is read back as\n%s\nnot\n%s", second, raw)
	}
	if err := scan.ReadResults(bytes.NewReader(raw[:bytes.LastIndex(raw[:len(raw)-1], []byte("\n"))+1]), scan.Results{}); err == nil {
		t.Error("a file without a summary is complete")
	}
}

// No cell is a formula, whatever the account holds.
func TestCSVInert(t *testing.T) {
	f := sampleFinding(1, "s3-one", scan.StatusFail, scan.High)
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r"} {
		f.Message, f.Resource.Name = start+"1+1", start+foreignText
		rows, err := csv.NewReader(bytes.NewReader(written(t, "csv", resultOf([]*scan.Finding{f}), report.Options{})[0])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("the cell %q", cell)
				}
			}
		}
	}
}

// A file of ASFF is what one call takes.
func TestASFFBatches(t *testing.T) {
	var all []*scan.Finding
	for n := range 250 {
		f := sampleFinding(n, "s3-one", scan.StatusFail, scan.High)
		f.Message, f.Evidence = strings.Repeat("ä", 5000), []scan.Evidence{{Path: "Policy", Value: strings.Repeat("x", 300_000)}}
		all = append(all, f)
	}
	parts := written(t, "asff", resultOf(all), report.Options{})
	if len(parts) != 3 {
		t.Fatalf("%d files", len(parts))
	}
	total := 0
	for _, raw := range parts {
		var batch []struct{ Description string }
		if err := json.Unmarshal(raw, &batch); err != nil {
			t.Fatal(err)
		}
		if total += len(batch); len(batch) > 100 || len(raw)/len(batch) > 240<<10 {
			t.Errorf("%d findings of %d bytes", len(batch), len(raw))
		}
		for _, f := range batch {
			if len(f.Description) > 1024 || !strings.HasSuffix(f.Description, "ä…") {
				t.Errorf("a description of %d bytes ends in %q", len(f.Description), f.Description[len(f.Description)-8:])
			}
		}
	}
	if total != 250 {
		t.Errorf("%d findings", total)
	}
}

// The mildest are left out where there is no room, and that is said.
func TestSARIFCut(t *testing.T) {
	r := resultOf(nil)
	const most, critical = 25_000, 10
	r.Findings = func(yield func(*scan.Finding, error) bool) {
		low, bad := sampleFinding(1, "s3-two", scan.StatusFail, scan.Low), sampleFinding(2, "s3-one", scan.StatusFail, scan.Critical)
		for range most {
			if !yield(low, nil) {
				return
			}
		}
		for range critical {
			if !yield(bad, nil) {
				return
			}
		}
	}
	var log struct {
		Runs []struct {
			Invocations []struct {
				Notifications []struct{ Message struct{ Text string } } `json:"toolExecutionNotifications"`
			}
			Results []struct{ RuleID string }
		}
	}
	if err := json.Unmarshal(written(t, "sarif", r, report.Options{})[0], &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != most || run.Results[critical-1].RuleID != "s3-one" || run.Results[critical].RuleID != "s3-two" {
		t.Errorf("%d results", len(run.Results))
	}
	if n := run.Invocations[0].Notifications; len(n) != 1 || !strings.HasPrefix(n[0].Message.Text, "10 milder results are left out") {
		t.Errorf("it says %v", n)
	}
}

// Markdown fits a comment.
func TestMarkdownSize(t *testing.T) {
	var all []*scan.Finding
	for n := range 2000 {
		f := sampleFinding(n, "s3-one", scan.StatusUnknown, scan.High)
		f.Unread = []*scan.ReadError{{Op: strings.Repeat("s3:X", 1+n%40), Why: scan.Failed, Code: strings.Repeat("code", 100+n)}}
		all = append(all, f)
	}
	if raw := written(t, "md", resultOf(all), report.Options{})[0]; len(raw) > 60_000 {
		t.Errorf("%d bytes", len(raw))
	}
}

// Markdown has every exception with its state, and leaves out what no call could tell.
func TestMarkdownExceptionsAndGaps(t *testing.T) {
	failed, context := sampleFinding(1, "s3-one", scan.StatusUnknown, scan.High), sampleFinding(2, "s3-two", scan.StatusUnknown, scan.High)
	failed.Unread = []*scan.ReadError{{Op: "s3:GetBucketAcl", Why: scan.Failed, Code: "bad-answer"}}
	context.Unread = []*scan.ReadError{{Why: scan.Context}}
	r := resultOf([]*scan.Finding{failed, context})
	r.Summary.Exceptions = []scan.ExceptionUse{{Name: "e.yaml:2", ExceptionNote: scan.ExceptionNote{Reason: "a|b", Owner: "ann", Expires: "2026-01-31"}, State: "expired", Count: 2}}
	text := string(written(t, "md", r, report.Options{})[0])
	for _, want := range []string{"| `e.yaml:2` | expired | 2 | 2026-01-31 | ann | a\\|b |\n", "| `s3:GetBucketAcl` | failed: bad-answer |"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "| `` |") {
		t.Errorf("a call without a name is in\n%s", text)
	}
}

// JUnit counts what is in it.
func TestJUnitCounts(t *testing.T) {
	var doc struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Tests int        `xml:"tests,attr"`
			Cases []struct{} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(written(t, "junit", sample(), report.Options{})[0], &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Tests != 8 || doc.Failures != 2 || doc.Errors != 1 || doc.Skipped != 3 {
		t.Errorf("counted %+v", doc)
	}
	n := 0
	for _, s := range doc.Suites {
		if n += s.Tests; s.Tests != len(s.Cases) {
			t.Errorf("a suite of %d has %d", s.Tests, len(s.Cases))
		}
	}
	if n != doc.Tests {
		t.Errorf("the suites have %d", n)
	}
}
