//go:build unix

package tty

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// device is /dev/tty, opened for ourselves and non-blocking, so that no read or
// write can wait longer than its prompt.
type device struct {
	fd     int
	parent int // who started us; nobody waits for the answer once that is gone
}

func endSignals() []os.Signal {
	return []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
}

func openDevice() (*device, error) {
	fd, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: open /dev/tty: %w", ErrNoTerminal, err)
	}
	d := &device{fd, os.Getppid()}
	switch {
	case fd >= unix.FD_SETSIZE:
		err = fmt.Errorf("%w: too many open files", ErrNoTerminal)
	case !d.foreground():
		err = fmt.Errorf("%w: running in the background", ErrNoTerminal)
	default:
		return d, nil
	}
	_ = d.close()
	return nil, err
}

func (d *device) close() error { return unix.Close(d.fd) }

// foreground says whether we may use the terminal. From the background, reading
// and setting modes would stop the process, and spoil the shell's input line.
func (d *device) foreground() bool {
	group, err := unix.IoctlGetInt(d.fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// ask sets the modes before it prompts, so that not even the fastest answer is echoed.
func (d *device) ask(ctx context.Context, prompt string, echo bool) (answer string, err error) {
	if !d.foreground() {
		return "", fmt.Errorf("%w: running in the background", ErrNoTerminal)
	}
	saved, err := unix.IoctlGetTermios(d.fd, getModes)
	if err != nil {
		return "", fmt.Errorf("%w: read its modes: %w", ErrNoTerminal, err)
	}
	if err := unix.IoctlSetTermios(d.fd, setModes, promptModes(*saved, echo)); err != nil {
		return "", fmt.Errorf("%w: set its modes: %w", ErrNoTerminal, err)
	}
	defer func() { d.restore(saved, err != nil) }()
	if err := d.write(ctx, prompt); err != nil {
		return "", err
	}
	return d.readLine(ctx)
}

// promptModes is a terminal that edits lines itself, as a shell sets it up for
// a command; but who knows what the program above us did to it.
func promptModes(t unix.Termios, echo bool) *unix.Termios {
	t.Iflag |= unix.ICRNL
	t.Iflag &^= unix.INLCR | unix.IGNCR
	t.Oflag |= unix.OPOST | unix.ONLCR
	t.Lflag |= unix.ICANON | unix.ISIG | unix.ECHO | unix.ECHOE | unix.ECHOK
	if !echo {
		t.Lflag &^= unix.ECHO
		t.Lflag |= unix.ECHONL
		t.Cc[unix.VSUSP] = disabled // stopped, we would leave the shell without echo
	}
	return &t
}

// restore puts the modes back. After a failure it also throws away what was
// typed so far, which would else become the start of a shell command. In the
// background the terminal belongs to a shell that has set its own modes.
func (d *device) restore(saved *unix.Termios, failed bool) {
	if !d.foreground() {
		return
	}
	if failed {
		flushInput(d.fd)
		_, _ = unix.Write(d.fd, []byte("\n"))
	}
	_ = unix.IoctlSetTermios(d.fd, setModes, saved)
}

// readLine reads up to a line end. Ctrl-D ends the input if nothing was typed
// yet, and else does nothing, as is usual.
func (d *device) readLine(ctx context.Context) (string, error) {
	var line []byte
	buf := make([]byte, maxLine)
	defer clear(buf)
	for {
		if err := d.wait(ctx, false); err != nil {
			return "", err
		}
		n, err := unix.Read(d.fd, buf)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
			continue
		case err != nil, n <= 0, bytes.ContainsAny(buf[:n], cancelKeys):
			return "", ErrCancelled
		}
		// The terminal drops what does not fit into a line, silently: a full
		// one may have lost its end.
		line = append(line, buf[:n]...)
		if len(line) >= maxLine {
			return "", ErrTooLong
		}
		if text, complete := bytes.CutSuffix(line, []byte("\n")); complete {
			return string(text), nil
		}
	}
}

func (d *device) write(ctx context.Context, text string) error {
	for rest := []byte(text); len(rest) > 0; {
		if err := d.wait(ctx, true); err != nil {
			return err
		}
		n, err := unix.Write(d.fd, rest)
		if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("%w: write to it: %w", ErrNoTerminal, err)
		}
		rest = rest[max(n, 0):]
	}
	return nil
}

// wait returns when the terminal can be read (or written), or with the reason
// to stop. It uses select, as macOS can neither poll nor kqueue /dev/tty. While
// we are in the background it only waits for the foreground.
func (d *device) wait(ctx context.Context, write bool) error {
	for {
		if err := ended(ctx); err != nil {
			return err
		}
		if os.Getppid() != d.parent {
			return ErrCancelled
		}
		var read, written unix.FdSet
		if d.foreground() {
			if write {
				written.Set(d.fd)
			} else {
				read.Set(d.fd)
			}
		}
		timeout := unix.NsecToTimeval(tick.Nanoseconds())
		n, err := unix.Select(d.fd+1, &read, &written, nil, &timeout)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("%w: wait for it: %w", ErrNoTerminal, err)
		}
		if err == nil && n > 0 {
			return nil
		}
	}
}
