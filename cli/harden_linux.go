package cli

import "golang.org/x/sys/unix"

// harden keeps the process's memory from other processes of the same user and
// out of core files: it holds secrets. Best effort. soften takes back what a
// program that fob starts would inherit.
func harden() (soften func()) {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	var before unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &before) != nil {
		return func() {}
	}
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Max: before.Max})
	return func() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &before) }
}
