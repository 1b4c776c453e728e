package collect

import "context"

// slots bound the calls in flight. A quarter of them is for operations with a rate of
// their own alone: how long a big scan takes hangs on those, and they would otherwise wait
// behind all the others for every single call.
type slots struct{ all, usual chan struct{} }

func newSlots(n int) slots {
	return slots{make(chan struct{}, n), make(chan struct{}, max(1, n-n/4))}
}

// take waits for a slot, which free gives back.
func (s slots) take(ctx context.Context, o *operation) (free func(), err error) {
	if o.perSecond > 0 {
		return take(ctx, s.all)
	}
	freeUsual, err := take(ctx, s.usual)
	if err != nil {
		return nil, err
	}
	freeAll, err := take(ctx, s.all)
	if err != nil {
		freeUsual()
		return nil, err
	}
	return func() { freeAll(); freeUsual() }, nil
}

func take(ctx context.Context, slots chan struct{}) (free func(), err error) {
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
