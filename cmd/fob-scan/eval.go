package main

import (
	"os"
	"path/filepath"
	"slices"

	"fob/scan/audit"
)

type evalCmd struct {
	Snapshots []string `arg:"" name:"snapshot" predictor:"file" help:"Snapshots, or folders with some."`
	Selection
	Output
	Now string `placeholder:"TIME" help:"Count ages up to this time, not to when a snapshot was taken: 2026-11-22T18:40:00Z."`
}

func (evalCmd) Help() string {
	return `Judges what was read before. The same snapshot, rules and version give the same bytes.

Examples:
  fob scan eval prod.snapshot.jsonl.gz
  fob scan eval snapshots/ --framework cis-3.0 --format csv -o cis.csv
  fob scan eval old.jsonl.gz --format jsonl -o -`
}

func (c *evalCmd) Run(p *program) error {
	if c.ListServices {
		return listServices(p)
	}
	if err := c.Output.check(); err != nil {
		return err
	}
	now, err := stamp(c.Now)
	if err != nil {
		return err
	}
	chosen, err := c.choose()
	if err != nil {
		return err
	}
	var snapshots []audit.Snapshot
	for _, name := range c.Snapshots {
		files, err := snapshotFiles(name)
		if err != nil {
			return err
		}
		snapshots = append(snapshots, files...)
	}
	return p.judge(&c.Output, chosen, snapshots, audit.Options{Now: now})
}

// snapshotFiles is the file, or those in the folder.
func snapshotFiles(name string) (out []audit.Snapshot, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, unreadable(err)
	}
	if !info.IsDir() {
		return []audit.Snapshot{audit.File(name)}, nil
	}
	files, err := filepath.Glob(filepath.Join(escape(name), "*"+snapshotEnd))
	if err != nil || len(files) == 0 {
		return nil, usage("there is no snapshot in "+name, "their names end in "+snapshotEnd, "name the files")
	}
	slices.Sort(files)
	for _, file := range files {
		out = append(out, audit.File(file))
	}
	return out, nil
}
