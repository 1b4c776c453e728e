package cli

import (
	"context"

	"fob/resolve"
)

type unwireCmd struct {
	Names  []string `arg:"" optional:"" name:"profile" help:"Profiles that SDKs are to resolve themselves again. Without one: as -p."`
	All    bool     `help:"Every profile that fob wire has changed."`
	DryRun bool     `name:"dry-run" help:"Change nothing; show on stdout what would change in the files."`
}

func (unwireCmd) Help() string {
	return `Undoes fob wire: the profile is what it was, byte for byte, but for what you have
changed in it since, which stays. A backup is left beside the file. A line
credential_process that fob wire did not write stays, too.

Examples:
  fob unwire dev
  fob unwire --all --dry-run
  fob unwire --all`
}

func (c *unwireCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	names, err := a.chosenProfiles(c.Names, c.All)
	if err != nil {
		return err
	}
	r := &rewire{a: a, command: "unwire", dryRun: c.DryRun}
	return r.locked(ctx, func() error {
		if c.All {
			names = a.files.Names()
		}
		if err := r.plan(names, c.All, a.unwire); err != nil {
			return err
		}
		if c.All {
			r.all = r.touched()
		}
		return r.run()
	})
}

// unwire is what is undone of a profile.
func (a *app) unwire(name string) (*rewiring, error) {
	edit, err := a.wireOf(name)
	if err != nil {
		return nil, err
	}
	if len(edit.Section.Headers) == 0 {
		if _, kept, err := a.storedKey(name); err != nil || !kept {
			return nil, &resolve.MissingProfileError{Profile: name, Hint: a.files.NotFoundHint(name)}
		}
	}
	did, err := edit.Undo()
	if err != nil {
		return nil, doubled(name, err)
	}
	r := &rewiring{name: name, edits: did}
	if v, own := edit.Section.Plain("credential_process"); !did.Changes() {
		r.left = "is not wired, nothing changed"
		if own && edit.Own(v.Text) {
			r.left = "nothing changed: fob wire did not write its credential_process, " + a.place(v.Position)
		}
	}
	return r, nil
}

// touched are the profiles that fob wire has changed.
func (r *rewire) touched() (some []*rewiring) {
	for _, p := range r.all {
		if p.edits.Changes() {
			some = append(some, p)
		}
	}
	return some
}
