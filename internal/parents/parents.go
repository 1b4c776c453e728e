// Package parents finds the program that started this one and waits for it, so that
// a prompt can say on whose behalf it asks, and fob env in which shell's language to
// answer. It tells names and pids, never
// arguments, which may hold secrets.
package parents

import (
	"os"
	"slices"
	"strings"
)

// Process is a running program. The name is what the system calls it, without a
// folder: foreign text.
type Process struct {
	PID  int
	Name string
}

// process is what the system tells of a process.
type process struct {
	name   string
	parent int
	// oneCommand is set for a shell that was started to run one command.
	oneCommand bool
}

// most is how many shells may stand between.
const most = 4

// Waiting returns the program that started this one. It looks through shells that
// were started to run one command, as SDKs start their credential processes. ok is
// false when the system does not tell, and when a shell comes first that a person
// types into or that runs a script.
func Waiting() (p Process, ok bool) { return waiting(os.Getppid(), lookup) }

// Name is the name of the program that started this one, as the system calls it, ""
// where the system does not tell. A shell that runs $(…) is a fork of itself and
// keeps its name.
func Name() string {
	p, _ := lookup(os.Getppid())
	return p.name
}

func waiting(pid int, lookup func(int) (process, bool)) (Process, bool) {
	for range most {
		p, ok := lookup(pid)
		switch {
		case !ok, pid <= 1, slices.Contains(desktops(), clean(p.name)):
			return Process{}, false
		case !slices.Contains(shells(), clean(p.name)):
			return Process{pid, p.name}, true
		case !p.oneCommand:
			return Process{}, false
		}
		pid = p.parent
	}
	return Process{}, false
}

// clean is a program's name as the lists below have it.
func clean(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "-"), ".exe")
}

func shells() []string {
	return []string{"sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "ash", "busybox", "tcsh", "csh", "elvish", "nu", "xonsh", "pwsh", "powershell", "cmd"}
}

// desktops start programs on a person's click and wait for none of them.
func desktops() []string {
	return []string{"init", "systemd", "launchd", "explorer", "windowsterminal", "openconsole", "conhost", "svchost", "services"}
}
