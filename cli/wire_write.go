package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fob/internal/awsedit"
	"fob/internal/awsfile"
)

// rewiring is what happens to one profile.
type rewiring struct {
	name  string
	edits awsedit.Wiring
	left  string // why it stays as it is, "" when it does not or nothing has to be done
}

// rewire wires profiles, or unwires them.
type rewire struct {
	a       *app
	command string // wire or unwire
	dryRun  bool
	all     []*rewiring
}

// locked reads and edits the AWS files while no other fob edits them.
func (r *rewire) locked(ctx context.Context, do func() error) error {
	if !r.dryRun {
		release, err := r.a.lock(ctx, "aws-files")
		if err != nil {
			return err
		}
		defer release()
	}
	files, err := r.a.awsFiles()
	if err != nil {
		return err
	}
	switch p := files.Paths(); {
	case p.Config.Name == "":
		return &failure{code: exitConfig, what: "there is no place for the AWS config file", why: "HOME is not set", next: "export HOME=/your/home"}
	case p.Config.Name == p.Credentials.Name:
		return &failure{code: exitConfig, what: "the AWS config file and the credentials file are the same", why: fmt.Sprintf("%s and %s both name %q", awsfile.ConfigVariable, awsfile.CredentialsVariable, p.Config.Name), next: "unset " + awsfile.ConfigVariable}
	}
	return do()
}

// plan works out what happens to each profile. One that was named and cannot be
// done is an error; with all it is left out, and told.
func (r *rewire) plan(names []string, all bool, one func(string) (*rewiring, error)) error {
	if all {
		if err := r.a.files.Missing(); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		did, err := one(name)
		var f *failure
		switch {
		case err == nil:
			r.all = append(r.all, did)
		case all && errors.As(err, &f):
			r.all = append(r.all, &rewiring{name: name, left: fmt.Sprintf("left out: %s (%s)", f.why, f.next)})
		default:
			return err
		}
	}
	return nil
}

// changed are the profiles that something happens to.
func (r *rewire) changed() (names []string) {
	for _, p := range r.all {
		if p.edits.Changes() {
			names = append(names, p.name)
		}
	}
	return names
}

// run shows or makes the changes.
func (r *rewire) run() error {
	pending, err := r.pending()
	if err != nil {
		return err
	}
	var changes []*awsedit.Change
	if !r.dryRun {
		if changes, err = r.write(pending); err != nil {
			return err
		}
	}
	for _, p := range r.all {
		r.tell(p)
	}
	if len(r.all) == 0 {
		r.a.p.say("there is no profile to " + r.command)
	}
	if r.dryRun {
		_, err := r.a.sys.Stdout.Write([]byte(strings.Join(diffLines(pending), "")))
		return err
	}
	r.report(changes)
	return nil
}

// pending sorts the edits by file and tries them out. What SDKs go by in between is
// what they go by without fob: credential_process is there before the last key is
// put aside, and goes after the first one is back.
func (r *rewire) pending() ([]*pendingEdit, error) {
	paths := r.a.files.Paths()
	config := &pendingEdit{file: &awsedit.File{Path: paths.Config.Name, Place: awsedit.Config, Now: r.a.sys.Now}}
	credentials := &pendingEdit{file: &awsedit.File{Path: paths.Credentials.Name, Place: awsedit.Credentials, Now: r.a.sys.Now}}
	for _, p := range r.all {
		if !p.edits.Config.IsZero() {
			config.edits = append(config.edits, p.edits.Config)
		}
		if !p.edits.Credentials.IsZero() {
			credentials.edits = append(credentials.edits, p.edits.Credentials)
		}
	}
	order := []*pendingEdit{config, credentials}
	if r.command == "unwire" {
		order = []*pendingEdit{credentials, config}
	}
	var some []*pendingEdit
	for _, p := range order {
		if len(p.edits) == 0 {
			continue
		}
		var err error
		if p.draft, err = p.file.Preview(p.edits...); err != nil {
			return nil, r.failed(err)
		}
		some = append(some, p)
	}
	return some, nil
}

// write changes the files. When the second one cannot be changed, the first is what
// it was before.
func (r *rewire) write(pending []*pendingEdit) (changes []*awsedit.Change, err error) {
	for _, p := range pending {
		change, err := p.file.Write(p.edits...)
		if err != nil {
			for _, c := range changes {
				err = errors.Join(err, c.Undo())
			}
			return nil, r.failed(err)
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// failed is the failure to change a file. Where fob cannot replace one, it cannot
// the next time either.
func (r *rewire) failed(err error) error {
	again := "fob " + r.command + " " + words(r.changed())
	f := &failure{code: exitFailure, what: "the AWS files were not changed", why: err.Error(), next: again, err: err}
	var refused *awsedit.RefusedError
	if errors.As(err, &refused) {
		f.code, f.next = exitConfig, "make it a plain file of your own, then: "+again
	}
	return f
}
