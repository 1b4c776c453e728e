package cli

import (
	"context"
	"fmt"

	"fob/internal/display"
	"fob/keychain"
	"fob/resolve"
)

type logoutCmd struct {
	Name string `arg:"" optional:"" name:"profile" help:"Profile whose sessions are forgotten."`
	All  bool   `help:"Forget the sessions of every profile."`
}

func (logoutCmd) Help() string {
	return `Forgets the sessions of a profile, the MFA session and the sign-in to IAM Identity
Center that it shares with others included; the sign-in is ended at AWS, too.
Stored keys stay.

Examples:
  fob logout dev
  fob logout --all`
}

func (c *logoutCmd) Run(ctx context.Context, a *app) error {
	if c.Name != "" {
		a.g.Profile = c.Name
	}
	if c.All == (a.g.Profile != "") {
		return &failure{code: exitUsage, what: "logout takes a profile, or --all", why: "it got both or neither", next: "fob logout --all"}
	}
	dir, err := a.dir(false)
	if err != nil {
		return err
	}
	if dir == nil {
		a.p.say("no sessions were kept")
		return nil
	}
	folder, err := a.subdir("sessions")
	if err != nil {
		return err
	}
	s := &keychain.Sessions{Dir: folder}
	if c.All {
		a.signOutAll(ctx)
		n, err := s.RemoveAll()
		if err != nil {
			return err
		}
		a.p.say(fmt.Sprintf("forgot %d sessions", n))
		return nil
	}
	return c.one(ctx, a, s)
}

func (c *logoutCmd) one(ctx context.Context, a *app, s *keychain.Sessions) error {
	plan, err := a.plan(roleFlags{})
	if err != nil {
		return err
	}
	if err := a.signOut(ctx, plan); err != nil {
		return err
	}
	signedIn, err := forgetSignIn(s, plan)
	if err != nil {
		return err
	}
	n, err := forget(s, plan)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s: forgot %d sessions", display.Text(a.g.Profile), n)
	if signedIn {
		text += " and the sign-in"
	}
	a.p.say(text)
	return nil
}

// signOutAll ends the sign-ins of every profile at AWS. Files that cannot be read
// keep nobody from forgetting what is kept.
func (a *app) signOutAll(ctx context.Context) {
	names, err := a.profileNames()
	if err != nil {
		return
	}
	pl, err := a.planner()
	if err != nil {
		return
	}
	var plans []*resolve.Plan
	for _, n := range names {
		if plan, err := pl.Plan(resolve.Request{Profile: n}); err == nil {
			plans = append(plans, plan)
		}
	}
	if err := a.signOut(ctx, plans...); err != nil {
		a.p.warn(err.Error())
	}
}

// forget removes every kept session of a plan and says how many there were.
func forget(s *keychain.Sessions, plan *resolve.Plan) (int, error) {
	n := 0
	for _, k := range plan.Keys() {
		if _, _, ok := s.Peek(keychain.CacheKey(k)); !ok {
			continue
		}
		if err := s.Remove(keychain.CacheKey(k)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
