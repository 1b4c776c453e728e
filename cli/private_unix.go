//go:build unix

package cli

import (
	"io/fs"
	"os"
	"syscall"
)

// private says whether a file is ours and closed to everybody else.
func private(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid() && info.Mode().Perm()&0o077 == 0
}
