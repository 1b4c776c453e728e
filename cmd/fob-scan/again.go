package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fob/cli"
	"fob/scan/audit"
)

// A snapshot is whole, or, with this at its end, still being read or left by a kill.
const (
	snapshotEnd = "snapshot.jsonl.gz"
	partEnd     = ".part"
	beforeEnd   = ".before" // what --resume goes on from
)

// past is a folder with snapshots of an earlier run.
type past struct {
	path      string
	at        time.Time         // when the newest of them was written
	snapshots map[string]string // account → file
	notes     map[string]audit.Outline
	torn      bool // something was begun of which nothing is left
	redacted  bool // its accounts are nobody's, so that nothing can be gone on from
}

func newPast(path string) *past {
	return &past{path: path, snapshots: map[string]string{}, notes: map[string]audit.Outline{}}
}

// earlierRuns are the folders with snapshots below a folder, the newest first.
func earlierRuns(root string) ([]*past, error) {
	byPath := map[string]*past{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimSuffix(strings.TrimSuffix(path, partEnd), beforeEnd)
		if err != nil || d.IsDir() || !strings.HasSuffix(name, snapshotEnd) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if byPath[dir] == nil {
			byPath[dir] = newPast(dir)
		}
		if p := byPath[dir]; info.ModTime().After(p.at) {
			p.at = info.ModTime()
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, noPlace(root, err)
	}
	var out []*past
	for _, p := range byPath {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *past) int { return b.at.Compare(a.at) })
	return out, nil
}

// ends are what a snapshot's name may have behind it, in the order in which they count: of
// an account that was being read again the older file does, unless that is the one that
// was left.
func ends() []string { return []string{"", partEnd, beforeEnd} }

// read finds out which accounts the snapshots of the folder are of.
func (r *past) read() error {
	for _, end := range ends() {
		files, err := filepath.Glob(filepath.Join(escape(r.path), "*"+snapshotEnd+end))
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := r.take(file, end); err != nil {
				return err
			}
		}
	}
	return nil
}

// readOf does it for the snapshots of some accounts alone: others are still being written.
func (r *past) readOf(targets []*target, place func(account string) string) error {
	for _, t := range targets {
		for _, end := range ends() {
			file := place(t.ID) + end
			if _, err := os.Lstat(file); err != nil {
				continue
			}
			if err := r.take(file, end); err != nil {
				return err
			}
		}
	}
	return nil
}

// take finds out what a snapshot is of.
func (r *past) take(file, end string) error {
	outlines, err := audit.File(file).Outlines()
	if err != nil && end != "" {
		r.torn = true // a kill left nothing in it
		return nil
	}
	if err != nil {
		return cli.Failure(cli.ExitConfig, "an earlier snapshot cannot be read", err.Error(), "move it away: "+file, err)
	}
	for _, o := range outlines {
		r.redacted = r.redacted || o.Facts.Redacted
		if _, there := r.snapshots[o.Facts.Account]; !there || end == beforeEnd {
			o.Unfinished = o.Unfinished || end != ""
			r.snapshots[o.Facts.Account], r.notes[o.Facts.Account] = file, o
		}
	}
	return nil
}

// escape takes the meaning of a pattern from a folder's name.
func escape(path string) string {
	if filepath.Separator == '\\' {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// unfinished says whether there is an account that was not read to its end.
func (r *past) unfinished() bool {
	for _, o := range r.notes {
		if o.Unfinished {
			return true
		}
	}
	return r.torn
}

// files are the snapshots, sorted.
func (r *past) files() (out []audit.Snapshot) {
	var names []string
	for _, file := range r.snapshots {
		names = append(names, file)
	}
	slices.Sort(names)
	for _, n := range names {
		out = append(out, audit.File(n))
	}
	return out
}

// newest is the newest earlier run that is wanted.
func (o *Output) newest(wanted func(*past) bool, what string) (*past, error) {
	dir := o.ReportDir
	if dir == "" {
		dir = root
	}
	all, err := earlierRuns(dir)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if err := r.read(); err != nil {
			return nil, err
		}
		if (len(r.snapshots) > 0 || r.torn) && wanted(r) {
			return r, nil
		}
	}
	return nil, cli.Failure(cli.ExitConfig, "there is no "+what, "none lies in "+dir, "--report-dir names the folder; without these flags everything is read", nil)
}

// again judges the newest snapshots, with -p those of the profiles alone.
func (c *scanCmd) again(p *program, chosen *chosen) error {
	names, what := p.flags.Profile, "snapshot to judge"
	if len(names) > 0 {
		what += " of " + strings.Join(names, " and ")
	}
	r, err := c.newest(func(r *past) bool {
		return len(r.snapshots) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !r.has(name) })
	}, what)
	if err != nil && c.ReportDir != "" {
		return c.elsewhere(err)
	}
	if err != nil {
		return err
	}
	if len(names) > 0 {
		maps.DeleteFunc(r.snapshots, func(account, _ string) bool { return !slices.Contains(names, r.notes[account].Name) })
	}
	return p.judge(&c.Output, chosen, r.files(), audit.Options{})
}

