package keychain

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C and a console window away from cmd. The child starts no
// processes on Windows, so that killing it alone is enough.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
