package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"fob/scan"
)

type checksCmd struct {
	ID     string `arg:"" optional:"" name:"id" predictor:"check" help:"Id of a check, ours or ScoutSuite's."`
	Format string `enum:"text,json,yaml,md" default:"text" help:"text, json, yaml (a configuration file to edit) or md."`
	Selection
}

func (checksCmd) Help() string {
	return `Lists what is checked, or says all about one check: why, when it fails, what it reads,
which calls that takes, what to do.

Examples:
  fob scan checks
  fob scan checks s3-bucket-versioning
  fob scan checks --framework cis-3.0 --format md
  fob scan checks --format yaml > fob-scan.yaml`
}

// entry is a check as json shows it.
type entry struct {
	scan.CheckInfo
	Worst  scan.Severity `json:"worst,omitempty"`  // as [scan.Check.Worst]
	Off    bool          `json:"off,omitempty"`    // not asked unless it is named
	Manual bool          `json:"manual,omitempty"` // a person must look
	Needs  []string      `json:"needs"`
	Reads  []string      `json:"reads"`
	Calls  []string      `json:"calls"`

	Params   map[string]scan.ParameterType `json:"params,omitempty"`   // what a configuration may set, and what it takes
	Defaults map[string]string             `json:"defaults,omitempty"` // and what it is where none does

	params []scan.Parameter
}

// setParams fills in the settings of the check.
func (e *entry) setParams() {
	e.Params, e.Defaults = map[string]scan.ParameterType{}, map[string]string{}
	for _, p := range scan.Parameters() {
		if p.Check == e.ID {
			e.Params[p.Name], e.Defaults[p.Name] = p.Takes, p.Normal
			e.params = append(e.params, p)
		}
	}
}

func (c *checksCmd) Run(p *program) error {
	if c.ListServices {
		return listServices(p)
	}
	shown, err := c.shown()
	if err != nil {
		return err
	}
	entries := entriesOf(shown)
	var b strings.Builder
	switch {
	case c.Format == "json":
		raw, err := json.MarshalIndent(entries, "", "  ")
		if err != nil {
			return err
		}
		b.Write(append(raw, '\n'))
	case c.Format == "yaml":
		asConfig(&b, entries, c.ID != "")
	case c.Format == "md":
		if err := asMarkdown(&b, shown, entries, c.ID != ""); err != nil {
			return err
		}
	case c.ID != "":
		for _, e := range entries {
			asText(&b, e, p.width)
		}
	default:
		for _, e := range entries {
			b.WriteString(beside(fmt.Sprintf("%-8s  %-42s ", e.Severity, e.ID), e.Title, p.width))
		}
	}
	_, err = p.sys.Stdout.Write([]byte(b.String()))
	return err
}

// rank is the severity, the worst that there may be, and when the check is asked.
func (e *entry) rank() string {
	switch {
	case e.Manual:
		return e.Severity.String() + ", for a person, with its framework alone"
	case e.Off:
		return e.Severity.String() + ", off by default"
	case e.Worst > 0:
		return e.Severity.String() + ", " + e.Worst.String() + " at worst"
	}
	return e.Severity.String()
}

func entriesOf(checks []scan.Check) (entries []entry) {
	for i := range checks {
		c := &checks[i]
		e := entry{CheckInfo: c.Info(), Worst: c.Worst, Off: c.Off, Manual: c.Manual, Needs: orEmpty(c.Needs), Reads: orEmpty(c.Reads), Calls: orEmpty(c.Operations())}
		e.setParams()
		entries = append(entries, e)
	}
	return entries
}

// shown are the checks that are wanted: those that are off by default, too.
func (c *checksCmd) shown() ([]scan.Check, error) {
	if c.ID != "" {
		if len(c.Checks) > 0 {
			return nil, usage("it is not clear which checks to show", "an id stands alone, and so does --checks", "fob scan checks "+c.ID)
		}
		c.Checks = []string{c.ID}
	}
	chosen, err := c.choose()
	if err != nil {
		return nil, err
	}
	if !chosen.explicit {
		return chosen.pool, nil
	}
	return chosen.checks, nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// settings are the check's params, each with what it takes and what it is by default.
func (e *entry) settings() (out []string) {
	for _, p := range e.params {
		out = append(out, fmt.Sprintf("%s (%s; %s by default)", p.Name, p.Takes, cmp.Or(p.Normal, "none")))
	}
	return out
}

// asText is all about a check, for a terminal of that width; 0 for none.
func asText(out *strings.Builder, e entry, width int) {
	b := new(strings.Builder)
	fmt.Fprintf(b, "%s: %s\n  severity   %s\n  service    %s\n  judges     %s\n", e.ID, e.Title, e.rank(), e.Service, e.Type)
	for _, part := range []struct {
		name string
		list []string
	}{{"needs", e.Needs}, {"reads", e.Reads}, {"calls", e.Calls}, {"references", e.Refs}, {"params", e.settings()}} {
		if len(part.list) > 0 {
			fmt.Fprintf(b, "  %-10s %s\n", part.name, strings.Join(part.list, ", "))
		}
	}
	for _, part := range []struct{ name, text string }{{"why", e.Why}, {"fails when", e.Logic}, {"what to do", e.Fix}} {
		if part.text != "" {
			fmt.Fprintf(b, "  %-10s %s\n", part.name, part.text)
		}
	}
	out.WriteString(folded(b.String(), width, len("  what to do ")))
}

// asConfig is a configuration file with every check in it, as a comment. Of one alone it
// says more.
func asConfig(b *strings.Builder, entries []entry, one bool) {
	b.WriteString("# For fob scan --config. Take the # from what is to count, and from the key above it.\n")
	for _, part := range []struct {
		key, says string
		off       bool
	}{{"disable", "not asked any more", false}, {"enable", "asked, too", true}} {
		fmt.Fprintf(b, "\n#%s: # %s\n", part.key, part.says)
		service := ""
		for _, e := range entries {
			if e.Off != part.off {
				continue
			}
			if e.Service != service {
				service = e.Service
				fmt.Fprintf(b, "  # %s\n", service)
			}
			fmt.Fprintf(b, "#  - %-42s # %s: %s\n", e.ID, e.Severity, e.Title)
			if one {
				fmt.Fprintf(b, "#    # why: %s\n#    # fails when: %s\n#    # what to do: %s\n", e.Why, cmp.Or(e.Logic, "its rule says so"), e.Fix)
			}
		}
	}
	b.WriteString("\n#params: # as they are by default\n")
	for _, e := range entries {
		var values []string
		for _, p := range e.params {
			value := p.Normal
			if p.Takes != scan.TakesNumber {
				value = "[" + value + "]"
			}
			values = append(values, p.Name+": "+value)
		}
		if len(values) > 0 {
			fmt.Fprintf(b, "#  %s: {%s}\n", e.ID, strings.Join(values, ", "))
		}
	}
	b.WriteString("\n#trusted_accounts: # foreign accounts that policies may name\n#  - \"210987654321\"\n")
}
