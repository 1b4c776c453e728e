package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fob/internal/display"
	"fob/scan"
	"fob/scan/audit"
	"fob/scan/report"
)

// writeText is the summary that ends a run on the terminal. file is where the rest is,
// "" for nowhere. width is the terminal's, 0 for none.
func writeText(out io.Writer, r *report.Result, file string, width int) error {
	t := &tops{}
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		t.add(f)
	}
	var b strings.Builder
	writeAccounts(&b, r.Summary)
	writeCounts(&b, r.Summary, t, width)
	writeDiff(&b, t)
	writeExceptions(&b, r.Summary)
	writeGaps(&b, r.Summary)
	text := folded(b.String(), width, 0)
	if file != "" {
		text += fmt.Sprintf("Report: %s\n", display.Line(file)) // in one piece, to be copied
	}
	_, err := io.WriteString(out, text)
	return err
}

const (
	mostLines = 20 // of accounts
	mostGaps  = 10 // of what was not checked
	narrow    = 60 // columns, fewer than which the table is of numbers alone
)

func writeAccounts(b *strings.Builder, s *scan.Summary) {
	for i, a := range s.Accounts {
		if i == mostLines && len(s.Accounts) > mostLines+1 {
			fmt.Fprintf(b, "… and %d more accounts\n", len(s.Accounts)-i)
			break
		}
		name := cmp.Or(display.Text(a.ID), "of "+display.Text(a.Name))
		if a.ID != "" && a.Name != "" {
			name += " (" + display.Text(a.Name) + ")"
		}
		read := "not read"
		if a.Calls > 0 || len(a.Regions) > 0 || a.Problem == "" {
			read = strings.Join([]string{count(len(a.Regions), "region"), count(a.Resources, "resource"), count(a.Calls, "call"), seconds(a.Seconds)}, "   ")
		}
		fmt.Fprintf(b, "Account %s   %s\n", name, read)
		if a.Kept > 0 {
			fmt.Fprintf(b, "  Kept: %s, the oldest of %s\n", count(a.Kept, "resource"), a.KeptFrom.UTC().Format("2006-01-02 15:04 UTC"))
		}
		if a.Problem != "" {
			fmt.Fprintf(b, "  Not complete: %s\n", display.Line(a.Problem))
		}
	}
	if missing := audit.Missing(s); len(missing) > 0 {
		fmt.Fprintf(b, "Expected and not there: %s\n", display.Line(short(missing, 10)))
	}
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return thousands(n) + " " + what
}

func seconds(s float64) string {
	switch {
	case s >= 90:
		return fmt.Sprintf("%d min %d s", int(s)/60, int(s)%60)
	case s >= 10:
		return fmt.Sprintf("%.0f s", s)
	}
	return fmt.Sprintf("%.1f s", s)
}

// thousands writes 1204 as 1,204.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func writeCounts(b *strings.Builder, s *scan.Summary, t *tops, width int) {
	ids := 0 // the width of their column
	for severity := range t.fails {
		ids = max(ids, utf8.RuneCountInString(t.worst(severity)))
	}
	row := func(severity, fail, unknown, suppressed, worst string) {
		line := fmt.Sprintf("%-10s %6s %8s %11s     %s", severity, fail, unknown, suppressed, worst)
		if width > 0 && width < narrow {
			line = fmt.Sprintf("%-8s %6s %8s %11s", severity, fail, unknown, suppressed)
		}
		b.WriteString(clipped(strings.TrimRight(line, " "), width) + "\n")
	}
	row("SEVERITY", "FAIL", "UNKNOWN", "SUPPRESSED", "WORST")
	for severity := scan.Critical; severity >= scan.Info; severity-- {
		n := s.Counts[severity.String()]
		row(severity.String(), thousands(n[string(scan.StatusFail)]), thousands(n[string(scan.StatusUnknown)]), thousands(n[scan.Suppressed]), t.row(severity, ids))
	}
	manual := 0
	for _, n := range s.Counts {
		manual += n[string(scan.StatusManual)]
	}
	if manual > 0 {
		fmt.Fprintf(b, "A person must look: %s, MANUAL in the report\n", count(manual, "control"))
	}
}

// tops remembers which checks fail most.
type tops struct {
	fails map[scan.Severity]map[string]*top
	diff  map[string]int
}

type top struct {
	count int
	names []string // of the first resources
	arn   string
}

func (t *tops) add(f *scan.Finding) {
	if f.Diff != "" {
		if t.diff == nil {
			t.diff = map[string]int{}
		}
		t.diff[f.Diff]++
	}
	if f.Status != scan.StatusFail || f.Exception != nil {
		return
	}
	if t.fails == nil {
		t.fails = map[scan.Severity]map[string]*top{}
	}
	if t.fails[f.Severity] == nil {
		t.fails[f.Severity] = map[string]*top{}
	}
	x := t.fails[f.Severity][f.Check]
	if x == nil {
		x = &top{arn: cmp.Or(f.Resource.ARN, f.Resource.Name)}
		t.fails[f.Severity][f.Check] = x
	}
	name := display.Text(cmp.Or(f.Resource.Name, f.Resource.ARN))
	if x.count++; len(x.names) < 2 && !slices.Contains(x.names, name) {
		x.names = append(x.names, name)
	}
}

