package command

import (
	"os/exec"
	"runtime"
	"syscall"
)

// attach ties a command's life to this process. The kernel ties it to the thread
// that starts it, so the thread must stay until detach is called.
func attach(cmd *exec.Cmd) (detach func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return runtime.UnlockOSThread
}
