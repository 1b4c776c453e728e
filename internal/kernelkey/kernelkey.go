// Package kernelkey keeps small secrets in the Linux kernel's keyring of the
// user (keyrings(7), user-keyring(7)): in memory that is never swapped, gone at
// reboot, when the key's time runs out or when the user's last process ends.
// On other systems every call says [ErrUnsupported].
package kernelkey

import "errors"

// MaxSize is the size limit of a key's data in bytes.
const MaxSize = 1024

// What can go wrong.
var (
	ErrNotFound    = errors.New("no such kernel key")
	ErrForeign     = errors.New("kernel key with another owner or wider permissions")
	ErrTooLarge    = errors.New("kernel key too large")
	ErrUnsupported = errors.New("no kernel keyring on this system")
)
