package audit

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"time"

	"fob/scan"
)

// Options say how snapshots are judged.
type Options struct {
	// Checks are asked; with AsRead those of them alone that the account was read for,
	// custom ones aside.
	Checks []scan.Check
	AsRead bool
	// Judge has the parameters of checks and the accounts that are trusted.
	Judge scan.Options
	Tool  string
	Now   time.Time // instead of when a snapshot was taken

	// Except marks findings that are suppressed, and Uses says in the end what became of
	// each exception; nil is for none.
	Except func(*scan.Finding)
	Uses   func() []scan.ExceptionUse

	Expected []string              // accounts that the run was to cover
	Lost     []scan.AccountSummary // accounts of which nothing was read
	Warnings []string
}

// Judge judges snapshots and writes a findings file: findings, sorted; exposures; and
// the summary, which it returns, too. One account is in memory at a time. Of two
// snapshots of an account the newer counts.
func Judge(out io.Writer, snapshots []Snapshot, o Options) (*scan.Summary, error) {
	j := &judge{Options: o, out: newLines(out), checks: map[string]scan.CheckInfo{}}
	j.sum = &scan.Summary{Tool: o.Tool, Complete: true, Expected: o.Expected, Accounts: slices.Clone(o.Lost), Warnings: o.Warnings}
	if err := j.outline(snapshots); err != nil {
		return nil, err
	}
	for _, p := range j.parts {
		if err := j.part(p); err != nil {
			return nil, err
		}
		runtime.GC() // or the next account would be read while this one still lies about
	}
	return j.sum, j.finish()
}

type judge struct {
	Options
	out   *lines
	sum   *scan.Summary
	parts []part

	tally     scan.Tally
	checks    map[string]scan.CheckInfo
	exposures []scan.Exposure
	group     []scan.Finding // of one check in one region, not written yet
}

// part is an account to judge.
type part struct {
	Outline
	from Snapshot
}

// outline finds out which accounts there are, and what they tell each other.
func (j *judge) outline(snapshots []Snapshot) error {
	newest := map[string]part{}
	for _, s := range snapshots {
		all, err := s.Outlines()
		if err != nil {
			return err
		}
		for _, o := range all {
			before, there := newest[o.Facts.Account]
			if there {
				j.sum.Warnings = append(j.sum.Warnings, fmt.Sprintf("account %s is in %s and in %s: the newer counts", o.Facts.Account, before.from.Name, s.Name))
			}
			if !there || o.Facts.Now.After(before.Facts.Now) {
				newest[o.Facts.Account] = part{o, s}
			}
		}
	}
	var facts []*scan.Facts
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		j.parts = append(j.parts, newest[id])
		facts = append(facts, newest[id].Facts)
		if f := newest[id].Facts; j.sum.Scan == "" || f.Now.After(j.sum.At) {
			j.sum.Scan, j.sum.At = f.Scan, f.Now
		}
		j.sum.Redacted = j.sum.Redacted || newest[id].Facts.Redacted
	}
	if j.sum.Redacted {
		j.sum.Warnings = append(j.sum.Warnings, redactedBefore)
	}
	scan.ShareAnalyzers(facts)
	scan.ShareAddresses(facts)
	if !j.Now.IsZero() {
		j.sum.At = j.Now
	}
	j.sum.At = j.sum.At.UTC()
	return nil
}

// redactedBefore is what whoever judges a redacted snapshot should know: a check may pass
// that would fail in clear.
const redactedBefore = "a snapshot is redacted: a pattern over names, as role/deploy-*, matches none of them any more, and checks that go by one may say otherwise than in clear"

func (j *judge) part(p part) error {
	checks := j.asked(p.Note)
	all, err := p.from.load(raw(checks))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(f *scan.Facts) bool { return f.Account == p.Facts.Account })
	f := all[i]
	f.Name, f.Analyzers, f.Neighbours = p.Name, p.Facts.Analyzers, p.Facts.Neighbours
	if !j.Now.IsZero() {
		f.Now = j.Now
	}
	o := j.Judge
	o.Scan, o.Trusted = f.Scan, slices.Concat(o.Trusted, p.Members, j.members(p.Facts))
	for i := range checks {
		info := checks[i].Info()
		info.Custom = checks[i].Custom()
		j.checks[info.ID] = info
	}
	incomplete := false
	scan.Judge(f, checks, o, func(x scan.Finding) {
		for _, e := range x.Unread {
			incomplete = incomplete || e.Why.Incomplete()
		}
		if err == nil {
			err = j.add(x)
		}
	})
	if err == nil {
		err = j.flush()
	}
	j.exposures = append(j.exposures, scan.Surface(f, o.Trusted...)...)
	j.sum.Warnings = append(j.sum.Warnings, aboutRegions(f, p.Regions)...)
	j.sum.Accounts = append(j.sum.Accounts, summarize(f, p, incomplete, !j.AsRead))
	return err
}

