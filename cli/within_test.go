package cli

import (
	"context"
	"errors"
	"io"
	"testing"

	"fob/resolve"
)

// A pipe that nobody writes to and nobody closes does not hold fob up: neither as
// stdin nor as a file.
func TestSilentStdinEndsWithTheContext(t *testing.T) {
	silent, keep := io.Pipe()
	defer keep.Close()
	a := testApp(nil)
	a.sys.Stdin = silent
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&addCmd{Name: "dev", Stdin: true}).read(ctx, a)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	var f *failure
	if !errors.As(a.advise(err), &f) || f.code != exitCancelled {
		t.Errorf("%+v", f)
	}
}

func TestWithin(t *testing.T) {
	v, err := within(t.Context(), func() (int, error) { return 7, resolve.ErrCancelled })
	if v != 7 || !errors.Is(err, resolve.ErrCancelled) {
		t.Errorf("%d, %v", v, err)
	}
}
