package cli

import (
	"context"
	"errors"

	"fob/internal/display"
	"fob/shell"
)

type useCmd struct {
	Name  string `arg:"" optional:"" name:"profile" help:"Profile to use; - is the one before. Without it: choose from a list."`
	Clear bool   `help:"Take the credentials out of this shell."`
	Yes   bool   `help:"Do not ask before a protected profile."`
	Renew bool   `hidden:"" help:"Renew what is in use; the shell's hook calls it."`
	Shell string `hidden:"" placeholder:"NAME" help:"Shell that evaluates the output; the shell's hook says it."`

	roleFlags
}

func (useCmd) Help() string {
	return `Puts the credentials of a profile into this shell, and renews them there while
nobody has to be asked. Needs the shell's hook: fob init. With fob_protect = true in
a profile's section fob asks before the profile is used.

Examples:
  fob use dev
  fob use              choose from a list; type to filter
  fob use -            back to the profile before
  fob use --clear`
}

// Validate refuses what contradicts itself. kong calls it.
func (c useCmd) Validate() error {
	alone := c.Name == "" && c.RoleARN == ""
	switch {
	case c.Clear && c.Renew:
		return errors.New("--clear and --renew cannot be used together")
	case c.Clear && !alone:
		return errors.New("--clear takes no profile and no role")
	case c.Renew && !alone:
		return errors.New("--renew takes no profile and no role")
	}
	return c.roleFlags.Validate()
}

func (c *useCmd) Run(ctx context.Context, a *app) error {
	if c.Shell == "" {
		return noHook(a, c.Name)
	}
	language, err := shell.Find(c.Shell)
	if err != nil {
		return &failure{code: exitUsage, what: err.Error(), why: "fob use is for bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh and cmd", next: "fob init --help", err: err}
	}
	switch {
	case c.Clear:
		return c.clear(a, language)
	case c.Renew:
		return c.renew(ctx, a, language)
	}
	if a.g.Profile, err = c.profile(ctx, a); err != nil {
		return err
	}
	return c.use(ctx, a, language)
}

// profile is the profile that is meant: named, the one before, or chosen now.
func (c *useCmd) profile(ctx context.Context, a *app) (name string, err error) {
	switch {
	case a.g.CSV != "":
		return "", &failure{code: exitUsage, what: "fob use is for profiles", why: "--csv-credentials names a key, which has no name for the prompt", next: "fob env --csv-credentials " + word(a.g.CSV)}
	case c.Name != "" && a.g.Profile != "" && c.Name != a.g.Profile:
		return "", &failure{code: exitUsage, what: "the profile is not clear", why: "-p names another one than the argument", next: "fob use " + word(c.Name)}
	case c.Name == "-":
		name, err = a.usedBefore()
	case c.Name != "":
		name = c.Name
	case a.g.Profile != "":
		name = a.g.Profile
	default:
		name, err = a.pick(ctx)
	}
	if err == nil && display.Text(name) != name {
		err = &failure{code: exitConfig, what: "profile " + display.Text(name) + " cannot be used in a shell", why: "its name has characters that a prompt must not show, or too many", next: "rename it in the AWS files; fob profiles"}
	}
	return name, err
}

func (a *app) usedBefore() (string, error) {
	if name := a.sys.Getenv(varPrevious); name != "" {
		return name, nil
	}
	return "", &failure{code: exitUsage, what: "there is no profile to go back to", why: "fob use has not left another profile in this shell", next: "fob use NAME"}
}

func (c *useCmd) use(ctx context.Context, a *app, language shell.Shell) error {
	a.login = true
	a.hideOwnRegion()
	plan, err := a.plan(c.roleFlags)
	if err != nil {
		return err
	}
	if err := a.guard(ctx, plan, c.Yes); err != nil {
		return err
	}
	plan, creds, err := (&loginCmd{}).credentials(ctx, a, c.roleFlags)
	if err != nil {
		return err
	}
	if err := safeForShell(plan, creds); err != nil {
		return err
	}
	if err := a.writeVars(language, a.useVars(plan, creds, c.roleFlags)); err != nil {
		return err
	}
	a.p.say(a.useLine(plan.Profile, creds))
	return nil
}

// clear keeps the way back: what was in use becomes what was before.
func (c *useCmd) clear(a *app, language shell.Shell) error {
	vars := unsetVars()
	name := a.previous("")
	if name != "" {
		vars = append(vars, shell.Var{Name: varPrevious, Value: name})
	}
	if err := a.writeVars(language, vars); err != nil {
		return err
	}
	if name != "" {
		a.p.say(display.Text(name) + ": no longer in this shell. Back to it: fob use -")
	}
	return nil
}

// writeVars prints what the hook evaluates, in one piece.
func (a *app) writeVars(language shell.Shell, vars []shell.Var) error {
	text, err := language.Export(vars)
	if err != nil {
		return &failure{code: exitConfig, what: "profile " + display.Text(a.g.Profile) + " cannot be used in " + language.Name(), why: err.Error(), next: "use a profile whose name is plain; fob profiles", err: err}
	}
	_, err = a.sys.Stdout.Write([]byte(text))
	return err
}
