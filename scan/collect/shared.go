package collect

import (
	"context"
	"sync"
)

// shared is what the operations of one run have in common, in its context.
type shared struct {
	mu      sync.Mutex
	answers map[string]*answer // by region and operation
	secrets func() *detector
}

// answer is what AWS said to an operation that others work with.
type answer struct {
	done chan struct{} // closed when the rest is known
	v    any
	err  error
}

type sharedKey struct{}

// withShared begins a run. key is that of the hashes that stand for secrets.
func withShared(ctx context.Context, key []byte) context.Context {
	return context.WithValue(ctx, sharedKey{}, &shared{
		answers: map[string]*answer{},
		secrets: sync.OnceValue(func() *detector { return newDetector(key) }),
	})
}

// once makes the calls of an operation whose answer other operations work with, such as
// the list that they go through. In a region they are made once, whoever asks first, and
// all get the same; what was read before an error counts. Only the operation itself
// tells of the error.
func once[T any](ctx context.Context, c *clients, name string, calls func(context.Context) (T, error)) (T, error) {
	s := ctx.Value(sharedKey{}).(*shared)
	s.mu.Lock()
	a := s.answers[c.region+" "+name]
	first := a == nil
	if first {
		a = &answer{done: make(chan struct{})}
		s.answers[c.region+" "+name] = a
	}
	s.mu.Unlock()
	if first {
		a.v, a.err = calls(withOperation(ctx, &operation{name: name}))
		close(a.done)
	}
	select {
	case <-a.done:
		return a.v.(T), a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// secretsIn is the run's detector of secrets.
func secretsIn(ctx context.Context) *detector { return ctx.Value(sharedKey{}).(*shared).secrets() }
