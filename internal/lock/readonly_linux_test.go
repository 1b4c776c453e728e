package lock

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReadOnlyFolder(t *testing.T) {
	dir := folder(t)
	if err := os.Chmod(dir.Name(), 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 { // modes do not bind root: be nobody on this thread
		const nobody = 65534
		if err := os.Chown(dir.Name(), nobody, nobody); err != nil {
			t.Fatal(err)
		}
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if _, err := unix.SetfsuidRetUid(nobody); err != nil {
			t.Fatal(err)
		}
		defer unix.SetfsuidRetUid(0)
	}
	if _, err := Acquire(t.Context(), dir, "a", Options{}); !errors.Is(err, ErrNoLock) {
		t.Fatalf("in a read-only folder: %v", err)
	}
}
