package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"fob/cli"
	"fob/scan"
	"fob/scan/audit"
	"fob/scan/collect"
)

// accountsAtOnce are read at a time: limits are AWS's and per account.
const accountsAtOnce = 20

// reader reads accounts into snapshots.
type reader struct {
	p         *program
	collector *collect.Collector
	targets   []*target
	checks    []string // ids, as the snapshots say what they are for
	// place is where the snapshot of an account goes.
	place func(account string) string
	// earlier opens the snapshot that is gone on from; nil, or a nil file, begins anew.
	earlier func(account string) (*os.File, error)
	// sealed is where snapshots are until they are redacted; nil puts them in their place.
	sealed *sealed
	update bool // earlier is whole, and parts of it are read again
	// whole says that there is nothing left to read of an account; nil is never.
	whole func(account string) bool
	// checksOf are checks in the place of checks, where accounts differ.
	checksOf func(account string) []string
	// each is called for every snapshot that is whole; nil is for nothing.
	each func(t *target, s audit.Snapshot) error

	mu   sync.Mutex
	lost []scan.AccountSummary // accounts that there are no credentials for
}

// reader finds the accounts, and makes what reads them for a selection of checks.
func (p *program) reader(ctx context.Context, a *Accounts, how *Reading, chosen *chosen, redact bool) (*reader, error) {
	plan, err := collect.NewPlan(chosen.checks)
	if err != nil {
		return nil, err
	}
	r := &reader{p: p, collector: how.collector(p, plan, scanID()), checks: ids(chosen.checks)}
	if r.targets, r.lost, err = p.targets(ctx, a); err == nil && redact {
		r.sealed, err = p.sealed()
	}
	return r, err
}

// all reads accounts in parallel. Every account ends in a snapshot, however it ended; an
// error is one that cannot be written.
func (r *reader) all(ctx context.Context) ([]audit.Snapshot, error) {
	done := r.p.watch(r.collector, len(r.targets))
	defer done()
	slots := make(chan struct{}, accountsAtOnce)
	errs := make([]error, len(r.targets))
	var all sync.WaitGroup
	for i, t := range r.targets {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			defer fault(&errs[i])
			if errs[i] = r.enter(ctx, t); t.access != nil && errs[i] == nil {
				errs[i] = r.one(ctx, t)
			}
			if t.access != nil && errs[i] == nil && r.each != nil {
				errs[i] = r.each(t, r.snapshot(t))
			}
		})
	}
	all.Wait()
	var out []audit.Snapshot
	for _, t := range r.targets {
		if t.access != nil {
			out = append(out, r.snapshot(t))
		}
	}
	return out, errors.Join(errs...)
}

// path is where the snapshot of an account is written.
func (r *reader) path(account string) string {
	if r.sealed != nil {
		return r.sealed.path(r.place(account))
	}
	return r.place(account)
}

// snapshot is what was read of an account.
func (r *reader) snapshot(t *target) audit.Snapshot {
	if r.sealed != nil {
		return r.sealed.snapshot(r.place(t.ID))
	}
	return audit.File(r.place(t.ID))
}

