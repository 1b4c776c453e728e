package main

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// exitPipe is the status of a program whose reader went away, as head does: that of one
// that the signal ended.
const exitPipe = 128 + 13

// writePastReaders has a write to a pipe that nobody reads fail and not end the program,
// so that what it has in temporary files is taken away. stop ends that.
func writePastReaders() (stop func()) {
	unheard := make(chan os.Signal, 1)
	signal.Notify(unheard, syscall.SIGPIPE)
	return func() { signal.Stop(unheard) }
}

// readerGone says whether an error is that nobody reads what is written.
func readerGone(err error) bool {
	var e *fs.PathError
	return errors.As(err, &e) && errors.Is(e, syscall.EPIPE)
}
