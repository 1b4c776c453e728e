package main

import (
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fob/cli"
	"fob/scan"
	"fob/scan/audit"
	"fob/scan/report"
)

// Output are the flags about results.
type Output struct {
	Format    []string `group:"out" placeholder:"NAME" predictor:"format" help:"Formats of the results (${formats}). Without it: text, html, jsonl."`
	Output    string   `group:"out" short:"o" placeholder:"FILE" help:"Write the one format of --format here; - is stdout."`
	ReportDir string   `group:"out" name:"report-dir" placeholder:"DIR" predictor:"file" help:"Folder of the results. Without it: fob-scan/ACCOUNT/TIME."`
	Name      string   `group:"out" placeholder:"NAME" help:"Name of the files, instead of report and findings."`
	Force     bool     `group:"out" short:"f" help:"Overwrite what is there."`
	Open      bool     `group:"out" help:"Open the HTML report in the browser."`
	Redact    bool     `group:"out" help:"Put keyed hashes in the place of account ids and names, everywhere."`
	Diff      string   `group:"out" placeholder:"FILE" help:"Compare with the findings of an earlier scan, a file or its folder."`
	Passes    bool     `group:"out" help:"Have formats show what passes, too, that leave it out."`
	OCSFClass string   `group:"out" name:"ocsf-class" enum:"compliance,detection" default:"compliance" help:"Class of OCSF findings: compliance or detection."`

	FailOn          string `group:"out" name:"fail-on" placeholder:"LEVEL" predictor:"severity" help:"End with status 1 if something of this severity or worse fails."`
	AllowIncomplete bool   `group:"out" name:"allow-incomplete" help:"End with status 0, not 3, although something could not be read."`
}

const (
	formatText  = "text"
	formatJSONL = "jsonl"
)

// check refuses what cannot be done, before anything is.
func (o *Output) check() error {
	known := formatNames()
	for i, name := range o.Format {
		if format, ok := report.Find(name); ok { // by its long name, too
			o.Format[i], name = format.Name, format.Name
		}
		if !slices.Contains(known, name) {
			return usage("unknown format "+name, "there are "+strings.Join(known, ", "), "--format jsonl")
		}
	}
	if o.Output != "" && len(o.Format) != 1 {
		why := "--format names " + fmt.Sprint(len(o.Format))
		if len(o.Format) == 0 {
			why = "--format says which, and is not there"
		}
		return usage("-o is for one format", why, "--format "+formatOf(o.Output)+" -o "+o.Output)
	}
	if err := o.room(); err != nil {
		return err
	}
	if o.FailOn != "" {
		if _, err := scan.ParseSeverity(o.FailOn); err != nil {
			return usage("--fail-on is not understood", err.Error(), "--fail-on high")
		}
	}
	if o.Name != "" && (o.Name != filepath.Base(o.Name) || strings.HasPrefix(o.Name, ".")) {
		return usage("--name is no file name", "it names files of the folder that --report-dir names", "--name audit")
	}
	if o.Diff != "" {
		if _, err := findingsFile(o.Diff).Summary(); err != nil {
			return cli.Failure(cli.ExitConfig, "--diff cannot be read", err.Error(), "it is the findings.jsonl of an earlier scan", err)
		}
	}
	return nil
}

// formatOf is the format that the name of a file is for.
func formatOf(file string) string {
	for _, x := range report.Formats() {
		if x.Name != formatText && strings.HasSuffix(file, "."+x.Name) {
			return x.Name
		}
	}
	return formatJSONL
}

// room refuses a file for -o that cannot be written, or that would be overwritten: a scan
// is not made for nothing.
func (o *Output) room() error {
	if o.Output == "" || o.Output == "-" {
		return nil
	}
	if err := vacant(o.Output, o.Force, otherName); err != nil {
		return err
	}
	if info, err := os.Stat(o.Output); err == nil && info.IsDir() {
		return usage(o.Output+" is a folder", "-o is for one file", "--report-dir "+o.Output)
	}
	if err := replaceable(o.Output); err != nil {
		return err
	}
	dir := filepath.Dir(o.Output)
	if _, err := os.Stat(dir); err != nil && dir != filepath.Clean(o.ReportDir) {
		return usage("-o names a folder that is not there", err.Error(), "make it, or another name")
	}
	return nil
}

// formatNames are the formats that there are.
func formatNames() []string {
	names := []string{formatText, formatJSONL}
	for _, f := range report.Formats() {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// formats are those that files are written of.
func (o *Output) formats() (out []report.Format) {
	wanted := o.Format
	if len(wanted) == 0 {
		wanted = []string{"html"}
	}
	for _, f := range report.Formats() {
		if slices.Contains(wanted, f.Name) && f.Name != formatText && f.Name != formatJSONL && o.Output == "" {
			out = append(out, f)
		}
	}
	return out
}

func (o *Output) failOn() scan.Severity {
	s, _ := scan.ParseSeverity(o.FailOn)
	return s
}

// result is a findings file as the formats read it.
func result(findings audit.Findings, snapshots []audit.Snapshot) (*report.Result, error) {
	sum, err := findings.Summary()
	if err != nil {
		return nil, err
	}
	r := &report.Result{Summary: sum, Findings: findings.All(), Exposures: findings.Exposures()}
	if len(snapshots) > 0 {
		r.Records = func(want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error] {
			return audit.Records(snapshots, want)
		}
	}
	return r, nil
}

// write makes the files of a format, which name names, and returns the first.
func (o *Output) write(w *files, x report.Format, r *report.Result, name func(part int) string, force bool) (string, error) {
	var open *os.File
	var path string
	sink := func(part int) (io.Writer, error) {
		if open != nil {
			if err := w.commit(open, path); err != nil {
				return nil, err
			}
		}
		path = name(part)
		if err := vacant(path, force || part == 1, otherName); err != nil {
			open = nil
			return nil, err
		}
		var err error
		open, err = w.create(path)
		return open, err
	}
	err := x.Write(sink, r, o.options())
	if open == nil {
		return "", err
	}
	if err != nil {
		return "", w.discard(open, path, err)
	}
	return name(1), w.commit(open, path)
}

// parts names the files of a format that splits: out.json, out-2.json.
func parts(file string) func(part int) string {
	return func(part int) string {
		if part == 1 {
			return file
		}
		end := filepath.Ext(file)
		return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(file, end), part, end)
	}
}

func (o *Output) options() report.Options {
	return report.Options{Passes: o.Passes, Detection: o.OCSFClass == "detection"}
}
