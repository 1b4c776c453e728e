//go:build !unix

package atomicfile

import (
	"errors"
	"os"
)

// OpenRuntimeDir always fails: there are no runtime folders on this system.
func OpenRuntimeDir(string) (*os.Root, error) {
	return nil, errors.New("open runtime folder: none on this system")
}
