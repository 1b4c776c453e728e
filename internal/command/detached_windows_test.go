package command

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

func detached(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS}
	return cmd
}
