package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

type wireCmd struct {
	Names  []string `arg:"" optional:"" name:"profile" help:"Profiles that SDKs are to ask fob for. Without one: as -p."`
	All    bool     `help:"Every profile that fob can get credentials for and that asks no program yet."`
	DryRun bool     `name:"dry-run" help:"Change nothing; show on stdout what would change in the files."`
	Path   string   `placeholder:"PROGRAM" help:"How the file calls fob: a whole path, or fob, which SDKs then look up in their PATH. Without it: the path of this fob."`
}

func (wireCmd) Help() string {
	return `Makes the AWS CLI and every AWS SDK ask fob for a profile: it gets
  credential_process = /path/to/fob process -p NAME
in ~/.aws/config, and the keys that SDKs would prefer (role_arn, source_profile,
mfa_serial, sso_…) go by a name that begins with fob_, where SDKs do not see them
and fob does. No other byte changes. A backup is left beside the file, and fob
unwire restores the profile byte for byte.

A profile with a key in clear is not wired: fob import takes the key out first. For
IAM Identity Center sign in with fob login instead of aws sso login. Doing it
again changes nothing, or points SDKs to the fob that is running, if it has moved.

Examples:
  fob wire dev ops --dry-run
  fob wire dev ops
  fob wire --all
  fob wire --all --path fob      for a file that machines share`
}

func (c *wireCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	names, err := a.chosenProfiles(c.Names, c.All)
	if err != nil {
		return err
	}
	r := &rewire{a: a, command: "wire", dryRun: c.DryRun}
	return r.locked(ctx, func() error {
		w, err := c.wirer(a)
		if err != nil {
			return err
		}
		if c.All {
			if names, err = a.profileNames(); err != nil {
				return err
			}
		}
		if err := r.plan(names, c.All, w.one); err != nil {
			return err
		}
		if err := r.run(); err != nil {
			return err
		}
		if !c.DryRun {
			w.advise(r.changed())
		}
		return nil
	})
}

// chosenProfiles are those of the command line; none with all.
func (a *app) chosenProfiles(names []string, all bool) ([]string, error) {
	if len(names) == 0 && a.g.Profile != "" {
		names = []string{a.g.Profile}
	}
	if all == (len(names) > 0) {
		return nil, &failure{code: exitUsage, what: a.command + " takes profiles, or --all", why: "which profiles are meant is not clear", next: "fob " + a.command + " --all --dry-run"}
	}
	return names, nil
}

// wirer makes what decides what is done to a profile.
func (c *wireCmd) wirer(a *app) (*wirer, error) {
	pl, err := a.planner()
	if err != nil {
		return nil, err
	}
	if pl.Stored, err = a.storedKeys(); err != nil {
		return nil, err
	}
	pl.SessionName = sync.OnceValue(a.sessionName)
	w := &wirer{a: a, pl: pl, all: c.All, given: c.Path != ""}
	if w.self, err = a.sys.Executable(); err != nil {
		return nil, err
	}
	w.program = a.ownPath(w.self)
	if w.given {
		w.program = c.Path
		if _, err := a.lookFob(c.Path); err != nil {
			return nil, &failure{code: exitUsage, what: fmt.Sprintf("SDKs cannot call fob as %q", c.Path), why: err.Error(), next: "fob wire --path " + word(w.self), err: err}
		}
	}
	if _, err := processLine(w.program, "default", a.sys.GOOS); err != nil {
		return nil, &failure{code: exitConfig, what: fmt.Sprintf("SDKs cannot call fob as %q", w.program), why: err.Error(), next: "put fob into a folder with a plain name, or: fob wire --path fob", err: err}
	}
	return w, nil
}

var errNotFob = errors.New("it is not fob")

// lookFob finds the program that a config file calls, which has to be fob.
func (a *app) lookFob(program string) (path string, err error) {
	path, err = lookPath(program, a.sys.Getenv)
	if err == nil && !a.isFob(path) {
		err = errNotFob
	}
	return path, err
}
