package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"fob/scan"
)

// Limits of the Markdown report, which has to fit a comment on a pull request.
const (
	markdownSize = 60_000
	markdownTop  = 30 // failures that are shown one by one
	markdownGaps = 20
)

// writeMarkdown writes a summary for people: what fails, the worst of it, and what was
// not checked.
func writeMarkdown(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	var b strings.Builder
	s := r.Summary
	fmt.Fprintf(&b, "# AWS account audit\n\n")
	for _, a := range s.Accounts {
		fmt.Fprintf(&b, "Account **%s**: regions %d, resources %d, calls %d, read %s\n\n", mdAccount(a.AccountRef), len(a.Regions), a.Resources, a.Calls, a.At.Format("2006-01-02 15:04 UTC"))
		if a.Problem != "" {
			fmt.Fprintf(&b, "> **Not read to its end:** %s\n\n", md(a.Problem))
		}
	}
	if !s.Complete {
		fmt.Fprintf(&b, "> **Incomplete:** not everything could be read; see *Not checked*.\n\n")
	}
	mdCounts(&b, s)
	if err := mdWorst(&b, r); err != nil {
		return err
	}
	mdExceptions(&b, s)
	mdGaps(&b, s)
	_, err = io.WriteString(w, cut(b.String(), markdownSize))
	return err
}

func mdAccount(a scan.AccountRef) string {
	if a.Name == "" {
		return a.ID
	}
	return a.ID + " (" + md(a.Name) + ")"
}

func mdCounts(b *strings.Builder, s *scan.Summary) {
	b.WriteString("| severity | FAIL | UNKNOWN | suppressed | PASS |\n|---|---:|---:|---:|---:|\n")
	for _, severity := range worstFirst() {
		n := s.Counts[severity.String()]
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", severity, n[string(scan.StatusFail)], n[string(scan.StatusUnknown)], n[scan.Suppressed], n[string(scan.StatusPass)])
	}
	b.WriteString("\n")
}

func mdWorst(b *strings.Builder, r *Result) error {
	var worst []*scan.Finding
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		if f.Status != scan.StatusFail || f.Exception != nil {
			continue
		}
		worst = append(worst, f)
		if len(worst) >= 2*markdownTop {
			worst = keepWorst(worst)
		}
	}
	if worst = keepWorst(worst); len(worst) == 0 {
		return nil
	}
	b.WriteString("## Findings\n\n| severity | check | resource | what |\n|---|---|---|---|\n")
	for _, f := range worst {
		fmt.Fprintf(b, "| %s | `%s` | %s | %s |\n", f.Severity, f.Check, mdCode(cmp.Or(f.Resource.ARN, f.Resource.Name)), md(cut(f.Message, 300)))
	}
	if more := r.Summary.Count(string(scan.StatusFail), scan.Info) - len(worst); more > 0 {
		fmt.Fprintf(b, "\nand %d more.\n", more)
	}
	b.WriteString("\n")
	return nil
}

func keepWorst(all []*scan.Finding) []*scan.Finding {
	slices.SortStableFunc(all, func(a, b *scan.Finding) int { return int(b.Severity) - int(a.Severity) })
	return all[:min(len(all), markdownTop)]
}

func mdExceptions(b *strings.Builder, s *scan.Summary) {
	if len(s.Exceptions) == 0 {
		return
	}
	b.WriteString("## Exceptions\n\n| where | state | failures | ends | owner | reason |\n|---|---|---:|---|---|---|\n")
	for i, e := range s.Exceptions {
		if i == markdownGaps {
			fmt.Fprintf(b, "\nand %d more.\n", len(s.Exceptions)-i)
			break
		}
		fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %s |\n", mdCode(e.Name), e.State, e.Count, md(e.Expires), md(cut(e.Owner, 100)), md(cut(e.Reason, 200)))
	}
	b.WriteString("\n")
}

// mdGaps lists what was not read. What no call of this account could have told is left out:
// it makes nothing incomplete.
func mdGaps(b *strings.Builder, s *scan.Summary) {
	gaps := slices.DeleteFunc(slices.Clone(s.Gaps), func(g scan.Gap) bool { return g.Why == scan.Context })
	if len(gaps) == 0 {
		return
	}
	b.WriteString("## Not checked\n\n| call | why | where | verdicts | checks |\n|---|---|---|---:|---|\n")
	for i, g := range gaps {
		if i == markdownGaps {
			fmt.Fprintf(b, "\nand %d more.\n", len(gaps)-i)
			break
		}
		why := string(g.Why)
		switch {
		case g.By != "":
			why += " by " + g.By
		case g.Why == scan.Failed && g.Code != "":
			why += ": " + cut(g.Code, 100)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s %s | %d | %s |\n", g.Op, md(why), g.Account, g.Region, g.Count, md(cut(strings.Join(g.Checks, ", "), 200)))
	}
}

// md makes foreign text a cell's text, whatever is in it.
func md(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]()#+!|~>@", r):
			b.WriteString("\\" + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mdCode shows foreign text as code; what would end the code or the cell is left out.
func mdCode(s string) string {
	return "`" + strings.Map(func(r rune) rune {
		if r == '`' || r == '|' || r < ' ' {
			return '_'
		}
		return r
	}, s) + "`"
}

func worstFirst() []scan.Severity {
	return []scan.Severity{scan.Critical, scan.High, scan.Medium, scan.Low, scan.Info}
}
