package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// Sweep removes the temporary files in dir that are older than age at the time
// now: those of writers that were killed. The caller holds the lock of the folder,
// or age is longer than any write lasts.
func Sweep(dir *os.Root, age time.Duration, now time.Time) error {
	f, err := dir.Open(".")
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	defer func() { _ = f.Close() }()
	entries, err := f.ReadDir(-1)
	errs := []error{err}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix) {
			continue
		}
		info, err := dir.Lstat(e.Name())
		if err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) > age {
			err = dir.Remove(e.Name())
		}
		if !errors.Is(err, fs.ErrNotExist) { // another sweeper was faster
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