// enter gets the credentials of an account of a list. Without them it is lost, and does
// not stop the others.
func (r *reader) enter(ctx context.Context, t *target) error {
	if t.access != nil {
		return nil
	}
	access, err := r.p.door().Open(ctx, t.want)
	if err == nil {
		err = t.enter(access)
	}
	if err == nil {
		return nil
	}
	a := scan.AccountSummary{AccountRef: scan.AccountRef{ID: t.ID, Name: t.Name}, Partition: t.Partition, Regions: []string{}, Problem: problem(err), Exit: statusOf(err)}
	if ctx.Err() != nil {
		a.Problem, a.Exit = "it was stopped", cli.ExitCancelled
	} else {
		r.p.door().Fail(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost = append(r.lost, a)
	return nil
}

// one reads an account into its snapshot. It stands beside its place, where --resume
// finds it, until reading is over.
func (r *reader) one(ctx context.Context, t *target) error {
	path := r.path(t.ID)
	if r.whole != nil && r.whole(t.ID) {
		return nil
	}
	before, err := r.before(t.ID)
	if err != nil {
		return err
	}
	out, err := create(path)
	if err != nil {
		return err
	}
	to := io.Writer(out)
	if r.sealed != nil {
		if to, err = r.sealed.writer(out); err != nil {
			_ = out.Close()
			return noPlace(path, err)
		}
	}
	failed := r.collect(ctx, t, before, to)
	if err := unwritten(out, path, failed); err != nil {
		_ = out.Close() // what is there can be gone on from
		return err
	}
	if failed != nil && notTaken(failed) {
		failed = cli.Failure(cli.ExitUsage, "the earlier snapshot cannot be gone on from", failed.Error(), "the same flags as then, or without --resume and --update", failed)
	}
	if failed != nil && statusOf(failed) == cli.ExitUsage {
		_ = out.Close()
		_ = os.Remove(out.Name())
		return failed
	}
	if err := r.ending(ctx, t, failed).Write(to); err != nil {
		_ = out.Close()
		return noPlace(path, err)
	}
	if err := commit(out, path); err != nil {
		return err
	}
	_ = os.Remove(path + beforeEnd)
	return nil
}

// ending is what a snapshot says at its end, of an account that was not read any further
// because of an error, too.
func (r *reader) ending(ctx context.Context, t *target, failed error) *audit.Note {
	note := &audit.Note{A: t.ID}
	switch {
	case failed == nil:
	case ctx.Err() != nil:
		note.Problem, note.Exit = "it was stopped", cli.ExitCancelled
	default:
		note.Problem, note.Exit = problem(failed), statusOf(failed)
		r.p.tell(t, failed)
	}
	return note
}

// tell says on stderr why an account is not read any further.
func (p *program) tell(t *target, err error) {
	if _, _, _, _, ok := cli.Failed(err); !ok {
		err = cli.Failure(statusOf(err), "account "+t.ID+" cannot be read", err.Error(), "fob scan iam-policy prints what has to be allowed", err)
	}
	p.door().Fail(err)
}

// notTaken says that the collector did not take an earlier snapshot, and read nothing.
func notTaken(err error) bool {
	for _, no := range []error{collect.ErrOtherPlan, collect.ErrOtherVersion, collect.ErrOtherAccount, collect.ErrUnfinished} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// collect runs the collector, and returns why it stopped before its end.
func (r *reader) collect(ctx context.Context, t *target, before *os.File, out io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	start := audit.Note{A: t.ID, Name: t.Name, Checks: r.checks, Regions: r.collector.Only, Members: t.members}
	if r.checksOf != nil {
		start.Checks = r.checksOf(t.ID)
	}
	if err := start.Write(out); err != nil {
		return err
	}
	a := t.account(func(err error) { stop(err) })
	err := r.run(ctx, a, before, out)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	if failed, ok := errors.AsType[*collect.FaultError](err); ok {
		return internalFault(failed.Kind, err)
	}
	if err != nil && strings.Contains(err.Error(), "no region of that name") {
		return usage("--regions names a region that is not there", err.Error(), "fob scan without --regions reads every enabled one")
	}
	return err
}

// run goes on from an earlier snapshot where there is one.
func (r *reader) run(ctx context.Context, a collect.Account, before *os.File, out io.Writer) error {
	if before == nil {
		return r.collector.Run(ctx, a, out)
	}
	defer func() { _ = before.Close() }()
	if r.update {
		return r.collector.Update(ctx, a, before, out)
	}
	return r.collector.Resume(ctx, a, before, out)
}

// before is the snapshot to go on from, nil for none.
func (r *reader) before(account string) (*os.File, error) {
	if r.earlier == nil {
		return nil, nil
	}
	return r.earlier(account)
}

// scanID names a run.
func scanID() string { return strings.ToLower(rand.Text()) }
