package awsedit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	backupInfix = ".fob-backup-"
	backupTime  = "20060102T150405Z"
	backupCount = 5
)

// backup copies the file as it was read into a file of its own, beside the name
// that the user knows: where a link leads may be a folder that is shared or
// published.
func (f *File) backup(data []byte) (path string, err error) {
	dir, err := os.OpenRoot(filepath.Dir(f.Path))
	if err != nil {
		return "", fmt.Errorf("make a backup of %q: %w", f.Path, err)
	}
	defer func() { _ = dir.Close() }()
	f.sweep(dir)
	name, err := f.backupName(dir)
	if err == nil {
		err = f.system().backup(dir, name, data)
	}
	if err != nil {
		return "", fmt.Errorf("make a backup of %q: %w", f.Path, err)
	}
	return filepath.Join(filepath.Dir(f.Path), name), nil
}

// backupName is a name that is free: a second change in the same second gets a
// number, which sorts behind the first.
func (f *File) backupName(dir *os.Root) (string, error) {
	name := filepath.Base(f.Path) + backupInfix + f.now().UTC().Format(backupTime)
	for n := 0; n < 100; n++ {
		try := name
		if n > 0 {
			try = fmt.Sprintf("%s-%02d", name, n)
		}
		if _, err := dir.Lstat(try); errors.Is(err, fs.ErrNotExist) {
			return try, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", errors.New("a hundred backups of this second are there")
}

// prune removes all backups but the newest ones. What cannot be removed stays.
func (f *File) prune() {
	dir, err := os.OpenRoot(filepath.Dir(f.Path))
	if err != nil {
		return
	}
	defer func() { _ = dir.Close() }()
	names, err := f.backups(dir)
	if err != nil {
		return
	}
	for _, name := range names[:max(0, len(names)-backupCount)] {
		_ = dir.Remove(name)
	}
}

// backups are the names of all backups, the oldest first.
func (f *File) backups(dir *os.Root) (names []string, err error) {
	folder, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	entries, err := folder.ReadDir(-1)
	for _, e := range entries {
		if e.Type().IsRegular() && f.isBackup(e.Name()) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, err
}

func (f *File) isBackup(name string) bool {
	stamp, found := strings.CutPrefix(name, filepath.Base(f.Path)+backupInfix)
	if !found {
		return false
	}
	stamp, number, numbered := strings.Cut(stamp, "-")
	_, err := time.Parse(backupTime, stamp)
	return err == nil && (!numbered || len(number) == 2 && strings.Trim(number, "0123456789") == "")
}
