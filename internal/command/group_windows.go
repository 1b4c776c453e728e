package command

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// group is a job object, which every process that the command starts is born into.
type group struct{ job windows.Handle }

func newGroup(cmd *exec.Cmd) (group, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return group{}, fmt.Errorf("create job object: %w", err)
	}
	// With a process group of its own it does not see the console's Ctrl-C.
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	return group{job}, nil
}

// add puts the command into its job. What it has started before stays outside.
func (g group) add(p *os.Process) {
	// A process that is gone already needs no job.
	_ = p.WithHandle(func(h uintptr) {
		_ = windows.AssignProcessToJobObject(g.job, windows.Handle(h))
	})
}

func (g group) close() { _ = windows.CloseHandle(g.job) }

func (g group) kill(p *os.Process) error {
	_ = windows.TerminateJobObject(g.job, 1)
	return p.Kill() // in case that it is not in the job yet
}

func exitCode(s *os.ProcessState) int {
	if s == nil {
		return -1
	}
	return s.ExitCode()
}

// executable: on Windows the name decides, see suffixes.
func executable(string) bool { return true }
