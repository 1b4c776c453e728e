//go:build unix

package command

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is the process group that the command leads.
type group struct{}

func newGroup(cmd *exec.Cmd) (group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return group{}, nil
}

func (group) add(*os.Process) {}

func (group) close() {}

func (group) kill(p *os.Process) error {
	if err := unix.Kill(-p.Pid, unix.SIGKILL); err != nil {
		return p.Kill() // it is gone, or has left its group
	}
	return nil
}

func exitCode(s *os.ProcessState) int {
	if s == nil {
		return -1
	}
	if status, ok := s.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return s.ExitCode()
}

// executable says whether we may execute a file, whatever makes it so.
func executable(path string) bool { return unix.Access(path, unix.X_OK) == nil }
