package cli

import (
	"fmt"
	"slices"
	"strings"

	"fob/internal/display"
)

// diagnosis is what fob doctor answers, as JSON has it.
type diagnosis struct {
	Findings []finding `json:"findings"`
	Summary  summary   `json:"summary"`

	checks []check
}

type summary struct {
	NeedsCare  bool `json:"needs_care"` // there are errors or warnings
	Errors     int  `json:"errors"`
	Warnings   int  `json:"warnings"`
	Notes      int  `json:"notes"`
	NotChecked int  `json:"not_checked"`
	Checks     int  `json:"checks"`
	Profiles   int  `json:"profiles"`
}

func (r *diagnosis) add(f finding) {
	r.Findings = append(r.Findings, f)
	s := &r.Summary
	switch f.Severity {
	case sevError:
		s.Errors++
	case sevWarn:
		s.Warnings++
	case sevNote:
		s.Notes++
	case sevNotChecked:
		s.NotChecked++
	}
	s.NeedsCare = s.Errors+s.Warnings > 0
}

// mostShown is how many findings of one check the text shows: the rest is more
// of the same.
const mostShown = 10

// text is the diagnosis for a person: a heading for each group, and a last line that
// sums up.
func (r diagnosis) text(a *app) string {
	byGroup := map[string][]finding{}
	for _, f := range r.Findings {
		byGroup[f.group] = append(byGroup[f.group], f)
	}
	var b strings.Builder
	var shown []string
	for _, c := range r.checks {
		if slices.Contains(shown, c.group) {
			continue
		}
		shown = append(shown, c.group)
		b.WriteString(c.group + "\n")
		writeGroup(&b, a, byGroup[c.group])
		b.WriteString("\n")
	}
	return b.String() + r.Summary.text() + "\n"
}

func writeGroup(b *strings.Builder, a *app, all []finding) {
	if len(all) == 0 {
		b.WriteString("  ok\n")
	}
	shown := map[string]int{}
	total := map[string]int{}
	for _, f := range all {
		total[f.ID]++
	}
	for _, f := range all {
		shown[f.ID]++
		switch n := shown[f.ID]; {
		case n <= mostShown:
			f.write(b, a)
		case n == mostShown+1:
			fmt.Fprintf(b, "  and %d more of %s; all of them: fob doctor --format json\n", total[f.ID]-mostShown, f.ID)
		}
	}
}

func (f finding) write(b *strings.Builder, a *app) {
	where := f.where(a)
	if where != "" {
		where += ": "
	}
	label := strings.ReplaceAll(string(f.Severity), "_", " ")
	fmt.Fprintf(b, "  %-11s  %s%s\n", label, where, display.Line(f.Fact))
	if f.Next != "" {
		fmt.Fprintf(b, "  %-11s  next: %s\n", "", display.Line(f.Next))
	}
}

func (f finding) where(a *app) string {
	var parts []string
	if f.File != "" {
		place := a.home(f.File)
		if f.Line > 0 {
			place += fmt.Sprintf(" line %d", f.Line)
		}
		parts = append(parts, place)
	}
	if f.Profile != "" {
		parts = append(parts, "profile "+display.Text(f.Profile))
	}
	return strings.Join(parts, ", ")
}

func (s summary) text() string {
	said := "nothing needs care"
	if s.NeedsCare {
		said = counted(s.Errors, "error") + ", " + counted(s.Warnings, "warning")
	}
	if s.NotChecked > 0 {
		said += fmt.Sprintf(", %d not checked", s.NotChecked)
	}
	return fmt.Sprintf("%s (%s, %s)", said, counted(s.Checks, "check"), counted(s.Profiles, "profile"))
}

func counted(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}
