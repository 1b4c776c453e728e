package command

import (
	"errors"
	"io"
	"sync"
)

// limited collects output up to a limit; one byte more calls exceed. Like tail
// it is read only after the command's end, but a copy that was given up may
// still write then.
type limited struct {
	limit  int
	exceed func()

	mu   sync.Mutex
	data []byte
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(p) > l.limit-len(l.data) {
		l.over = true
		l.exceed()
		return 0, errors.New("limit reached")
	}
	l.data = append(l.data, p...)
	return len(p), nil
}

func (l *limited) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.data[:len(l.data):len(l.data)]
}

func (l *limited) exceeded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// tail keeps the last StderrKept bytes and passes everything on to also.
type tail struct {
	also io.Writer // may be nil

	mu   sync.Mutex
	data []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.keep(p)
	if t.also != nil {
		_, _ = t.also.Write(p) // the command must not die of a reader that is gone
	}
	return len(p), nil
}

func (t *tail) keep(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if extra := len(t.data) - StderrKept; extra > 0 {
		t.data = append(t.data[:0], t.data[extra:]...)
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.data)
}