// raw are the types that custom checks ask about.
func raw(checks []scan.Check) (types []string) {
	for i := range checks {
		if checks[i].Custom() {
			types = append(types, checks[i].Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// members are the accounts of an account's organization, as far as another account of
// the run was told of them.
func (j *judge) members(f *scan.Facts) (out []string) {
	own := account(f)
	if own == nil || !own.Organization.Present() {
		return nil
	}
	for _, p := range j.parts {
		other := account(p.Facts)
		if other == nil || !other.Organization.Present() || other.Organization.V.ID != own.Organization.V.ID {
			continue
		}
		for _, m := range other.OrganizationAccounts.V {
			out = append(out, m.ID)
		}
	}
	return out
}

func account(f *scan.Facts) *scan.Account { return scan.Find[scan.Account](f, f.Account) }

// asked are the checks for an account.
func (j *judge) asked(n Note) []scan.Check {
	if !j.AsRead || n.Checks == nil {
		return j.Checks
	}
	return slices.DeleteFunc(slices.Clone(j.Checks), func(c scan.Check) bool {
		return !c.Custom() && !slices.Contains(n.Checks, c.ID)
	})
}

// aboutRegions says which regions that were asked for by name are none of the account's,
// and that its regions are not known for sure.
func aboutRegions(f *scan.Facts, asked []string) (warnings []string) {
	for _, region := range asked {
		if slices.Contains(f.Disabled, region) {
			warnings = append(warnings, fmt.Sprintf("account %s has not enabled the region %s: there is nothing to read", f.Account, region))
		}
	}
	if !f.Guessed.IsZero() {
		warnings = append(warnings, fmt.Sprintf("account %s does not let its regions be listed (ec2:DescribeRegions, account:ListRegions): those known on %s were tried, newer ones are not checked", f.Account, f.Guessed.Format(time.DateOnly)))
	}
	return warnings
}

// summarize says what became of an account. What was selected decides whether it is
// complete: by what was not read for its verdicts, and, where all that was read for is
// judged, by what the snapshot says.
func summarize(f *scan.Facts, p part, incomplete, chosen bool) scan.AccountSummary {
	a := scan.AccountSummary{
		AccountRef: scan.AccountRef{ID: f.Account, Name: f.Name}, Partition: f.Partition, At: f.Now.UTC(),
		Problem: p.Problem, Exit: p.Exit,
		Regions: orNone(f.Regions), Excluded: f.Excluded, Disabled: f.Disabled, Blocked: f.Blocked, Guessed: f.Guessed,
		Resources: f.Resources, Calls: f.Calls,
		Kept: f.Kept, KeptFrom: f.KeptFrom.UTC(),
	}
	if !f.Until.IsZero() && f.Until.After(p.Facts.Now) {
		a.Seconds = f.Until.Sub(p.Facts.Now).Round(time.Second / 10).Seconds()
	}
	if a.Problem == "" && p.Unfinished {
		a.Problem, a.Exit = "it was not read to its end", ExitIncomplete
	}
	a.Complete = a.Problem == "" && !incomplete && f.Guessed.IsZero() && (chosen || f.Complete)
	if !a.Complete && a.Exit == 0 {
		a.Exit = ExitIncomplete
	}
	return a
}

// add takes a finding in the order that scan.Judge has.
func (j *judge) add(f scan.Finding) error {
	if n := len(j.group); n > 0 && !sameGroup(&j.group[0], &f) {
		if err := j.flush(); err != nil {
			return err
		}
	}
	if j.Except != nil {
		j.Except(&f)
	}
	j.group = append(j.group, f)
	return nil
}

func sameGroup(a, b *scan.Finding) bool {
	return a.Check == b.Check && a.Region == b.Region && a.Account.ID == b.Account.ID
}

// flush writes the group, sorted to the end.
func (j *judge) flush() error {
	slices.SortFunc(j.group, scan.CompareFindings)
	for i := range j.group {
		f := &j.group[i]
		j.tally.Add(f)
		if err := j.out.finding(f); err != nil {
			return err
		}
	}
	clear(j.group) // what findings hold goes with the account
	j.group = j.group[:0]
	return nil
}

// finish writes what comes after the findings.
func (j *judge) finish() error {
	slices.SortFunc(j.sum.Accounts, func(a, b scan.AccountSummary) int { return cmp.Compare(a.ID, b.ID) })
	for _, id := range slices.Sorted(maps.Keys(j.checks)) {
		j.sum.Checks = append(j.sum.Checks, j.checks[id])
	}
	for i := range j.exposures {
		if err := j.out.exposure(&j.exposures[i]); err != nil {
			return err
		}
	}
	if j.Uses != nil {
		j.sum.Exceptions = j.Uses()
	}
	j.tally.Into(j.sum)
	settle(j.sum)
	return j.out.end(j.sum)
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
