//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// openFlags do not follow a link, nor wait for a pipe, that was planted meanwhile.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// private says whether a file is ours alone: nobody else reads it, nor has it another name.
func private(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid() && st.Nlink == 1 && info.Mode().Perm()&0o077 == 0
}
