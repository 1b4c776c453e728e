//go:build unix

package tty

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

var errDone = errors.New("done")

// childDraws shows the size and each key, up to q.
func childDraws(ctx context.Context, t *Terminal, panics bool) {
	defer func() {
		if r := recover(); r != nil {
			report("panic %v", r)
		}
	}()
	err := t.Draw(ctx, func(s *Screen) error {
		for {
			columns, rows := s.Size()
			if err := s.Write(fmt.Sprintf("%dx%d;", columns, rows)); err != nil {
				return err
			}
			k, err := s.Key()
			switch {
			case err != nil:
				return err
			case panics:
				panic("while drawing")
			case k == 'q':
				return nil
			case k == 'x':
				return errDone
			}
			if err := s.Write(fmt.Sprintf("key %d;", k)); err != nil {
				return err
			}
		}
	})
	report("%v", err)
}

// wantScreenBack: the picture is gone and the cursor is there.
func (s *session) wantScreenBack() {
	s.t.Helper()
	s.sees("\x1b[?25h")
	s.sees("\x1b[?1049l")
	s.wantModesBack()
}

func TestDrawReadsKeys(t *testing.T) {
	s := start(t, "draw")
	s.sees("\x1b[?1049h")
	s.sees("80x24;") // the terminal does not know its size
	for typed, want := range map[string]Key{
		"a": 'a', "é": 'é', "\x03": 3, "\x1a": 0x1a, "\x1c": 0x1c, "\r": KeyEnter, "\x1b[A": KeyUp, "\x1b": KeyEscape, "\x13": 0x13,
	} {
		s.types(typed)
		if before := s.sees(fmt.Sprintf("key %d;", want)); before != "" && before != "80x24;" {
			t.Errorf("%q: the terminal shows %q, too", typed, before)
		}
	}
	s.types("q")
	s.wantReport("<nil>")
	s.wantScreenBack()
}

// TestDrawJoinsSequences: the parts of a key may come one by one.
func TestDrawJoinsSequences(t *testing.T) {
	s := start(t, "draw")
	s.sees("80x24;")
	s.types("\x1b")
	s.types("[")
	s.types("B")
	s.sees(fmt.Sprintf("key %d;", KeyDown))
	s.types("q")
	s.wantReport("<nil>")
}

func TestDrawSeesResize(t *testing.T) {
	s := start(t, "draw")
	s.sees("80x24;")
	if err := pty.Setsize(s.tty, &pty.Winsize{Cols: 33, Rows: 7}); err != nil {
		t.Fatal(err)
	}
	s.sees(fmt.Sprintf("key %d;", KeyResize))
	s.sees("33x7;")
	s.types("q")
	s.wantReport("<nil>")
}

func TestDrawRestoresAfterAnError(t *testing.T) {
	s := start(t, "draw")
	s.sees("80x24;")
	s.types("x")
	s.wantReport("done")
	s.wantScreenBack()
}

func TestDrawRestoresAfterSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		s := start(t, "draw")
		s.sees("80x24;")
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		s.wantReport("cancelled")
		s.wantScreenBack()
	}
}

func TestDrawRestoresAfterPanic(t *testing.T) {
	s := start(t, "draw panic")
	s.sees("80x24;")
	s.types("a")
	s.wantReport("panic while drawing")
	s.wantScreenBack()
}