// elsewhere adds to an error of --local, where --report-dir has no snapshots, how those of
// the usual folder are judged into it.
func (c *scanCmd) elsewhere(err error) error {
	usual := &Output{}
	r, none := usual.newest(func(r *past) bool { return len(r.snapshots) > 0 }, "")
	if none != nil {
		return err
	}
	_, what, why, _, _ := cli.Failed(err)
	return cli.Failure(cli.ExitConfig, what, why+", and --local reads and writes there", "fob scan eval "+typed(r.path)+" --report-dir "+typed(c.ReportDir), err)
}

// has says whether there is a snapshot that was read with a profile.
func (r *past) has(profile string) bool {
	for _, o := range r.notes {
		if o.Name == profile {
			return true
		}
	}
	return false
}

// judge is --local and eval.
func (p *program) judge(o *Output, chosen *chosen, snapshots []audit.Snapshot, how audit.Options) error {
	how.AsRead = !chosen.explicit
	var f *folder
	if o.Output == "" {
		name, err := subjectOf(snapshots)
		if err != nil {
			return err
		}
		called, err := p.named(o.Redact)
		if err != nil {
			return err
		}
		if f, err = o.folder(called(name), p.sys.Now()); err != nil {
			return err
		}
	}
	return p.finish(o, chosen, f, snapshots, how)
}

// subjectOf is the subject of snapshots.
func subjectOf(snapshots []audit.Snapshot) (string, error) {
	var targets []*target
	for _, s := range snapshots {
		all, err := s.Outlines()
		if err != nil {
			return "", wrongFile(s.Name, err)
		}
		for _, o := range all {
			targets = append(targets, &target{ID: o.Facts.Account})
		}
	}
	return subject(targets, &Accounts{}), nil
}

// unreadable words an error about snapshots that are read.
func unreadable(err error) error {
	return cli.Failure(cli.ExitConfig, "the snapshot cannot be read", err.Error(), "fob scan collect -o FILE writes one", err)
}

// wrongFile words it, and names the command that takes what the file is.
func wrongFile(file string, err error) error {
	if k := kindOf(file); k == "" || k == kindSnapshot {
		return unreadable(err)
	}
	return cli.Failure(cli.ExitConfig, "the snapshot cannot be read", err.Error(), takes(file, ""), err)
}

// earlier is the run that --resume goes on with, or that --update keeps the rest of; nil
// without these flags. A share knows its own files by their names.
func (c *scanCmd) earlier() (*past, error) {
	switch {
	case c.sharded():
		return nil, nil
	case c.Resume:
		run, err := c.newest(func(r *past) bool { return r.unfinished() && !r.redacted }, "scan that was stopped")
		if err == nil {
			err = ended(run.path)
		}
		return run, err
	case c.Update:
		return c.newest(func(r *past) bool { return !r.unfinished() && !r.redacted }, "finished snapshot to update")
	}
	return nil, nil
}

// resume sets a reader to go on where an earlier run stopped, in its folder.
func (c *scanCmd) resume(r *reader, run *past, several bool) *folder {
	f := &folder{path: run.path, name: c.Name, force: true}
	r.place = func(account string) string {
		if file := run.snapshots[account]; file != "" {
			return strings.TrimSuffix(strings.TrimSuffix(file, partEnd), beforeEnd)
		}
		return f.snapshot(account, several)
	}
	r.goOn(run)
	return f
}

// goOn has a reader read what an earlier run does not have whole.
func (r *reader) goOn(run *past) {
	r.whole = func(account string) bool { o, there := run.notes[account]; return there && !o.Unfinished }
	r.earlier = func(account string) (*os.File, error) {
		file := run.snapshots[account]
		if file == "" {
			return nil, nil
		}
		return openEarlier(file)
	}
}

// openEarlier opens a snapshot that is gone on from. One that was begun is put aside
// before, as its place is taken by the one to come, unless it is still being written.
func openEarlier(file string) (*os.File, error) {
	path, begun := strings.CutSuffix(file, partEnd)
	if !begun {
		return open(file)
	}
	f, err := claim(file)
	if err != nil {
		return nil, placed(path, err)
	}
	_ = f.Close() // Windows moves nothing that is open
	if err := os.Rename(file, path+beforeEnd); err != nil {
		return nil, noPlace(path+beforeEnd, err)
	}
	return open(path + beforeEnd)
}

// open opens what an earlier run wrote.
func open(file string) (*os.File, error) {
	f, err := audit.Open(file)
	if err != nil {
		return nil, noPlace(file, err)
	}
	return f, nil
}

// renew sets a reader to read services again and keep the rest of the newest snapshots.
func (c *scanCmd) renew(r *reader, run *past) {
	asked := r.checks
	r.update = true
	r.earlier = func(account string) (*os.File, error) {
		if run.snapshots[account] == "" {
			return nil, nil
		}
		return open(run.snapshots[account])
	}
	r.checksOf = func(account string) []string {
		all := append(slices.Clone(asked), run.notes[account].Checks...)
		slices.Sort(all)
		return slices.Compact(all)
	}
}
