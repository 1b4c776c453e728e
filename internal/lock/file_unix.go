//go:build unix

package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// openFlags keeps a FIFO planted between the check and the open from hanging
// us. (os.Root adds O_NOFOLLOW and O_CLOEXEC.)
const openFlags = unix.O_NONBLOCK

// tryLockFile uses flock, not fcntl: fcntl locks vanish when any descriptor of
// the file is closed, and do not exclude goroutines of one process.
func tryLockFile(f *os.File) (bool, error) {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, err
		}
	}
}

func unlockFile(f *os.File) error {
	return unix.Flock(int(f.Fd()), unix.LOCK_UN)
}
