//go:build unix

package command

import (
	"io/fs"
	"os"
	"syscall"
)

// mistrust returns why a file is not to be trusted, or "".
func mistrust(_ string, info fs.FileInfo) (string, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid != 0 && int(stat.Uid) != os.Getuid() {
		return foreignOwner, nil
	}
	if info.Mode().Perm()&0o022 != 0 {
		return writableByOthers, nil
	}
	return "", nil
}
