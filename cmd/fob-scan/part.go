package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"fob/cli"
	"fob/internal/lock"
)

// create begins a file that commit puts in its place. It is written under another name,
// locked as long as it is open, so that two runs do not write into one file. What others
// put there under that name, a link or a file that they may read, is not written to.
func create(path string) (*os.File, error) {
	if err := replaceable(path); err != nil {
		return nil, err
	}
	const tries = 5 // each miss needs another run that begins at the very moment
	var err error
	for range tries {
		var f *os.File
		if f, err = begin(path + partEnd); err == nil || !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
			return f, placed(path, err)
		}
	}
	return nil, placed(path, err)
}

// errBusy is a file that another run writes.
var errBusy = errors.New("it is being written")

// placed words why a file, or what a folder is to have, cannot be written.
func placed(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errBusy):
		return cli.Failure(cli.ExitUsage, "another fob scan is writing "+path, "two of them do not go into one folder", "wait for it, or --report-dir or -o names another place", err)
	}
	return noPlace(path, err)
}

// begin makes the file, or takes what a run left that was killed.
func begin(part string) (*os.File, error) {
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f, held(f)
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	seen, err := os.Lstat(part)
	if err != nil {
		return nil, err
	}
	if !seen.Mode().IsRegular() || !private(seen) {
		if err := os.Remove(part); err != nil {
			return nil, err
		}
		return nil, fs.ErrExist // until now
	}
	if f, err = claim(part); err != nil {
		return nil, err
	}
	if got, err := f.Stat(); err != nil || !os.SameFile(seen, got) || moved(part, got) {
		_ = f.Close()
		return nil, fs.ErrExist
	}
	return f, f.Truncate(0)
}

// claim takes a file that is there, as another run left it. errBusy says that it writes it
// still.
func claim(part string) (*os.File, error) {
	f, err := os.OpenFile(part, os.O_RDWR|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if err := held(f); err != nil {
		return nil, err
	}
	return f, nil
}

// held locks a file, or closes it. Where there are no locks it is used without one.
func held(f *os.File) error {
	if ok, err := lock.Try(f); err == nil && !ok {
		_ = f.Close()
		return errBusy
	}
	return nil
}

// moved says whether a file is no longer what stands at a path.
func moved(path string, f fs.FileInfo) bool {
	now, err := os.Lstat(path)
	return err != nil || !os.SameFile(now, f)
}

// commit puts a file in its place.
func commit(f *os.File, path string) error {
	err := f.Sync()
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return noPlace(path, err)
	}
	return nil
}

// ended refuses to go on with a scan that still runs: its snapshots are being written.
func ended(dir string) error {
	files, err := filepath.Glob(filepath.Join(escape(dir), "*"+partEnd))
	if err != nil {
		return noPlace(dir, err)
	}
	for _, file := range files {
		f, err := claim(file)
		switch {
		case err == nil:
			_ = f.Close()
		case errors.Is(err, errBusy): // of any other error what is read of it says why
			return placed(dir, err)
		}
	}
	return nil
}
