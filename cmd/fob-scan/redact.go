package main

import (
	"io"
	"path/filepath"
	"strconv"

	"fob/scan/audit"
)

// redactor knows the names in snapshots. Its key is this machine's own, so that results of
// different days can be compared.
func (p *program) redactor(snapshots []audit.Snapshot) (*audit.Redactor, error) {
	key, err := p.door().Key("scan-redact.key")
	if err != nil {
		return nil, err
	}
	r := audit.NewRedactor(key)
	for _, s := range snapshots {
		if err := r.Learn(s); err != nil {
			return nil, unreadable(err)
		}
	}
	return r, nil
}

// redactSnapshots writes snapshots of this run, which were sealed until now, into their
// places.
func redactSnapshots(w *files, r *audit.Redactor, snapshots []audit.Snapshot) ([]audit.Snapshot, error) {
	return redactTo(w, r, snapshots, func(i int) string { return snapshots[i].Name })
}

// redactCopies writes snapshots that are not this run's into a folder.
func redactCopies(w *files, r *audit.Redactor, snapshots []audit.Snapshot, dir string) ([]audit.Snapshot, error) {
	return redactTo(w, r, snapshots, func(i int) string { return filepath.Join(dir, strconv.Itoa(i)+"."+snapshotEnd) })
}

func redactTo(w *files, r *audit.Redactor, snapshots []audit.Snapshot, path func(i int) string) (out []audit.Snapshot, err error) {
	for i, s := range snapshots {
		if err := w.write(path(i), func(out io.Writer) error { return r.Snapshot(out, s) }); err != nil {
			return nil, err
		}
		out = append(out, audit.File(path(i)))
	}
	return out, nil
}

// named is how accounts are called in the names of files.
func (p *program) named(redact bool) (func(account string) string, error) {
	if !redact {
		return func(account string) string { return account }, nil
	}
	r, err := p.redactor(nil)
	return func(account string) string {
		if isAccount(account) {
			return r.Account(account)
		}
		return account
	}, err
}
