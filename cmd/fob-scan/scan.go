package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"fob/cli"
	"fob/scan/audit"
)

type scanCmd struct {
	Accounts
	Selection
	Reading
	Output

	ExplainCalls bool `group:"where" name:"explain-calls" help:"Print what would be called, and call nothing."`
	Resume       bool `group:"where" help:"Go on with the last scan that was stopped; makes the missing calls alone."`
	Local        bool `group:"where" short:"l" help:"Judge the newest snapshots again: no network, no credentials."`
	Update       bool `group:"where" help:"Read the services of --services again, keep the rest of the newest snapshots."`
}

func (scanCmd) Help() string {
	return `Reads the configuration of AWS accounts and reports what is wrong in it. What could not
be read is reported as not checked, never as fine.

Commands:
  fob scan [FLAGS]          read accounts, judge them, report
  fob scan collect          read only: write a snapshot
  fob scan eval             judge snapshots: no network, no credentials
  fob scan diff             compare two findings files
  fob scan merge            join findings files into one result
  fob scan accounts         the accounts of the organization
  fob scan checks [ID]      what is checked, or all about one check
  fob scan rules test DIR   try rules of one's own
  fob scan rules convert    rulesets and exceptions of Scout2, ScoutSuite
  fob scan iam-policy       the least IAM policy that a scan needs

Examples:
  fob scan -p prod
  fob scan -p prod -p dev --fail-on high
  fob scan -p prod --services s3,iam --format sarif -o -
  fob scan --org --role Audit --report-dir audit
  fob scan --resume                              after Ctrl-C

Exit status: 0 done, 1 something fails at --fail-on, 2 usage, 3 something could not be
read, 4 configuration, 5 needs a person, 6 keychain, 7 AWS, 130 cancelled.`
}

func (c *scanCmd) Run(ctx context.Context, p *program) error {
	if c.ListServices {
		return listServices(p)
	}
	if err := c.check(p); err != nil {
		return err
	}
	chosen, err := c.choose()
	if err != nil {
		return err
	}
	switch {
	case c.ExplainCalls:
		return explainCalls(p, chosen, &c.Output)
	case c.Local:
		return c.again(p, chosen)
	}
	return c.live(ctx, p, chosen)
}

func (c *scanCmd) check(p *program) error {
	if err := c.Accounts.check(p.sys.Getenv); err != nil {
		return err
	}
	modes := 0
	for _, set := range []bool{c.Resume, c.Local, c.Update} {
		if set {
			modes++
		}
	}
	if modes > 1 {
		return usage("--resume, --local and --update do not go together", "one goes on, one calls nothing, one reads again", "leave all but one out")
	}
	if c.Redact && (c.Resume || c.Update) {
		return usage("--redact does not go with --resume and --update", "what is redacted cannot be gone on from", "leave --redact out; fob scan eval SNAPSHOT --redact")
	}
	if (c.Local || c.Update) && c.sharded() {
		return usage("a share of the accounts is read as a whole", "--local and --update do not go with --shard", "leave them out")
	}
	if c.Resume && c.sharded() && c.Name == "" {
		return usage("--resume of a share needs --name", "what an earlier scan has whole would not be read again", "--name 2026-11-22, the same for every share and try of a scan")
	}
	if c.FailOn != "" && c.sharded() {
		return usage("--fail-on belongs to the merge", "one share says nothing of the others", "fob scan merge --fail-on "+c.FailOn)
	}
	if c.Update && len(c.Services) == 0 {
		return usage("--update needs --services", "it reads the services that are named again, and keeps the rest", "--update --services s3")
	}
	if err := c.Reading.check(); err != nil {
		return err
	}
	return c.Output.check()
}

// live reads accounts and judges them.
func (c *scanCmd) live(ctx context.Context, p *program, chosen *chosen) error {
	run, err := c.earlier() // before anybody is asked for a code
	if err != nil {
		return err
	}
	ctx = p.reading(ctx)
	r, err := p.reader(ctx, &c.Accounts, &c.Reading, chosen, c.Redact)
	if err != nil {
		return err
	}
	if c.sharded() {
		return c.worker(ctx, p, r, chosen)
	}
	f, err := c.place(p, r, run)
	if err != nil {
		return err
	}
	snapshots, err := r.all(ctx)
	if err != nil {
		f.drop()
		return err
	}
	resume := fmt.Sprintf("fob scan --resume --report-dir %s, with the same flags", f.path)
	next := fmt.Sprintf("fob scan eval %s, with the same flags", f.path)
	if ctx.Err() != nil && !c.Redact {
		next = resume
	}
	if c.Redact {
		p.keeping.Lock()
	}
	p.writing(next)
	how := audit.Options{Lost: r.lost, AsRead: c.Update}
	if c.fleet() {
		how.Expected = idsOf(r.targets)
	}
	f.own = true
	if err := p.finish(&c.Output, chosen, f, snapshots, how); err != nil {
		return err
	}
	if (p.status == cli.ExitCancelled || p.status == cli.ExitPerson) && !c.Redact {
		p.door().Say("fob: stopped; what was read is saved. To go on: " + resume)
	}
	return nil
}

// place says where everything goes, and what of an earlier run is used.
func (c *scanCmd) place(p *program, r *reader, run *past) (*folder, error) {
	several := len(r.targets) > 1
	if c.Resume {
		return c.resume(r, run, several), nil
	}
	name, err := p.named(c.Redact)
	if err != nil {
		return nil, err
	}
	f, err := c.folder(name(subject(r.targets, &c.Accounts)), p.sys.Now())
	if err != nil {
		return nil, err
	}
	if c.Update {
		c.renew(r, run)
	}
	r.place = func(account string) string { return f.snapshot(name(account), several) }
	if err := f.make(); err != nil {
		return nil, err
	}
	if c.Force {
		return f, nil
	}
	return f, untaken(r.targets, r.place, "another --report-dir, or --force", "--resume goes on with it; --force begins anew")
}

// untaken refuses to write snapshots over what is there: one that is whole, or one that
// was begun.
func untaken(targets []*target, place func(account string) string, whole, begun string) error {
	for _, t := range targets {
		path := place(t.ID)
		if err := vacant(path, false, whole); err != nil {
			return err
		}
		for _, end := range []string{partEnd, beforeEnd} {
			if _, err := os.Lstat(path + end); err == nil {
				return usage(path+" was begun already", "a scan is making it, or was killed while it did", begun)
			}
		}
	}
	return nil
}

func idsOf(targets []*target) (out []string) {
	for _, t := range targets {
		out = append(out, t.ID)
	}
	slices.Sort(out)
	return out
}

// subject is the folder that a run's results have in the folder of all.
func subject(targets []*target, a *Accounts) string {
	switch {
	case a.fleet():
		return "org"
	case len(targets) == 1:
		return targets[0].ID
	}
	return fmt.Sprintf("%d-accounts", len(targets))
}
