package desktop

import (
	"context"
	"os"

	"golang.org/x/sys/windows"
)

// tick is how often a waiting window looks whether it should go, in milliseconds.
const tick = 100

// withParent ends a context when the program that started fob has ended: nobody
// waits for the answer then.
func withParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(os.Getppid()))
	if err != nil {
		return ctx, cancel // it is another user's
	}
	go func() {
		defer cancel()
		defer func() { _ = windows.CloseHandle(parent) }()
		for ctx.Err() == nil {
			if event, err := windows.WaitForSingleObject(parent, tick); err != nil || event == windows.WAIT_OBJECT_0 {
				return
			}
		}
	}()
	return ctx, cancel
}
