package parents

import "golang.org/x/sys/unix"

// lookup asks the kernel. A shell of macOS that runs one command becomes that
// command, so that none stands between.
func lookup(pid int) (process, bool) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return process{}, false
	}
	return process{name: unix.ByteSliceToString(info.Proc.P_comm[:]), parent: int(info.Eproc.Ppid)}, true
}
