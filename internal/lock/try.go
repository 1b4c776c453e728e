package lock

import "os"

// Try takes an open file for this process and says whether it could: it is false when
// another has it. Closing the file gives it back. An error is a file system that has no
// locks.
func Try(f *os.File) (bool, error) { return tryLockFile(f) }
