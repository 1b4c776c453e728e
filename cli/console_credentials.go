package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"fob/resolve"
)

// credentials are those that go into the console, and the length that is asked for.
func (c *consoleCmd) credentials(ctx context.Context, a *app, v *visit) (resolve.Credentials, time.Duration, error) {
	plan, creds, err := a.credentialsOf(ctx, func() (*resolve.Plan, error) {
		plan, err := a.plan(c.roleFlags)
		if err == nil {
			plan, _, _ = plan.ForConsole(c.Length)
		}
		return plan, err
	})
	if err != nil {
		return creds, 0, err
	}
	r, err := a.resolver()
	if err != nil {
		return creds, 0, err
	}
	if v.way == resolve.ByIdentity {
		if v.way, err = r.ConsoleWay(ctx, v.plan.Service, creds); err != nil {
			return creds, 0, err
		}
	}
	if v.way == resolve.ByRole {
		creds = r.Renewed(ctx, plan, creds)
	}
	switch {
	case v.way == resolve.ByFederation:
		c.explainFederation(a, v)
		creds, err = r.Federate(ctx, v.plan.Service, v.fed, creds)
		return creds, 0, a.adviseFederation(err)
	case c.limits():
		return creds, 0, &failure{code: exitUsage, what: "--console-policy and --console-policy-arn are for a user's key", why: "these credentials are a role's", next: "leave them out"}
	case c.Length > 0 && !v.takes:
		a.p.warn("AWS takes no session length for a role that was taken from another session; the console session lasts as long as the role's")
		return creds, 0, nil
	}
	return creds, c.Length, nil
}

// explainFederation says what a user's key becomes, before AWS is asked.
func (c *consoleCmd) explainFederation(a *app, v *visit) {
	say := func(text string) { a.p.say(v.name() + ": " + text) }
	say("a user's key does not sign in to the console, so AWS makes it a federated user (GetFederationToken)")
	if c.limits() {
		say("it may do what both the user and your policy allow" + v.fed.Session.String())
	} else {
		say("its policy allows all that the user may do: " + resolve.AllowAll + " (less: --console-policy, --console-policy-arn)")
	}
	say("it carries no MFA: what your policies allow only with MFA is refused; a role does better")
}

// signInFailure tells the console's refusal from one of the credentials.
func (a *app) signInFailure(err error) error {
	var f *failure
	if advised := a.advise(err); errors.As(advised, &f) {
		f.what = strings.Replace(f.what, "cannot get credentials for", "cannot open the console of", 1)
		return f
	}
	return err
}

// adviseFederation words what AWS says of GetFederationToken.
func (a *app) adviseFederation(err error) error {
	var e *resolve.AWSError
	if !errors.As(err, &e) || e.Cause != resolve.Denied {
		return err
	}
	return &failure{code: exitAWS, what: a.what() + ": the user may not have a console session", why: err.Error(), next: "allow the user sts:GetFederationToken, or use a profile with a role: fob profiles", err: err}
}
