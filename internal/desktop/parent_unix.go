//go:build unix

package desktop

import (
	"context"
	"os"
	"time"
)

// tick is how often a waiting window looks whether it should go.
const tick = 100 * time.Millisecond

// withParent ends a context when the program that started fob has ended: nobody
// waits for the answer then.
func withParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		defer cancel()
		t := time.NewTicker(tick)
		defer t.Stop()
		for os.Getppid() == parent {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
		}
	}()
	return ctx, cancel
}
