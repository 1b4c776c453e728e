//go:build linux || darwin

package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// detach takes a command off the user's terminal, so that it asks nothing there,
// and stops it together with all that it started.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}

// haveTerminals says whether the system gives out terminals: some containers do not.
func haveTerminals() bool {
	master, slave, err := pty.Open()
	if err != nil {
		return false
	}
	_, _ = master.Close(), slave.Close()
	return true
}

// terminal is a pseudo-terminal with a person at it.
type terminal struct {
	master, slave *os.File
	who           *person
	shown         bytes.Buffer // the reader's until gone is closed
	gone          chan struct{}
}

// openTerminal gives a command that has not been started a terminal of its own,
// which also gets its stderr.
func openTerminal(cmd *exec.Cmd, who *person) (*terminal, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = slave
	cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, 2 // a descriptor of the command's
	return &terminal{master: master, slave: slave, who: who, gone: make(chan struct{})}, nil
}

// started is to be called after the command was started, or was not.
func (t *terminal) started(ok bool) {
	_ = t.slave.Close()
	if !ok {
		_ = t.master.Close()
		return
	}
	go t.watch()
}

// watch reads until the last program has left the terminal.
func (t *terminal) watch() {
	defer close(t.gone)
	buf := make([]byte, 4096)
	for {
		n, err := t.master.Read(buf)
		t.shown.Write(buf[:n])
		if err != nil {
			return
		}
		if answer := t.who.answer(t.shown.String()); answer != "" {
			_, _ = t.master.WriteString(answer + "\r")
		}
	}
}

// ended is what the terminal showed, after the command has ended.
func (t *terminal) ended() string {
	defer func() { _ = t.master.Close() }()
	select {
	case <-t.gone:
		return strings.ReplaceAll(t.shown.String(), "\r\n", "\n")
	case <-time.After(2 * time.Second): // something else still holds it
		return ""
	}
}

// The ends of the questions that fob asks here.
const (
	codeQuestion   = "(or 'q' to abort): "
	deleteQuestion = "Delete it? [y/N] "
)

// answer is what the person types when the terminal shows text, "" for nothing.
func (p *person) answer(text string) string {
	switch {
	case strings.HasSuffix(text, codeQuestion):
		p.codes.Add(1)
		time.Sleep(p.pause)
		return p.code
	case strings.HasSuffix(text, deleteQuestion):
		return "y"
	}
	return ""
}
