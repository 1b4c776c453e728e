package keychain

import "context"

// gate lets one goroutine of this process through at a time.
type gate chan struct{}

func newGate() gate { return make(gate, 1) }

func (v *Vault) lock(ctx context.Context) (release func(), err error) {
	return v.writing.enter(ctx, v.opts.Lock)
}

func (v *Vault) askLock(ctx context.Context) (release func(), err error) {
	return v.asking.enter(ctx, v.opts.AskLock)
}

// enter waits for the goroutines of this process, then for other processes.
func (g gate) enter(ctx context.Context, lock func(context.Context) (func(), error)) (func(), error) {
	select {
	case g <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	leave := func() { <-g }
	if lock == nil {
		return leave, nil
	}
	release, err := lock(ctx)
	if err != nil {
		leave()
		return nil, err
	}
	return func() { release(); leave() }, nil
}
