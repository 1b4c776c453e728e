package main

import (
	"io"
	"os"
	"slices"
	"sync"
)

// files are what a run writes that must not be left if it is ended: temporary folders,
// and files that are not in their place yet. Its zero value is ready for use, by many
// goroutines.
type files struct {
	mu    sync.Mutex
	begun []begun
}

// begun is something to take away.
type begun struct {
	path   string
	remove func()
}

// end takes away what was begun, the last first. Nothing is begun or put in its place
// from then on: whoever tries waits for the end of the process.
func (w *files) end() {
	w.mu.Lock()
	for _, b := range slices.Backward(w.begun) {
		b.remove()
	}
}

// temp makes a temporary folder. done removes it.
func (w *files) temp() (dir string, done func(), err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if dir, err = os.MkdirTemp("", tempPrefix); err != nil {
		return "", nil, noPlace(os.TempDir(), err)
	}
	remove := func() { _ = os.RemoveAll(dir) }
	w.add(dir, remove)
	return dir, func() { remove(); w.forget(dir) }, nil
}

// folder makes the folder of a run's results, which goes if it stays empty.
func (w *files) folder(f *folder) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := f.make()
	w.add(f.path, f.drop)
	return err
}

// create begins a file that commit or discard ends.
func (w *files) create(path string) (*os.File, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := create(path)
	if err == nil {
		w.add(f.Name(), func() { _ = f.Close(); _ = os.Remove(f.Name()) }) // Windows removes nothing that is open
	}
	return f, err
}

// commit puts a file in its place.
func (w *files) commit(f *os.File, path string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(f.Name())
	return commit(f, path)
}

// discard drops a file that could not be filled. See the function of that name.
func (w *files) discard(f *os.File, path string, why error) error {
	w.forget(f.Name())
	return discard(f, path, why)
}

// write writes a file as a whole.
func (w *files) write(path string, fill func(io.Writer) error) error {
	f, err := w.create(path)
	if err != nil {
		return err
	}
	if err := fill(f); err != nil {
		return w.discard(f, path, err)
	}
	return w.commit(f, path)
}

func (w *files) add(path string, remove func()) { w.begun = append(w.begun, begun{path, remove}) }

func (w *files) drop(path string) {
	w.begun = slices.DeleteFunc(w.begun, func(b begun) bool { return b.path == path })
}

func (w *files) forget(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(path)
}
