//go:build !linux && !darwin

package main

import (
	"errors"
	"os/exec"
)

// detach does nothing: FOB_NO_INPUT keeps fob off the user's terminal.
func detach(*exec.Cmd) {}

func haveTerminals() bool { return false }

// terminal is never one here.
type terminal struct{}

func openTerminal(*exec.Cmd, *person) (*terminal, error) {
	return nil, errors.New("no terminals on this system")
}

func (*terminal) started(bool) {}

func (*terminal) ended() string { return "" }
