package tty

import (
	"context"
	"os/signal"
)

const (
	// enter draws on a screen of its own, which leaves what was shown alone; a line
	// that is too long is cut, not continued.
	enter = "\x1b[?1049h\x1b[?7l\x1b[H\x1b[J"
	// leave undoes enter, and what a picture may have set.
	leave = "\x1b[0m\x1b[?25h\x1b[?7h\x1b[H\x1b[J\x1b[?1049l"
	// sequencePause is how long the rest of a key's sequence may take.
	sequencePause = 2 * tick
)

// Screen is the whole terminal, for a program that draws pictures and reads
// single keys, which are not echoed. It is for one goroutine.
type Screen struct {
	ctx           context.Context
	device        *device
	keys          []Key // typed, not handed out yet
	columns, rows int
}

// Draw runs do with the terminal as a [Screen]. However do ends, by a panic too,
// the terminal is as it was before, and after an error what was typed is thrown
// away. Signals and the other ends of a prompt make the methods of the screen
// fail, so that do ends. Errors: those of do; ErrNoTerminal; ErrPlain.
func (t *Terminal) Draw(ctx context.Context, do func(*Screen) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, endSignals()...)
	defer stop()
	restore, err := t.device.startDrawing()
	if err != nil {
		return err
	}
	failed := true
	defer func() { restore(failed) }()
	s := &Screen{ctx: ctx, device: t.device}
	s.columns, s.rows = t.device.size()
	if err := s.Write(enter); err != nil {
		return err
	}
	err = do(s)
	failed = err != nil
	return err
}

// Size is the number of columns and rows; 80 and 24 where the terminal does not
// tell. It changes only when Key returns KeyResize.
func (s *Screen) Size() (columns, rows int) { return s.columns, s.rows }

// Write writes text with the terminal's control sequences as it is. Errors:
// ErrNoTerminal, ErrCancelled, ErrTimeout.
func (s *Screen) Write(text string) error { return s.device.write(s.ctx, text) }

// Key waits for the next key. Ctrl-C is one as well. Errors: ErrNoTerminal,
// ErrCancelled, ErrTimeout.
func (s *Screen) Key() (Key, error) {
	for len(s.keys) == 0 {
		if columns, rows := s.device.size(); columns != s.columns || rows != s.rows {
			s.columns, s.rows = columns, rows
			return KeyResize, nil
		}
		var err error
		if s.keys, err = s.device.readKeys(s.ctx); err != nil {
			return 0, err
		}
	}
	k := s.keys[0]
	s.keys = s.keys[1:]
	return k, nil
}

// orDefault is for terminals that do not know their size.
func orDefault(columns, rows int) (int, int) {
	if columns <= 0 || rows <= 0 {
		return 80, 24
	}
	return columns, rows
}
