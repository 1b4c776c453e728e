//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// alterable says who else can put other files in the place of those of a folder, "" for
// nobody. Root can anyway. Where the sticky bit is set, only who owns a file or the folder
// can; and that a group may write is how a team shares a folder.
func alterable(info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case ok && st.Uid != 0 && int(st.Uid) != os.Geteuid():
		return "it belongs to another user"
	case info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0:
		return "everybody may write to it"
	}
	return ""
}
