package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"time"

	"fob/scan/audit"
	"fob/scan/report"
)

// finish judges snapshots and writes the results: what a scan that has just been made,
// eval and --local share. f is nil where nothing is to be kept.
func (p *program) finish(o *Output, c *chosen, f *folder, snapshots []audit.Snapshot, how audit.Options) error {
	how.Checks, how.Judge, how.Except, how.Uses, how.Tool = c.pool, c.options, c.except, c.uses, tool()
	if !how.Now.IsZero() {
		c.at(how.Now)
	}
	if !how.AsRead {
		how.Checks = c.checks
	}
	return p.report(o, f, snapshots, func(out io.Writer) error {
		if _, err := audit.Judge(out, snapshots, how); err != nil {
			return unreadable(err)
		}
		return nil
	})
}

// report writes a findings file, and all other results from it.
func (p *program) report(o *Output, f *folder, snapshots []audit.Snapshot, fill func(io.Writer) error) error {
	temp, done, err := p.files.temp()
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(temp, "findings.jsonl")
	if f != nil {
		if err := p.files.folder(f); err != nil {
			return err
		}
		defer f.drop()
		p.mistrust(f)
		path = f.findings()
	}
	if o.Redact {
		if fill, snapshots, err = p.redacted(f, snapshots, temp, fill); err != nil {
			return err
		}
	}
	if o.Diff != "" {
		fill = p.compared(findingsFile(o.Diff), filepath.Join(temp, "judged.jsonl"), fill)
	}
	if err := p.files.write(path, fill); err != nil {
		return err
	}
	if o.Redact && f != nil && f.own {
		if snapshots, err = redactSnapshots(&p.files, p.hashes, snapshots); err != nil {
			return err
		}
		p.keeping.Unlock()
	}
	r, err := result(audit.FindingsFile(path), snapshots)
	if err != nil {
		return err
	}
	if err := p.reports(o, f, path, r); err != nil {
		return err
	}
	p.status = audit.Exit(r.Summary, o.failOn(), o.AllowIncomplete)
	for _, w := range r.Summary.Warnings {
		p.door().Warn(w)
	}
	return nil
}

// compared has findings compared with those of before.
func (p *program) compared(before audit.Findings, judged string, fill func(io.Writer) error) func(io.Writer) error {
	return func(out io.Writer) error {
		if err := p.files.write(judged, fill); err != nil {
			return err
		}
		_, err := audit.Compare(out, before, audit.FindingsFile(judged))
		return err
	}
}

// redacted has findings redacted once they are judged. Of snapshots that are not this
// run's the reports get redacted copies.
func (p *program) redacted(f *folder, snapshots []audit.Snapshot, temp string, fill func(io.Writer) error) (func(io.Writer) error, []audit.Snapshot, error) {
	r, err := p.redactor(snapshots)
	if err != nil {
		return nil, nil, err
	}
	p.hashes = r
	seal, err := p.sealed()
	if err != nil {
		return nil, nil, err
	}
	redacting := func(out io.Writer) error {
		if err := seal.write("judged.jsonl", fill); err != nil {
			return err
		}
		clear := seal.findings("judged.jsonl")
		if err := r.LearnFindings(clear); err != nil {
			return err
		}
		return r.Results(out, clear)
	}
	if f == nil || !f.own {
		snapshots, err = redactCopies(&p.files, r, snapshots, temp)
	}
	return redacting, snapshots, err
}

// reports writes every format, the terminal's last.
func (p *program) reports(o *Output, f *folder, findings string, r *report.Result) error {
	shown := ""
	if f != nil {
		shown = f.findings()
		for _, x := range o.formats() {
			file, err := o.write(&p.files, x, r, func(part int) string { return f.report(x, part) }, f.force)
			if err != nil {
				return err
			}
			if x.Name == "html" {
				shown = file
			}
		}
	}
	if o.Output != "" {
		return p.only(o, r, findings)
	}
	var text bytes.Buffer
	if err := writeText(&text, r, shown, p.width); err != nil {
		return err
	}
	p.screen.clear()
	if _, err := p.sys.Stdout.Write(text.Bytes()); err != nil {
		return err
	}
	if o.Open && !strings.HasSuffix(shown, ".html") {
		p.door().Warn("there is no report to open: --open shows that of --format html")
	} else if o.Open {
		if err := p.door().OpenFile(shown); err != nil {
			p.door().Warn("the report cannot be opened: " + err.Error())
		}
	}
	return nil
}

// only writes the one format of --format to -o. Of findings that is their file as it is.
func (p *program) only(o *Output, r *report.Result, findings string) error {
	fill := func(out io.Writer) error { return writeFormat(out, o.Format[0], r, o.options()) }
	if o.Format[0] == formatJSONL {
		fill = func(out io.Writer) error { return copyFile(out, findings) }
	}
	if o.Output == "-" {
		p.screen.clear()
		return fill(p.sys.Stdout)
	}
	for _, x := range report.Formats() {
		if x.Name == o.Format[0] && x.Name != formatText && x.Name != formatJSONL {
			_, err := o.write(&p.files, x, r, parts(o.Output), o.Force)
			return err
		}
	}
	return p.files.write(o.Output, fill)
}

func copyFile(out io.Writer, path string) error {
	in, err := open(path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	_, err = io.Copy(out, in)
	return err
}

// writeFormat writes a format to one place. Of a format that splits one document follows
// the other, as jq reads them.
func writeFormat(out io.Writer, name string, r *report.Result, o report.Options) error {
	switch name {
	case formatText:
		return writeText(out, r, "", 0)
	}
	for _, x := range report.Formats() {
		if x.Name == name {
			return x.Write(func(int) (io.Writer, error) { return out, nil }, r, o)
		}
	}
	return usage("unknown format "+name, "", "--format jsonl")
}

// stamp is a point in time on the command line.
func stamp(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usage("--now is no time", "it is written as 2026-11-22T18:40:00Z", "--now 2026-11-22T18:40:00Z")
	}
	return at, nil
}
