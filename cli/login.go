package cli

import (
	"context"
	"fmt"
	"time"

	"fob/internal/display"
)

type loginCmd struct {
	Name  string `arg:"" optional:"" name:"profile" help:"Profile to log in to. Without it: as -p."`
	Force bool   `help:"Get a new session although a good one is kept."`
}

func (loginCmd) Help() string {
	return `Asks for the MFA code now, so that later calls need nobody.

Examples:
  fob login dev
  fob login dev --force`
}

func (c *loginCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	if c.Name != "" {
		a.g.Profile = c.Name
	}
	a.login = true
	if c.Force {
		a.notBefore = a.sys.Now()
	}
	plan, creds, err := a.credentials(ctx, roleFlags{})
	if err != nil {
		return err
	}
	name := plan.Profile
	if name == "" {
		name = plan.Chosen
	}
	until := "with no end: a long-lived key"
	if !creds.Expires.IsZero() {
		until = fmt.Sprintf("until %s (%s)", creds.Expires.UTC().Format("2006-01-02 15:04 MST"), short(creds.Left(a.sys.Now())))
	}
	a.p.say(fmt.Sprintf("%s: ready %s", display.Text(name), until))
	return nil
}

// short is a remaining time as people say it: 7h59m, 12m, 40s.
func short(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
