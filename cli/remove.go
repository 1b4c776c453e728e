package cli

import (
	"context"
	"fmt"

	"fob/internal/display"
	"fob/resolve"
)

type removeCmd struct {
	Name  string `arg:"" name:"profile" predictor:"stored" help:"Profile whose stored key is deleted."`
	Force bool   `help:"Do not ask."`
}

func (removeCmd) Help() string {
	return `Deletes a stored key and the sessions made from it. The key goes on working at
AWS until it is deactivated there.

Example:
  fob remove dev`
}

func (c *removeCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	keys, err := a.keys()
	if err != nil {
		return err
	}
	old, listed, err := keys.Index.Lookup(c.Name)
	if err != nil {
		return err
	}
	if keys.Store == nil {
		return c.nothing()
	}
	// What the index does not list may still lie in the store, if adding it was cut short.
	if listed {
		if err := c.confirmed(ctx, a, old.AccessKeyID); err != nil {
			return err
		}
	}
	sessions := c.sessions(a)
	had, err := keys.Remove(ctx, c.Name)
	if err != nil {
		return fmt.Errorf("remove the key of %q: %w", c.Name, err)
	}
	if !had {
		return c.nothing()
	}
	if err := sessions(); err != nil {
		return err
	}
	a.p.say(fmt.Sprintf("%s: removed %s from the %s; it works at AWS until it is deactivated there", display.Text(c.Name), old.AccessKeyID, keys.Store.Name()))
	return nil
}

func (c *removeCmd) nothing() error {
	return &failure{code: exitConfig, what: fmt.Sprintf("no key is stored for %q", c.Name), why: "it is not in the keychain", next: "fob profiles"}
}

func (c *removeCmd) confirmed(ctx context.Context, a *app, id string) error {
	if c.Force {
		return nil
	}
	yes, err := a.confirm(ctx, fmt.Sprintf("Delete the stored key %s of %s? There is no way back.", id, display.Text(c.Name)))
	if nobody(err) {
		return &failure{code: exitPerson, what: fmt.Sprintf("deleting the key of %q needs a yes", c.Name), why: err.Error(), next: "fob remove " + word(c.Name) + " --force", err: err}
	}
	if err == nil && !yes {
		err = resolve.ErrCancelled
	}
	return err
}

// sessions returns what forgets the sessions of the profile: planned while the
// key is still there.
func (c *removeCmd) sessions(a *app) func() error {
	a.g.Profile = c.Name
	plan, err := a.plan(roleFlags{})
	s, serr := a.sessions()
	return func() error {
		if err != nil || serr != nil || s == nil {
			return nil
		}
		_, err := forget(s, plan)
		return err
	}
}
