package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"fob/scan"
	"fob/scan/collect"
)

// docs/checks.md is what fob scan checks --format md prints.
//
//go:generate go test . -run TestChecksDocument|TestCompletionModel -update

// terms are what the texts of checks presuppose.
//
//go:embed terms.md
var terms string

// asMarkdown is the document of the catalogue, or one check alone.
func asMarkdown(b *strings.Builder, checks []scan.Check, entries []entry, one bool) error {
	actions, err := actionsOf(checks)
	if err != nil {
		return err
	}
	if one {
		for i, e := range entries {
			b.WriteString(strings.Repeat("\n", min(i, 1)))
			asSection(b, e, actions, "#")
		}
		return nil
	}
	services, manual := byService(entries), 0
	for _, e := range entries {
		if e.Manual {
			manual++
		}
	}
	fmt.Fprintf(b, "# What is checked\n\nThe %s of `fob scan`, and %s that a person must look at, as\n`fob scan checks --format md` prints them.\n\n%s\n## Contents\n\n", count(len(entries)-manual, "check"), count(manual, "control"), terms)
	for _, of := range services {
		var links []string
		for _, e := range of {
			links = append(links, fmt.Sprintf("[%s](#%[1]s)", e.ID))
		}
		fmt.Fprintf(b, "- [%s](#%[1]s): %s\n", of[0].Service, strings.Join(links, ", "))
	}
	for _, of := range services {
		fmt.Fprintf(b, "\n## %s\n", of[0].Service)
		for _, e := range of {
			b.WriteByte('\n')
			asSection(b, e, actions, "###")
		}
	}
	return nil
}

// byService are the entries of each service, by its name.
func byService(entries []entry) (out [][]entry) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.Service, b.Service) })
	for i, e := range entries {
		if i == 0 || e.Service != entries[i-1].Service {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], e)
	}
	return out
}

// actionsOf are the IAM actions that allow the operations of checks.
func actionsOf(checks []scan.Check) (map[string]string, error) {
	plan, err := collect.NewPlan(checks)
	if err != nil {
		return nil, err
	}
	actions := map[string]string{}
	for _, c := range plan.Calls() {
		actions[c.Operation] = c.Action
	}
	return actions, nil
}

// asSection is all about a check.
func asSection(b *strings.Builder, e entry, actions map[string]string, heading string) {
	fmt.Fprintf(b, "%s %s\n\n%s (%s; `%s`)\n\n", heading, e.ID, md(e.Title), e.rank(), strings.ReplaceAll(e.Type, ";", "`, `"))
	refs, old := references(e.Refs)
	for _, part := range []struct{ name, text string }{
		{"Why", md(e.Why)}, {"When it fails", md(e.Logic)}, {"What to do", md(e.Fix)},
		{"Params", md(strings.Join(e.settings(), ", "))}, {"Calls", calls(e.Calls, actions)}, {"References", refs}, {"ScoutSuite", old},
	} {
		if part.text != "" {
			fmt.Fprintf(b, "- **%s:** %s\n", part.name, part.text)
		}
	}
}

// calls are operations, with the action that allows each where it has another name.
func calls(ops []string, actions map[string]string) string {
	var out []string
	for _, op := range ops {
		s := "`" + op + "`"
		if a := actions[op]; a != "" && a != op {
			s += " (allowed by `" + strings.Join(strings.Fields(a), "`, `") + "`)"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// references are the numbers of controls, by framework, and the old ids.
func references(refs []string) (controls, old string) {
	numbers := map[string][]string{}
	for _, ref := range refs {
		framework, number, _ := strings.Cut(ref, ":")
		numbers[framework] = append(numbers[framework], number)
	}
	var out []string
	for _, framework := range scan.Frameworks() {
		switch list := numbers[framework]; {
		case framework == "scoutsuite" && len(list) > 0:
			old = "`" + strings.Join(list, "`, `") + "`"
		case len(list) > 0:
			out = append(out, strings.ToUpper(strings.Replace(framework, "-", " ", 1))+": "+strings.Join(list, ", "))
		}
	}
	return strings.Join(out, "; "), old
}

// md keeps text from being taken for marks.
func md(s string) string {
	return strings.NewReplacer("*", `\*`, "<", "&lt;", "[", `\[`, "`", "\\`").Replace(s)
}
