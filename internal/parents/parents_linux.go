package parents

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// maxName is how much of a name the kernel keeps (TASK_COMM_LEN of linux/sched.h).
const maxName = 15

// lookup reads /proc; see proc(5) for the forms.
func lookup(pid int) (process, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, false
	}
	p, ok := parseStat(string(stat))
	if len(p.name) == maxName {
		if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil && strings.HasPrefix(filepath.Base(exe), p.name) {
			p.name = filepath.Base(exe)
		}
	}
	if args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		p.oneCommand = runsOneCommand(args)
	}
	return p, ok
}

// parseStat reads "pid (name) state ppid …"; a name may hold anything, also ") ".
func parseStat(stat string) (process, bool) {
	open, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return process{}, false
	}
	fields := strings.Fields(stat[end+1:])
	if len(fields) < 2 {
		return process{}, false
	}
	parent, err := strconv.Atoi(fields[1])
	return process{name: stat[open+1 : end], parent: parent}, err == nil
}

// runsOneCommand says whether a shell's arguments begin as in sh -c or bash -ec.
func runsOneCommand(cmdline []byte) bool {
	args := bytes.SplitN(cmdline, []byte{0}, 3)
	if len(args) < 2 {
		return false
	}
	flags := string(args[1])
	return strings.HasPrefix(flags, "-") && !strings.HasPrefix(flags, "--") && strings.Contains(flags, "c")
}
