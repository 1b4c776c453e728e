//go:build !linux && !darwin && !windows

package keychain

import "fmt"

func openOS(OSOptions) (OSKeychain, error) {
	return nil, &Error{Op: "open", Store: "keychain", Err: fmt.Errorf("%w: not on this operating system", ErrUnavailable)}
}
