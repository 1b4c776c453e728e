package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fob/cli"
)

// tempPrefix begins the names of folders for what is needed until a run ends.
const tempPrefix = "fob-scan-"

// noPlace words an error of writing a file or a folder.
func noPlace(path string, err error) error {
	next := "--report-dir or -o names another place"
	if strings.HasPrefix(path, filepath.Join(os.TempDir(), tempPrefix)) {
		next = "TMPDIR names another folder for what is needed until the run ends"
	}
	return cli.Failure(cli.ExitConfig, "the results cannot be written to "+path, err.Error(), next, err)
}

// discard drops a file that could not be filled, and says why.
func discard(f *os.File, path string, why error) error {
	_ = f.Close()
	_ = os.Remove(f.Name())
	if err := unwritten(f, path, why); err != nil {
		return err
	}
	return why
}

// unwritten words an error of writing the file, whatever it was taken for on its way: a
// full disk is no snapshot that cannot be read. Of any other error it is nil.
func unwritten(f *os.File, path string, err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok && failed.Path == f.Name() {
		return noPlace(path, failed)
	}
	return nil
}

// otherName is what to do about a file that is there.
const otherName = "another name, or --force"

// vacant refuses a file that is there, unless it may be overwritten.
func vacant(path string, force bool, next string) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return usage(path+" is there already", "nothing is overwritten unasked", next)
	}
	return nil
}

// replaceable refuses what is there and no file.
func replaceable(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usage(path+" is no file", "a device or a folder is not written over", "another name; -o - is stdout")
	}
	return nil
}