// worst is the check that fails most.
func (t *tops) worst(s scan.Severity) (best string) {
	for _, id := range slices.Sorted(maps.Keys(t.fails[s])) {
		if best == "" || t.fails[s][id].count > t.fails[s][best].count {
			best = id
		}
	}
	return best
}

// row is the check that fails most, in a column of that width, and where it does.
func (t *tops) row(s scan.Severity, width int) string {
	best := t.worst(s)
	if best == "" {
		return ""
	}
	x := t.fails[s][best]
	where := strings.Join(x.names, ", ")
	if x.count == 1 {
		where = display.Text(x.arn)
	} else if more := x.count - len(x.names); more > 0 {
		where += fmt.Sprintf(" (+%d)", more)
	}
	return fmt.Sprintf("%-*s  %s", width, display.Text(best), where)
}

func writeDiff(b *strings.Builder, t *tops) {
	if t.diff == nil {
		return
	}
	var parts []string
	for _, what := range []string{scan.DiffNew, scan.DiffChanged, scan.DiffFixed, scan.DiffSame, scan.DiffUnseen} {
		word := what
		if what == scan.DiffSame {
			word = "still there"
		}
		parts = append(parts, thousands(t.diff[what])+" "+word)
	}
	fmt.Fprintf(b, "Compared: %s\n", strings.Join(parts, ", "))
}

// writeExceptions says which exceptions want a hand: those that end soon, that have ended
// over failures, and that cover nothing.
func writeExceptions(b *strings.Builder, s *scan.Summary) {
	for _, x := range []struct{ state, says string }{
		{"expired", "have expired"}, {"expiring", "expire within 14 days"}, {"unused", "cover nothing"},
	} {
		var names []string
		for _, e := range s.Exceptions {
			if e.State != x.state {
				continue
			}
			name := display.Text(e.Name)
			if e.Expires != "" && e.State != "unused" {
				name += " (" + display.Text(e.Expires) + ", " + count(e.Count, "failure") + ")"
			}
			names = append(names, name)
		}
		if len(names) > 0 {
			fmt.Fprintf(b, "Exceptions that %s: %s\n", x.says, short(names, 10))
		}
	}
}

// writeGaps says what was not read, a line for each part.
func writeGaps(b *strings.Builder, s *scan.Summary) {
	parts := unreadParts(s.Gaps)
	disabled := map[string]bool{}
	for _, a := range s.Accounts {
		for _, r := range a.Blocked {
			parts = append(parts, r+" (region did not answer)")
		}
		for _, r := range a.Disabled {
			disabled[r] = true
		}
	}
	if len(disabled) > 0 {
		parts = append(parts, short(slices.Sorted(maps.Keys(disabled)), 4)+" (region disabled)")
	}
	if more := len(parts) - mostGaps; more > 1 {
		parts = append(parts[:mostGaps], fmt.Sprintf("and %d more", more))
	}
	label := "Not checked:"
	for _, part := range parts {
		fmt.Fprintf(b, "%-12s %s\n", label, display.Line(part))
		label = ""
	}
}

// unreadParts are the gaps, what most hangs on first: one for each call and reason, or for
// the reason alone where it is the run's own.
func unreadParts(gaps []scan.Gap) (parts []string) {
	type gap struct{ what, reason string }
	type sum struct {
		n             int
		checks, calls map[string]bool
	}
	found := map[gap]*sum{}
	for _, g := range gaps {
		if g.Why == scan.Context {
			continue
		}
		call := cmp.Or(g.Action, g.Op)
		if g.Op == scan.ThisScan {
			call = ""
		}
		k := gap{call, reason(g)}
		if g.Why == scan.Cancelled || g.Why == scan.Budget {
			k.what = ""
		}
		if found[k] == nil {
			found[k] = &sum{checks: map[string]bool{}, calls: map[string]bool{}}
		}
		found[k].n += g.Count
		found[k].calls[call] = true
		for _, c := range g.Checks {
			found[k].checks[c] = true
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(found), func(a, b gap) int {
		return cmp.Or(cmp.Compare(found[b].n, found[a].n), cmp.Compare(a.what, b.what), cmp.Compare(a.reason, b.reason))
	}) {
		checks, calls := slices.Sorted(maps.Keys(found[k].checks)), slices.Sorted(maps.Keys(found[k].calls))
		which, what := short(checks, 3), calls[0]
		if len(calls) > 1 {
			which, what = count(len(checks), "check"), count(len(calls), "operation")
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", which, strings.TrimSpace(what+" "+k.reason)))
	}
	return parts
}

// reason is why, and by whom.
func reason(g scan.Gap) string {
	words := map[scan.Why]string{
		scan.Denied: "denied", scan.Throttled: "throttled", scan.Failed: "failed", scan.Blocked: "not asked: the region did not answer",
		scan.Budget: "not called: --max-calls", scan.Cancelled: "not called: stopped", scan.Internal: "a fault of fob-scan", scan.Disabled: "region disabled",
		scan.NotPlanned: "not asked for",
	}[g.Why]
	words = cmp.Or(words, string(g.Why))
	switch {
	case g.By == "scp" || g.By == "rcp":
		words += " by " + strings.ToUpper(g.By)
	case g.By != "":
		words += " by " + g.By
	case g.Why == scan.Failed && g.Code != "":
		words += ": " + g.Code
	}
	return words
}

// short is the beginning of a list.
func short(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s (+%d)", strings.Join(list[:most], ", "), len(list)-most)
}
