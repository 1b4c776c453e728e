package cli

import (
	"fmt"
	"time"

	"fob/internal/display"
	"fob/resolve"
)

// visit is what is settled before anybody is asked or called.
type visit struct {
	plan    *resolve.Plan // as the files have it
	way     resolve.ConsoleWay
	takes   bool // AWS may take a session length
	console resolve.Console
	page    string
	fed     resolve.Federation
	browser browserChoice // none for --url
}

func (c *consoleCmd) visit(a *app) (*visit, error) {
	if err := c.check(a); err != nil {
		return nil, err
	}
	pl, err := a.planner()
	if err != nil {
		return nil, err
	}
	v := &visit{}
	if v.plan, err = a.plan(c.roleFlags); err != nil {
		return nil, err
	}
	if v.console, err = pl.Console(v.plan, c.Logout); err != nil {
		return nil, err
	}
	if v.page, err = c.page(v.console); err != nil {
		return nil, err
	}
	if v.fed, err = pl.Federation(c.ConsolePolicy, c.ConsolePolicyARNs, c.Length); err != nil {
		return nil, err
	}
	_, v.way, v.takes = v.plan.ForConsole(c.Length)
	if v.way == resolve.ByRole && c.limits() {
		return nil, &failure{code: exitUsage, what: "--console-policy and --console-policy-arn are for a user's key", why: "this profile ends in: " + v.plan.Steps[len(v.plan.Steps)-1].String(), next: "leave them out; a role of --role-arn takes --policy and --policy-arn"}
	}
	if !c.URL {
		v.browser, err = c.browsers(a, v.plan)
	}
	return v, err
}

// limits says whether policies for a federated user were given.
func (c *consoleCmd) limits() bool { return c.ConsolePolicy != "" || len(c.ConsolePolicyARNs) > 0 }

// name is the profile as a person knows it.
func (v *visit) name() string {
	if v.plan.Profile == "" {
		return display.Text(v.plan.Chosen)
	}
	return display.Text(v.plan.Profile)
}

// signedIn says where one is now, and until when.
func (v *visit) signedIn(a *app, account string, ends time.Time) string {
	text := v.name() + ": console"
	if account != "" {
		text += " of account " + account
	}
	text += " in " + v.console.Region
	if !ends.IsZero() {
		text += fmt.Sprintf(", until %s (%s)", ends.UTC().Format("2006-01-02 15:04 MST"), short(ends.Sub(a.sys.Now())))
	}
	return text
}
