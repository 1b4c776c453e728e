package cli

import (
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
	return `Forgets the sessions of a profile, the MFA session that it shares with others
included. Stored keys stay.

Examples:
  fob logout dev
  fob logout --all`
}

func (c *logoutCmd) Run(a *app) error {
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
		n, err := s.RemoveAll()
		if err != nil {
			return err
		}
		a.p.say(fmt.Sprintf("forgot %d sessions", n))
		return nil
	}
	return c.one(a, s)
}

func (c *logoutCmd) one(a *app, s *keychain.Sessions) error {
	plan, err := a.plan(roleFlags{})
	if err != nil {
		return err
	}
	n, err := forget(s, plan)
	if err != nil {
		return err
	}
	a.p.say(fmt.Sprintf("%s: forgot %d sessions", display.Text(a.g.Profile), n))
	return nil
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
