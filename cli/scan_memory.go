package cli

import (
	"context"
	"sync"
	"time"

	"fob/resolve"
)

// memory keeps results for as long as the program runs: where no store is chosen, many
// accounts still take one session, and one code.
type memory struct {
	mu   sync.Mutex
	kept map[resolve.Key]kept
}

type kept struct {
	plain           []byte
	issued, expires time.Time
}

func newMemory() *memory { return &memory{kept: map[resolve.Key]kept{}} }

func (m *memory) get(k resolve.Key) (kept, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.kept[k]
	return r, ok
}

func (m *memory) Peek(k resolve.Key) (issued, expires time.Time, ok bool) {
	r, ok := m.get(k)
	return r.issued, r.expires, ok
}

func (m *memory) Load(_ context.Context, k resolve.Key) ([]byte, bool, error) {
	r, ok := m.get(k)
	return r.plain, ok, nil
}

func (m *memory) Ready(context.Context) error { return nil }

func (m *memory) Save(_ context.Context, k resolve.Key, plain []byte, issued, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[k] = kept{plain, issued, expires}
	return nil
}
