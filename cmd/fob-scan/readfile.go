package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Limits of a file that a person wrote, or that AWS publishes: lists of its address
// ranges have some megabytes. The time is for the command behind a pipe.
const (
	maxFile  = 64 << 20
	pipeWait = time.Minute
)

// readFile reads a file that the user named. It may be a pipe, such as a shell's
// <(command), which is not waited for without an end.
func readFile(path string) ([]byte, error) { return readBy(readLimited, path) }

func readBy(read func(path string) ([]byte, error), path string) ([]byte, error) {
	type answer struct {
		data []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer func() { done <- a }()
		defer fault(&a.err)
		a.data, a.err = read(path)
	}()
	select {
	case a := <-done:
		return a.data, a.err
	case <-time.After(pipeWait):
		return nil, &fs.PathError{Op: "read", Path: path, Err: os.ErrDeadlineExceeded}
	}
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has more than %d bytes", maxFile)}
	}
	return data, err
}

// regular is a folder in which files alone can be opened, and folders: opening a pipe
// would wait for its writer.
type regular struct{ fs.FS }

// Open implements fs.FS.
func (r regular) Open(name string) (fs.File, error) {
	info, err := fs.Stat(r.FS, name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		return nil, err
	}
	return r.FS.Open(name)
}
