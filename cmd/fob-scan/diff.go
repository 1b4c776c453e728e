package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"fob/cli"
	"fob/internal/display"
	"fob/scan"
	"fob/scan/audit"
)

type diffCmd struct {
	Before string `arg:"" predictor:"file" help:"findings.jsonl of the earlier scan, or its folder."`
	After  string `arg:"" predictor:"file" help:"findings.jsonl of the later scan, or its folder."`
	Format string `enum:"text,jsonl" default:"text" help:"text or jsonl."`
	Output string `short:"o" placeholder:"FILE" help:"Write it here, not on stdout."`
	Force  bool   `short:"f" help:"Overwrite what is there."`
	FailOn string `name:"fail-on" placeholder:"LEVEL" predictor:"severity" help:"End with status 1 if something of this severity or worse fails that did not."`
}

func (diffCmd) Help() string {
	return `Says which failures are new, fixed, changed and still there. What could not be read
this time is unseen, not fixed.

Examples:
  fob scan diff last-week/findings.jsonl findings.jsonl
  fob scan diff --fail-on high before.jsonl after.jsonl`
}

func (c *diffCmd) Run(p *program) error {
	level := scan.Severity(0)
	if c.FailOn != "" {
		var err error
		if level, err = scan.ParseSeverity(c.FailOn); err != nil {
			return usage("--fail-on is not understood", err.Error(), "--fail-on high")
		}
	}
	temp, done, err := p.files.temp()
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(temp, "diff.jsonl")
	err = p.files.write(path, func(out io.Writer) error {
		_, err := audit.Compare(out, findingsFile(c.Before), findingsFile(c.After))
		return err
	})
	if _, _, _, _, said := cli.Failed(err); err != nil && !said {
		return cli.Failure(cli.ExitConfig, "the findings cannot be compared", err.Error(), takesAny([]string{c.Before, c.After}, kindFindings, "fob scan writes findings.jsonl"), err)
	}
	if err != nil {
		return err
	}
	d := &difference{level: level, width: p.width, lines: map[string][]string{}}
	compared := audit.FindingsFile(path)
	write := func(out io.Writer) error { return d.text(out, compared) }
	if c.Format == formatJSONL {
		write = func(out io.Writer) error { return d.jsonl(out, compared) }
	}
	if c.Output != "" && c.Output != "-" {
		d.width = 0
		if err := vacant(c.Output, c.Force, otherName); err != nil {
			return err
		}
		err = p.files.write(c.Output, write)
	} else {
		err = write(p.sys.Stdout)
	}
	if d.worse {
		p.status = cli.ExitFailure
	}
	return err
}

// difference writes what a comparison says.
type difference struct {
	level scan.Severity
	width int  // of the terminal it is shown on, 0 for none
	worse bool // something is new at the level
	lines map[string][]string
}

// headings are the words for what a comparison says, in the order of a person's interest.
func headings() [][2]string {
	return [][2]string{{scan.DiffNew, "New"}, {scan.DiffChanged, "Changed"}, {scan.DiffFixed, "Fixed"}, {scan.DiffUnseen, "Unseen"}, {scan.DiffSame, "Still there"}}
}

func (d *difference) see(f *scan.Finding) {
	d.worse = d.worse || f.Diff == scan.DiffNew && d.level > 0 && f.Severity >= d.level && f.Exception == nil
}

func (d *difference) text(out io.Writer, findings audit.Findings) error {
	for f, err := range findings.All() {
		if err != nil {
			return err
		}
		if f.Diff == "" {
			continue
		}
		d.see(f)
		where := f.Resource.ARN
		if where == "" {
			where = f.Resource.Name
		}
		d.lines[f.Diff] = append(d.lines[f.Diff], fmt.Sprintf("%d  %-8s  %s  %s  %s  %s: %s\n", scan.Critical-f.Severity, f.Severity, display.Text(f.Account.ID), display.Text(f.Region), display.Text(f.Check), display.Text(where), display.Line(f.Message)))
	}
	var b strings.Builder
	var counts []string
	for _, h := range headings() {
		lines := d.lines[h[0]]
		counts = append(counts, fmt.Sprintf("%s %s", thousands(len(lines)), strings.ToLower(h[1])))
		if len(lines) == 0 || h[0] == scan.DiffSame {
			continue
		}
		fmt.Fprintf(&b, "%s\n", h[1])
		slices.Sort(lines) // the worst first
		for _, l := range lines {
			b.WriteString(folded(l[1:], d.width, 6))
		}
	}
	b.WriteString(strings.Join(counts, ", ") + "\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// jsonl writes the findings that a comparison has a word for.
func (d *difference) jsonl(out io.Writer, findings audit.Findings) error {
	sum, err := findings.Summary()
	if err != nil {
		return err
	}
	return audit.Write(out, func(yield func(*scan.Finding, error) bool) {
		for f, err := range findings.All() {
			if err == nil && f.Diff == "" {
				continue
			}
			if err == nil {
				d.see(f)
			}
			if !yield(f, err) {
				return
			}
		}
	}, func(func(*scan.Exposure, error) bool) {}, sum)
}
