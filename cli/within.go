package cli

import (
	"context"
	"io"
	"os"
)

// within does what may block for ever, such as reading a pipe that nobody
// writes to, and gives it up when ctx ends: by Ctrl-C or by its deadline.
func within[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := do()
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// readNamed reads at most limit bytes of a file that the user named. It may be a
// pipe, such as a shell's <(command).
func readNamed(ctx context.Context, path string, limit int64) ([]byte, error) {
	return within(ctx, func() ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		return io.ReadAll(io.LimitReader(f, limit))
	})
}
