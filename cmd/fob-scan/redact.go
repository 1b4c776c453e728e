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

// redactInPlace writes snapshots of this run anew.
func redactInPlace(r *audit.Redactor, snapshots []audit.Snapshot) error {
	for _, s := range snapshots {
		if err := writeFile(s.Name, func(out io.Writer) error { return r.Snapshot(out, s) }); err != nil {
			return err
		}
	}
	return nil
}

// redactCopies writes snapshots that are not this run's into a folder.
func redactCopies(r *audit.Redactor, snapshots []audit.Snapshot, dir string) (out []audit.Snapshot, err error) {
	for i, s := range snapshots {
		path := filepath.Join(dir, strconv.Itoa(i)+"."+snapshotEnd)
		if err := writeFile(path, func(out io.Writer) error { return r.Snapshot(out, s) }); err != nil {
			return nil, err
		}
		out = append(out, audit.File(path))
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
