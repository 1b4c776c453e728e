//go:build !windows

package keychain

import (
	"os/exec"
	"syscall"
)

// ownGroup gives cmd a process group and makes the end of its context kill all
// of that group. The child has not been waited for then, so that its number is
// still its own.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
