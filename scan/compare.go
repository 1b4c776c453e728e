package scan

import (
	"cmp"
	"maps"
	"slices"
)

// What a comparison says of a finding: the values of [Finding.Diff]. What neither
// fails nor failed has none.
const (
	DiffNew     = "new"     // it fails, and did not
	DiffFixed   = "fixed"   // it failed, and passes now or its resource is gone
	DiffChanged = "changed" // it fails as before, with another severity or message
	DiffSame    = "same"    // it fails as before
	DiffUnseen  = "unseen"  // it failed, and could not be read this time: that is not fixed
)

// Comparison holds a scan against an earlier one. Keep every finding of the earlier
// one, Mark every finding of this one, and ask for the Rest. Suppressed or not makes no
// difference: an exception mends nothing.
type Comparison struct {
	failed map[string]*Finding // of the earlier scan, by id
	seen   map[string]bool
	lists  map[place]*ReadError // lists that were not read this time
}

// place is where a check asks.
type place struct{ check, account, region string }

// Keep takes a finding of the earlier scan.
func (c *Comparison) Keep(f *Finding) {
	if c.failed == nil {
		c.failed, c.seen, c.lists = map[string]*Finding{}, map[string]bool{}, map[place]*ReadError{}
	}
	if f.Status == StatusFail {
		c.failed[f.ID] = f
	}
}

// Mark says of a finding of this scan how it compares.
func (c *Comparison) Mark(f *Finding) {
	before := c.failed[f.ID]
	if before != nil {
		c.seen[f.ID] = true
	}
	switch {
	case f.Status == StatusFail && before == nil:
		f.Diff = DiffNew
	case f.Status == StatusFail && (before.Severity != f.Severity || before.Message != f.Message):
		f.Diff = DiffChanged
	case f.Status == StatusFail:
		f.Diff = DiffSame
	case f.Status == StatusUnknown:
		if before != nil {
			f.Diff = DiffUnseen
		}
		if f.Resource.Name == "*" && c.lists != nil {
			c.lists[place{f.Check, f.Account.ID, f.Region}] = first(f.Unread)
		}
	case before != nil:
		f.Diff = DiffFixed
	}
}

// Rest returns the earlier failures that this scan has no finding for, sorted as
// findings are. Where everything was read, their resources are gone, which is fixed;
// where not, they are unseen.
func (c *Comparison) Rest(now *Summary) (out []Finding) {
	for _, id := range slices.Sorted(maps.Keys(c.failed)) {
		if c.seen[id] {
			continue
		}
		f := *c.failed[id]
		f.Evidence, f.Exception, f.Observed = []Evidence{}, nil, now.At
		if err := c.unread(&f, now); err != nil {
			f.Diff, f.Status, f.Unread = DiffUnseen, StatusUnknown, []*ReadError{err}
			f.Message = "not seen this time: " + unseen(err)
		} else {
			f.Diff, f.Status, f.Unread = DiffFixed, StatusNotApplicable, []*ReadError{}
			f.Message = "the resource is no longer there"
		}
		out = append(out, f)
	}
	slices.SortFunc(out, CompareFindings)
	return out
}

// ThisScan stands for an operation where it is the scan as a whole that says nothing.
const ThisScan = "scan"

// unseen words why.
func unseen(err *ReadError) string {
	switch {
	case err.Op != ThisScan:
		return err.Error()
	case err.Why == Cancelled:
		return "its account was not read to the end"
	case err.Region != "":
		return "its region was not read"
	}
	return "its account or its check was not asked for"
}

// unread says why this scan cannot know of an earlier failure; nil if it can.
func (c *Comparison) unread(f *Finding, now *Summary) *ReadError {
	i := slices.IndexFunc(now.Accounts, func(a AccountSummary) bool { return a.ID == f.Account.ID })
	switch {
	case i < 0, !slices.ContainsFunc(now.Checks, func(x CheckInfo) bool { return x.ID == f.Check }):
		return &ReadError{Op: ThisScan, Why: NotPlanned}
	case f.Region != Global && !slices.Contains(now.Accounts[i].Regions, f.Region):
		return &ReadError{Op: ThisScan, Region: f.Region, Why: NotPlanned}
	case now.Accounts[i].Problem != "":
		return &ReadError{Op: ThisScan, Why: Cancelled}
	}
	for _, region := range []string{f.Region, Global} {
		if err := c.lists[place{f.Check, f.Account.ID, region}]; err != nil {
			return err
		}
	}
	return nil
}

func first(errs []*ReadError) *ReadError {
	if len(errs) == 0 {
		return &ReadError{Why: Failed}
	}
	return errs[0]
}

// CompareFindings orders findings by account, region, service, check and resource.
func CompareFindings(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Account.ID, b.Account.ID), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Check, b.Check), cmp.Compare(a.Resource.ARN, b.Resource.ARN), cmp.Compare(a.ID, b.ID))
}
