package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"fob/scan/audit"
	"fob/scan/report"
)

// folder is where the results of a run go.
type folder struct {
	path  string
	name  string // of the files, "" for the usual
	force bool
	own   bool // the snapshots that are judged are this run's
	made  bool // it was not there before
	// next names another where nobody named one, and somebody made that of path meanwhile.
	next func() string
}

// folder names the folder of a run, and refuses one that has results already.
func (o *Output) folder(subject string, at time.Time) (*folder, error) {
	f := &folder{path: o.ReportDir, name: o.Name, force: o.Force}
	if f.path == "" {
		f.next = func() string { return free(filepath.Join(root, subject), at.UTC()) }
		f.path = f.next()
	}
	files := []string{f.findings()}
	for _, x := range o.formats() {
		files = append(files, f.report(x, 1))
	}
	for _, file := range files {
		if err := vacant(file, f.force, "another --report-dir or --name, or --force"); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// free names a folder of a run that is not there: by the minute, by the second, counted.
func free(parent string, at time.Time) string {
	path := filepath.Join(parent, at.Format("2006-01-02T15-04Z"))
	for n := 1; ; n++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = filepath.Join(parent, at.Format("2006-01-02T15-04-05Z"))
		if n > 1 {
			path += fmt.Sprintf("-%d", n)
		}
	}
}

// root is the folder of all runs, where --report-dir names none.
const root = "fob-scan"

func (f *folder) file(name string) string { return filepath.Join(f.path, name) }

// findings is the file that all others are made from.
func (f *folder) findings() string {
	if f.name != "" {
		return f.file(f.name + ".jsonl")
	}
	return f.file("findings.jsonl")
}

// report is the file of a format; parts after the first have their number.
func (f *folder) report(x report.Format, part int) string {
	name := f.name
	if name == "" {
		name = "report"
	}
	if part > 1 {
		name += fmt.Sprintf("-%d", part)
	}
	return f.file(name + "." + x.Extension)
}

// snapshot is the file of an account's snapshot; of several accounts each has its own.
func (f *folder) snapshot(account string, several bool) string {
	if several {
		return f.file(account + ".snapshot.jsonl.gz")
	}
	return f.file("snapshot.jsonl.gz")
}

// make makes the folder, private. One that nobody named is this run's alone.
func (f *folder) make() error {
	parent, next := f.path, f.next
	f.next = nil
	if next != nil {
		parent = filepath.Dir(f.path)
	} else if _, err := os.Lstat(f.path); err != nil {
		f.made = true
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return noPlace(f.path, err)
	}
	for next != nil && !f.made {
		switch err := os.Mkdir(f.path, 0o700); {
		case err == nil:
			f.made = true
		case errors.Is(err, fs.ErrExist):
			f.path = next()
		default:
			return noPlace(f.path, err)
		}
	}
	return nil
}

// mistrust warns of a folder in which others can put another report in the place of this.
func (p *program) mistrust(f *folder) {
	info, err := os.Stat(f.path)
	if err != nil {
		return // writing to it says so
	}
	if why := alterable(info); why != "" {
		p.door().Warn("others can change the results in " + f.path + ": " + why)
	}
}

// drop removes a folder that make made if nothing was written to it.
func (f *folder) drop() {
	if f.made {
		_ = os.Remove(f.path)
	}
}

// findingsFile is the file, or that in the folder of a scan.
func findingsFile(name string) audit.Findings {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = (&folder{path: name}).findings()
	}
	return audit.FindingsFile(name)
}
