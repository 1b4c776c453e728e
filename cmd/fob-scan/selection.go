package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fob/cli"
	"fob/scan"
	"fob/scan/rules"
)

// Selection are the flags that choose checks.
type Selection struct {
	Services     []string `group:"what" placeholder:"NAME" predictor:"service" help:"Checks of these services alone."`
	Skip         []string `group:"what" placeholder:"NAME" predictor:"service" help:"No checks of these services."`
	ListServices bool     `group:"what" name:"list-services" help:"List the services and end."`
	Checks       []string `group:"what" placeholder:"ID" predictor:"check" help:"These checks alone: ids, globs, or ids of ScoutSuite."`
	Framework    []string `group:"what" placeholder:"NAME" predictor:"framework" help:"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all."`
	Severity     string   `group:"what" placeholder:"LEVEL" predictor:"severity" help:"Checks that can find this severity or a worse one: info, low, medium, high, critical."`

	Config     string   `group:"what" placeholder:"FILE" help:"Parameters, own rules, checks that are on or off, trusted accounts."`
	Exceptions []string `group:"what" sep:"none" placeholder:"FILE" help:"What is known and accepted; may be repeated."`
	IPRanges   []string `group:"what" name:"ip-ranges" sep:"none" placeholder:"FILE" help:"Names of address ranges; may be repeated."`
	NameKey    string   `group:"what" name:"ip-ranges-name-key" placeholder:"KEY" help:"Key of the name in these files (name)."`
}

// chosen is what flags and configuration make of the catalogue.
type chosen struct {
	all      []scan.Check // the catalogue, with rules of one's own
	checks   []scan.Check // those that are asked
	pool     []scan.Check // those that can be: all that the configuration does not turn off
	explicit bool         // flags choose, not the default

	options scan.Options
	except  func(*scan.Finding)
	uses    func() []scan.ExceptionUse
	at      func(time.Time) // sets the time by which exceptions end
}

// choose reads the configuration and selects. Errors come before the first call.
func (s *Selection) choose() (*chosen, error) {
	c := &chosen{}
	sel, err := s.configured(c)
	if err != nil {
		return nil, err
	}
	if c.pool, err = (scan.Selection{Frameworks: []string{"all"}, Disable: sel.Disable}).Of(c.all); err != nil {
		return nil, unknownName(err)
	}
	sel.Checks, sel.Frameworks, sel.Services, sel.Skip = s.Checks, s.Framework, s.Services, s.Skip
	if s.Severity != "" {
		if sel.Severity, err = scan.ParseSeverity(s.Severity); err != nil {
			return nil, usage("--severity is not understood", err.Error(), "--severity high")
		}
	}
	c.explicit = len(s.Checks)+len(s.Framework)+len(s.Services)+len(s.Skip) > 0 || s.Severity != ""
	if c.checks, err = sel.Of(c.all); err != nil {
		return nil, unknownName(err)
	}
	if len(c.checks) == 0 {
		return nil, usage("no check is left", "the flags and the configuration leave out every one", "fob scan checks")
	}
	return c, nil
}

// configured is where --config, --exceptions and --ip-ranges come in: what they say goes
// into c, and into the selection that the flags then narrow.
func (s *Selection) configured(c *chosen) (scan.Selection, error) {
	set, err := rules.Load(rules.Files{Config: s.Config, Exceptions: s.Exceptions, Ranges: s.IPRanges, NameKey: s.NameKey, Read: readFile})
	if err != nil {
		return scan.Selection{}, configError(err)
	}
	var sel scan.Selection
	set.Select(&sel)
	set.Options(&c.options)
	c.all, c.except, c.uses = set.Catalogue(), set.Except, set.Uses
	c.at = func(now time.Time) { set.Now = now }
	return sel, nil
}

// configError is a file that cannot be used: found before anything is called.
func configError(err error) error {
	why, next := err.Error(), "correct the line"
	e, ok := errors.AsType[*rules.Error](err)
	switch {
	case !ok: // it could not be read
		next = "name another file"
	case e.Fix != "":
		why, next = strings.TrimSuffix(why, "; "+e.Fix), e.Fix
	case e.Line == 0:
		next = "name another file, or correct it"
	}
	return cli.Failure(cli.ExitConfig, "the configuration cannot be used", why, next, err)
}

func unknownName(err error) error {
	var u *scan.UnknownNameError
	if !errors.As(err, &u) {
		return err
	}
	next := map[string]string{"check": "fob scan checks", "service": "fob scan --list-services", "framework": "--framework " + strings.Join(scan.Frameworks(), ", ") + " or all"}[u.What]
	if len(u.Near) > 0 {
		next = "did you mean " + strings.Join(u.Near, ", ") + "? All: " + next
	}
	return cli.Failure(cli.ExitUsage, u.Error(), "a name that matches nothing would turn a check off in silence", next, err)
}

// listServices prints the services with the number of their checks.
func listServices(p *program) error {
	counts := map[string]int{}
	for _, c := range scan.Checks() {
		if !c.Manual {
			counts[c.Service]++
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%-20s %10s\n", name, count(counts[name], "check"))
	}
	_, err := p.sys.Stdout.Write([]byte(b.String()))
	return err
}

func ids(checks []scan.Check) (out []string) {
	for _, c := range checks {
		out = append(out, c.ID)
	}
	slices.Sort(out)
	return out
}
