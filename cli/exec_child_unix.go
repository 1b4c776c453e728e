//go:build unix

package cli

import (
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// child is the command that runs while fob serves it. It is in fob's process
// group, so that a shell's job control and the terminal see one job.
type child struct {
	process *os.Process
	// signals that end or inform, that stop, and SIGCONT.
	signals, stops, continued chan os.Signal
}

// ignoredSignals are those of which fob was told to take no notice, as by nohup. It
// knows until it asks for one of them.
func ignoredSignals() []os.Signal {
	return slices.DeleteFunc([]os.Signal{syscall.SIGHUP, syscall.SIGINT}, func(s os.Signal) bool { return !signal.Ignored(s) })
}

// runChild runs the command to its end, whose status becomes fob's. died is the
// signal that ended it, 0 for none.
func (a *app) runChild(cmd childCommand) (died syscall.Signal, err error) {
	c := &child{signals: make(chan os.Signal, 64), stops: make(chan os.Signal, 1), continued: make(chan os.Signal, 1)}
	signal.Notify(c.signals, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGWINCH, syscall.SIGPIPE)
	defer signal.Stop(c.signals)
	for _, s := range a.ignored {
		signal.Ignore(s) // as it was, for the command too
	}
	a.soften()
	c.process, err = os.StartProcess(cmd.path, cmd.argv, &os.ProcAttr{Env: cmd.env, Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	harden()
	if err != nil {
		return 0, cannotRun(cmd.argv[0], err)
	}
	signal.Notify(c.stops, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU)
	defer signal.Stop(c.stops)
	signal.Notify(c.continued, syscall.SIGCONT)
	defer signal.Stop(c.continued)
	ended, err := c.live()
	if ended.Signaled() {
		a.status = 128 + int(ended.Signal())
		return ended.Signal(), err
	}
	a.status = ended.ExitStatus()
	return 0, err
}

// live passes signals on until the command ends.
func (c *child) live() (unix.WaitStatus, error) {
	end := make(chan change, 1)
	go func() { end <- c.watch() }()
	for {
		select {
		case s := <-c.signals:
			c.pass(s)
		case s := <-c.stops:
			c.pass(s)
		case last := <-end:
			return last.status, last.err
		}
	}
}

// change is what happened to the command.
type change struct {
	pid    int // 0: nothing
	status unix.WaitStatus
	err    error
}

// watch waits for the command's end, and stops when it stops.
func (c *child) watch() change {
	for {
		now := c.wait(unix.WUNTRACED)
		if now.err == nil && now.status.Stopped() {
			// It may have gone on before fob was told: then there is nothing to follow.
			if later := c.wait(unix.WUNTRACED | unix.WCONTINUED | unix.WNOHANG); later.err == nil && later.pid != 0 {
				now = later
			}
		}
		switch {
		case now.err == nil && now.status.Stopped():
			c.stopToo()
		case now.err != nil, !now.status.Continued():
			return now
		}
	}
}

func (c *child) wait(options int) (now change) {
	for {
		now.pid, now.err = unix.Wait4(c.process.Pid, &now.status, options, nil)
		if !errors.Is(now.err, unix.EINTR) {
			return now
		}
	}
}

// pass hands a signal on. One that the terminal's keys cause goes to the whole
// group in the foreground, where the command has it already: a second Ctrl-C makes
// many programs give up what the first made them end well. Whether Ctrl-Z stops
// fob is for the command to decide, see stopToo.
func (c *child) pass(s os.Signal) {
	switch s {
	case syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGPIPE:
		return // the terminal means the whole group; a warning that nobody reads ends nothing
	case syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGWINCH:
		if group, ok := terminalGroup(); ok && group == unix.Getpgrp() {
			return
		}
	}
	_ = c.process.Signal(s) // it may have ended
}

// stopToo stops fob when the command was stopped, or the shell that waits for fob
// would never come back. Both go on together.
func (c *child) stopToo() {
	if _, ok := terminalGroup(); !ok {
		return // no shell waits
	}
	drain(c.continued)
	_ = unix.Kill(unix.Getpid(), unix.SIGSTOP)
	select { // fob has stopped by now, and goes on
	case <-c.continued:
	case <-time.After(100 * time.Millisecond): // a signal that stops does away with SIGCONT, see signal(7)
	}
	drain(c.stops) // and SIGCONT with those
	if group, err := unix.Getpgid(c.process.Pid); err == nil && group != unix.Getpgrp() {
		_ = c.process.Signal(unix.SIGCONT) // a shell in a group of its own; all others got it with fob
	}
}

func drain(signals <-chan os.Signal) {
	select {
	case <-signals:
	default:
	}
}

// terminalGroup is the group in the foreground of fob's terminal; ok is false
// without a terminal.
func terminalGroup() (group int, ok bool) {
	fd, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, false
	}
	defer func() { _ = unix.Close(fd) }()
	group, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return group, err == nil
}

// endBy ends fob by the signal that ended the command, if it is one that people
// and systems send: a shell script goes on after a Ctrl-C that a program seems to
// have dealt with, and ends with one that died of it. Where the signal does not
// work, as under nohup, the exit status has to do.
func endBy(s syscall.Signal) {
	if !slices.Contains([]syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}, s) {
		return
	}
	signal.Reset(s)
	_ = unix.Kill(unix.Getpid(), s)
	time.Sleep(100 * time.Millisecond)
}
