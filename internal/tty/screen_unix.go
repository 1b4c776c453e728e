//go:build unix

package tty

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// startDrawing makes the terminal hand over each key at once.
func (d *device) startDrawing() (restore func(failed bool), err error) {
	if !d.foreground() {
		return nil, fmt.Errorf("%w: running in the background", ErrNoTerminal)
	}
	saved, err := unix.IoctlGetTermios(d.fd, getModes)
	if err != nil {
		return nil, fmt.Errorf("%w: read its modes: %w", ErrNoTerminal, err)
	}
	if err := unix.IoctlSetTermios(d.fd, setModes, keyModes(*saved)); err != nil {
		return nil, fmt.Errorf("%w: set its modes: %w", ErrNoTerminal, err)
	}
	return func(failed bool) { d.stopDrawing(saved, failed) }, nil
}

// keyModes is a terminal that neither edits nor echoes, nor turns keys into
// signals: Ctrl-Z would stop us with the picture on.
func keyModes(t unix.Termios) *unix.Termios {
	t.Iflag &^= unix.ICRNL | unix.INLCR | unix.IGNCR | unix.ISTRIP | unix.IXON
	t.Oflag |= unix.OPOST | unix.ONLCR
	t.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL | unix.ISIG | unix.IEXTEN
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return &t
}

// stopDrawing is restore for a picture: no context may keep it from its work, but
// a terminal that takes no text may.
func (d *device) stopDrawing(saved *unix.Termios, failed bool) {
	if !d.foreground() {
		return
	}
	if failed {
		flushInput(d.fd)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*tick)
	defer cancel()
	_ = d.write(ctx, leave)
	_ = unix.IoctlSetTermios(d.fd, setModes, saved)
}

func (d *device) size() (columns, rows int) {
	w, err := unix.IoctlGetWinsize(d.fd, unix.TIOCGWINSZ)
	if err != nil {
		return orDefault(0, 0)
	}
	return orDefault(int(w.Col), int(w.Row))
}

// readKeys returns what is typed within a short while, maybe nothing.
func (d *device) readKeys(ctx context.Context) ([]Key, error) {
	var typed []byte
	for buf := make([]byte, 256); ; {
		ready, err := d.readable(ctx)
		if err != nil {
			return nil, err
		}
		if !ready {
			keys, _ := parseKeys(typed, true)
			return keys, nil
		}
		n, err := unix.Read(d.fd, buf)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
			continue
		case err != nil, n <= 0:
			return nil, ErrCancelled
		}
		typed = append(typed, buf[:n]...)
		if keys, rest := parseKeys(typed, false); len(rest) == 0 {
			return keys, nil
		}
	}
}

// readable waits no longer than the parts of a key's sequence may be apart.
func (d *device) readable(ctx context.Context) (bool, error) {
	short, cancel := context.WithTimeout(ctx, sequencePause)
	defer cancel()
	err := d.wait(short, false)
	if errors.Is(err, ErrTimeout) {
		return false, ended(ctx)
	}
	return err == nil, err
}
