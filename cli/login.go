package cli

import (
	"context"
	"fmt"
	"time"

	"fob/internal/display"
	"fob/resolve"
)

type loginCmd struct {
	Name   string `arg:"" optional:"" name:"profile" help:"Profile to log in to. Without it: as -p."`
	Force  bool   `help:"Get a new session although a good one is kept."`
	Device bool   `help:"IAM Identity Center: show a code to approve in a browser on any machine."`
}

func (loginCmd) Help() string {
	return `Asks for the MFA code now, so that later calls need nobody. For a profile of IAM
Identity Center (SSO) it opens the sign-in page in the browser; one sign-in serves
every profile of its sso-session.

Examples:
  fob login dev
  fob login dev --force
  fob login sso-dev --device`
}

func (c *loginCmd) Run(ctx context.Context, a *app) error {
	if c.Name != "" {
		a.g.Profile = c.Name
	}
	a.login = true
	if c.Force {
		a.notBefore = a.sys.Now()
	}
	plan, creds, err := c.credentials(ctx, a, roleFlags{})
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

// credentials signs in first, where the profile begins with IAM Identity Center.
func (c *loginCmd) credentials(ctx context.Context, a *app, role roleFlags) (*resolve.Plan, resolve.Credentials, error) {
	limited := func() (*resolve.Plan, resolve.Credentials, error) {
		ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
		defer cancel()
		return a.credentials(ctx, role)
	}
	plan, err := a.plan(role)
	if err != nil {
		return nil, resolve.Credentials{}, err
	}
	step, ok := ssoBase(plan)
	switch {
	case !ok && c.Device:
		return nil, resolve.Credentials{}, &failure{code: exitUsage, what: "--device is for profiles of IAM Identity Center", why: "this one begins with: " + plan.Steps[0].String(), next: a.loginCommand(a.g.Profile)}
	case !ok:
		return limited()
	}
	in := &signIn{a: a, step: step, device: c.Device}
	if err := in.ensure(ctx, c.Force); err != nil {
		return nil, resolve.Credentials{}, err
	}
	plan, creds, err := limited()
	if needsSignIn(err) && !in.asked { // AWS ended the sign-in before its time
		if err := in.ask(ctx); err != nil {
			return nil, resolve.Credentials{}, err
		}
		return limited()
	}
	return plan, creds, err
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
