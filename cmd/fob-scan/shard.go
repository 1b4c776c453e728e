package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"fob/cli"
	"fob/internal/display"
	"fob/scan"
	"fob/scan/audit"
)

// worker reads one share of a fleet: for each account a snapshot and its findings, which
// fob scan merge joins. One that is tried again overwrites what it wrote; with --resume it
// reads what is missing alone.
func (c *scanCmd) worker(ctx context.Context, p *program, r *reader, chosen *chosen) error {
	if len(r.targets) == 0 {
		p.door().Say("fob: there is no account in this share")
		return nil
	}
	f := &folder{path: filepath.Join(orRoot(c.ReportDir), c.Name), force: true}
	if err := f.make(); err != nil {
		return err
	}
	p.mistrust(f)
	var mu sync.Mutex // one account is judged at a time
	sum := &scan.Summary{Complete: true}
	name, err := p.named(c.Redact)
	if err != nil {
		return err
	}
	r.place = func(account string) string { return f.snapshot(name(account), true) }
	if c.Resume {
		run := newPast(f.path)
		if err := run.readOf(r.targets, r.place); err != nil {
			return err
		}
		r.goOn(run)
	}
	r.each = func(t *target, s audit.Snapshot) error {
		mu.Lock()
		defer mu.Unlock()
		one, err := p.findingsOf(s, chosen, f.file(name(t.ID)+".findings.jsonl.gz"), c.Redact)
		if err != nil {
			return err
		}
		sum.Accounts = append(sum.Accounts, one.Accounts...)
		sum.Gaps = append(sum.Gaps, one.Gaps...)
		sum.Warnings = append(sum.Warnings, one.Warnings...)
		sum.Complete = sum.Complete && one.Complete
		return nil
	}
	if _, err := r.all(ctx); err != nil {
		return err
	}
	p.writing("fob scan merge " + filepath.Join(f.path, "*.findings.jsonl.gz"))
	sum.Accounts = append(sum.Accounts, r.lost...)
	p.status = audit.Exit(sum, 0, c.AllowIncomplete)
	if p.status == cli.ExitFailure {
		p.status = cli.ExitAWS // nobody asked for findings to decide
	}
	var b strings.Builder
	writeAccounts(&b, sum)
	writeGaps(&b, sum)
	fmt.Fprintf(&b, "Findings: %s\n", display.Line(filepath.Join(f.path, "*.findings.jsonl.gz")))
	p.screen.clear()
	for _, w := range sum.Warnings {
		p.door().Warn(w)
	}
	_, err = io.WriteString(p.sys.Stdout, b.String())
	return err
}

func orRoot(dir string) string {
	if dir == "" {
		return root
	}
	return dir
}

// findingsOf judges one snapshot into a compressed findings file.
func (p *program) findingsOf(s audit.Snapshot, chosen *chosen, path string, redact bool) (*scan.Summary, error) {
	var sum *scan.Summary
	judge := func(out io.Writer) (err error) {
		if sum, err = audit.Judge(out, []audit.Snapshot{s}, audit.Options{
			Checks: chosen.checks, Judge: chosen.options, Tool: tool(), Except: chosen.except, Uses: chosen.uses,
		}); err != nil {
			return unreadable(err)
		}
		return nil
	}
	if !redact {
		err := p.files.write(path, compressed(judge))
		return sum, err
	}
	redacting, _, err := p.redacted(&folder{own: true}, []audit.Snapshot{s}, "", judge)
	if err == nil {
		err = p.files.write(path, compressed(redacting))
	}
	if err == nil {
		_, err = redactSnapshots(&p.files, p.hashes, []audit.Snapshot{s})
	}
	return sum, err
}

// compressed has what is written be compressed.
func compressed(fill func(io.Writer) error) func(io.Writer) error {
	return func(out io.Writer) error {
		z := gzip.NewWriter(out)
		if err := fill(z); err != nil {
			return err
		}
		return z.Close()
	}
}
