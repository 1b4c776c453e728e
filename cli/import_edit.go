package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"fob/internal/awsedit"
	"fob/internal/display"
	"fob/internal/tty"
	"fob/resolve"
)

// pendingEdit is one of the AWS files and what should leave it.
type pendingEdit struct {
	file  *awsedit.File
	edits []awsedit.Edit
	draft *awsedit.Draft // the file as it would be now
}

// pending sorts the edits of the keys by file and tries them out.
func (c *importCmd) pending(a *app, keys []*foundKey) ([]*pendingEdit, error) {
	paths := a.files.Paths()
	all := []*pendingEdit{
		awsedit.Config:      {file: &awsedit.File{Path: paths.Config.Name, Place: awsedit.Config, Now: a.sys.Now}},
		awsedit.Credentials: {file: &awsedit.File{Path: paths.Credentials.Name, Place: awsedit.Credentials, Now: a.sys.Now}},
	}
	for _, k := range keys {
		if k.inUse != "" {
			a.p.warn(fmt.Sprintf("the key of %s stays in clear in %s too: %s", display.Text(k.name), k.at, k.inUse))
			continue
		}
		for _, e := range k.edits {
			all[e.place].edits = append(all[e.place].edits, e.edit)
		}
	}
	var some []*pendingEdit
	for _, p := range all {
		if len(p.edits) == 0 {
			continue
		}
		var err error
		if p.draft, err = p.file.Preview(p.edits...); err != nil {
			return nil, notEdited(err)
		}
		if p.draft.Changed() {
			some = append(some, p)
		}
	}
	return some, nil
}

// notEdited is the failure to change a file; the keys are in the keychain by then.
func notEdited(err error) error {
	f := &failure{code: exitFailure, what: "the AWS files were not changed", why: err.Error(), next: "fob import --all --dry-run", err: err}
	var refused *awsedit.RefusedError
	if errors.As(err, &refused) {
		f.code, f.next = exitConfig, "take the keys out by hand: fob import --all --dry-run shows the lines"
	}
	return f
}

// preview shows what would happen.
func (c *importCmd) preview(a *app, found []*foundKey) error {
	for _, k := range found {
		a.p.say(fmt.Sprintf("%s: would store %s from %s", display.Text(k.name), k.key.AccessKeyID, k.at))
	}
	if c.Keep {
		return nil
	}
	pending, err := c.pending(a, found)
	if err != nil {
		return err
	}
	_, err = a.sys.Stdout.Write([]byte(strings.Join(diffLines(pending), "")))
	return err
}

// diffLines are the lines of the diffs, harmless to show.
func diffLines(pending []*pendingEdit) (lines []string) {
	for _, p := range pending {
		for l := range strings.Lines(p.draft.Diff()) {
			lines = append(lines, display.Line(strings.TrimSuffix(l, "\n"))+"\n")
		}
	}
	return lines
}

// takeOut takes stored keys out of the files, if that is wanted.
func (c *importCmd) takeOut(ctx context.Context, a *app, stored []*foundKey) error {
	if c.Keep {
		a.p.say("the AWS files were not changed; they still hold the keys in clear")
		return nil
	}
	pending, err := c.pending(a, stored)
	if err != nil || len(pending) == 0 {
		return err
	}
	if ok, err := c.mayEdit(ctx, a, pending); err != nil || !ok {
		return err
	}
	release, err := a.lock(ctx, "aws-files")
	if err != nil {
		return err
	}
	defer release()
	for _, p := range pending {
		change, err := p.file.Write(p.edits...)
		if err != nil {
			return notEdited(err)
		}
		if err := c.report(ctx, a, change); err != nil {
			return err
		}
	}
	return nil
}

// mayEdit asks a person, who sees the changes. Where nobody is, the files stay.
func (c *importCmd) mayEdit(ctx context.Context, a *app, pending []*pendingEdit) (ok bool, err error) {
	if c.Force {
		return true, nil
	}
	const most = 40 // lines that a person reads
	lines := diffLines(pending)
	if n := len(lines) - most; n > 0 {
		lines = append(lines[:most], fmt.Sprintf("and %d lines more; fob import --dry-run shows all\n", n))
	}
	err = a.ask(func(t *tty.Terminal) error {
		if err := t.Print(strings.TrimSuffix(strings.Join(lines, ""), "\n")); err != nil {
			return err
		}
		ok, err = t.Confirm(ctx, "The keys are in the keychain. Change the files like this?", false)
		return err
	})
	switch {
	case nobody(err):
		a.p.say("the AWS files were not changed, as nobody can be asked; they still hold the keys in clear (--force takes them out)")
		return false, nil
	case errors.Is(err, resolve.ErrCancelled):
		return false, &failure{code: exitCancelled, what: "cancelled, the AWS files were not changed", why: "the keys are in the keychain, and in the files too", next: "fob import --all", err: err}
	case err == nil && !ok:
		a.p.say("the AWS files were not changed; they still hold the keys in clear")
	}
	return ok, err
}

// report tells where the old file is, which holds the keys in clear, and offers to
// delete it.
func (c *importCmd) report(ctx context.Context, a *app, change *awsedit.Change) error {
	if change.Backup == "" {
		return nil
	}
	a.p.say(fmt.Sprintf("%s: the keys are out", display.Text(change.Path)))
	a.p.say("  undo: " + a.copyCommand(change.Backup, change.Path))
	if !c.Force {
		yes, err := a.offer(ctx, fmt.Sprintf("The backup %s holds the keys in clear. Delete it?", display.Text(change.Backup)))
		if err == nil && yes {
			return os.Remove(change.Backup)
		}
	}
	a.p.say(fmt.Sprintf("  the backup holds the keys in clear; once all is well: %s", a.removeCommand(change.Backup)))
	return nil
}

func (a *app) copyCommand(from, to string) string {
	if a.sys.GOOS == "windows" {
		return fmt.Sprintf(`copy "%s" "%s"`, display.Text(from), display.Text(to))
	}
	return "cp " + word(from) + " " + word(to)
}

func (a *app) removeCommand(path string) string {
	if a.sys.GOOS == "windows" {
		return fmt.Sprintf(`del "%s"`, display.Text(path))
	}
	return "rm " + word(path)
}
