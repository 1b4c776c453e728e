//go:build unix

package parents

import (
	"os"

	"golang.org/x/sys/unix"
)

// OwnJob says whether this process leads its process group. A shell with job
// control makes a group of each command that a person types, led by the program
// that was typed: whoever does not lead one was started by another program.
func OwnJob() bool { return unix.Getpgrp() == os.Getpid() }
