package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fob/cli"
	"fob/internal/display"
	"fob/scan/audit"
)

type collectCmd struct {
	Accounts
	Selection
	Reading
	Snapshot        string `name:"output" short:"o" required:"" placeholder:"SNAP" predictor:"file" help:"File for the snapshot; of several accounts a folder for theirs."`
	Force           bool   `short:"f" help:"Overwrite what is there."`
	Redact          bool   `help:"Put keyed hashes in the place of account ids and names."`
	AllowIncomplete bool   `name:"allow-incomplete" help:"End with status 0, not 3, although something could not be read."`
}

func (collectCmd) Help() string {
	return `Reads only. The snapshot is judged by fob scan eval, here or elsewhere, without network
and credentials.

Examples:
  fob scan collect -p prod -o prod.snapshot.jsonl.gz
  fob scan collect -p prod -p dev -o snapshots/`
}

func (c *collectCmd) Run(ctx context.Context, p *program) error {
	if c.ListServices {
		return listServices(p)
	}
	if err := c.Accounts.check(p.sys.Getenv); err != nil {
		return err
	}
	if err := c.Reading.check(); err != nil {
		return err
	}
	chosen, err := c.choose()
	if err != nil {
		return err
	}
	ctx = p.reading(ctx)
	r, err := p.reader(ctx, &c.Accounts, &c.Reading, chosen, c.Redact)
	if err != nil {
		return err
	}
	name, err := p.named(c.Redact)
	if err != nil {
		return err
	}
	if r.place, err = c.places(r.targets, name); err != nil {
		return err
	}
	snapshots, err := r.all(ctx)
	if err != nil {
		return err
	}
	if c.Redact {
		hashes, err := p.redactor(snapshots)
		if err == nil {
			snapshots, err = redactSnapshots(&p.files, hashes, snapshots)
		}
		if err != nil {
			return err
		}
	}
	p.writing("fob scan eval " + c.Snapshot)
	return c.tell(p, snapshots, audit.Options{Lost: r.lost, Checks: chosen.checks})
}

// places are a file for one account, and one each in a folder for more.
func (c *collectCmd) places(targets []*target, name func(string) string) (func(string) string, error) {
	info, err := os.Stat(c.Snapshot)
	folder := err == nil && info.IsDir() || strings.HasSuffix(c.Snapshot, "/") || c.fleet()
	if len(targets) > 1 && !folder {
		if err == nil {
			return nil, usage(c.Snapshot+" is a file, and there are several accounts", "each has a snapshot of its own", "-o FOLDER/")
		}
		folder = true
	}
	place := func(account string) string {
		if folder {
			return filepath.Join(c.Snapshot, name(account)+"."+snapshotEnd)
		}
		return c.Snapshot
	}
	dir := filepath.Dir(place("x"))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, noPlace(dir, err)
	}
	if c.Force {
		return place, nil
	}
	return place, untaken(targets, place, "another name, or --force", "another name; --force begins anew")
}

// tell says on stdout which snapshots there are, and why they are not complete.
func (c *collectCmd) tell(p *program, snapshots []audit.Snapshot, how audit.Options) error {
	how.Tool = tool()
	sum, err := audit.Judge(io.Discard, snapshots, how)
	if err != nil {
		return unreadable(err)
	}
	var b strings.Builder
	writeAccounts(&b, sum)
	writeGaps(&b, sum)
	for _, s := range snapshots {
		b.WriteString("Snapshot: " + display.Line(s.Name) + "\n")
	}
	p.status = audit.Exit(sum, 0, c.AllowIncomplete)
	if p.status == cli.ExitFailure {
		p.status = 0
	}
	p.screen.clear()
	for _, w := range sum.Warnings {
		p.door().Warn(w)
	}
	_, err = p.sys.Stdout.Write([]byte(b.String()))
	return err
}
