// Package report writes the results of a scan in the formats that people and other
// programs read, a file of this package for each.
package report

import (
	"io"
	"iter"
	"slices"

	"fob/scan"
)

// Result is a scan that is over, as every format reads it, as often as it has to.
type Result struct {
	Summary *scan.Summary
	// Findings are sorted by account, region, service, check and resource.
	Findings iter.Seq2[*scan.Finding, error]
	// Exposures is the attack surface, sorted by account, service, region and ARN.
	Exposures iter.Seq2[*scan.Exposure, error]
	// Records are the resources themselves; nil where there is no snapshot at hand.
	Records func(want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error]
}

// Options are what a person may choose. The zero Options are the usual.
type Options struct {
	// Passes has formats write what passes, too, that leave it out otherwise.
	Passes bool
	// Detection has OCSF write Detection Findings (class 2004) in place of Compliance
	// Findings (2003).
	Detection bool
}

// Sink opens the files that a format writes. Most write one, part 1; those that have to
// split ask for one part after the other.
type Sink func(part int) (io.Writer, error)

// Format is a form of the results.
type Format struct {
	Name      string // as --format names it
	Extension string // of its file, such as "sarif.json"
	Write     func(Sink, *Result, Options) error
}

// Find returns the format of that name, or of its long form; false if there is none.
func Find(name string) (Format, bool) {
	if name == "markdown" {
		name = "md"
	}
	i := slices.IndexFunc(Formats(), func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return Formats()[i], true
}

// Formats are all there are, but for text, which is the terminal's.
func Formats() []Format {
	return []Format{
		{"jsonl", "jsonl", writeJSONL},
		{"json", "json", writeJSON},
		{"csv", "csv", writeCSV},
		{"ocsf", "ocsf.jsonl", writeOCSF},
		{"sarif", "sarif", writeSARIF},
		{"asff", "asff.json", writeASFF},
		{"junit", "junit.xml", writeJUnit},
		{"md", "md", writeMarkdown},
		{"html", "html", HTML},
	}
}
