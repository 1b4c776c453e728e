//go:build unix

package cli_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// session is an interactive shell on a terminal.
type session struct {
	*hookWorld
	*screen
	hookedShell
	keyboard *os.File
	marks    int
}

func (s hookedShell) start(t *testing.T) *session {
	t.Helper()
	needsShell(t, s.argv[0])
	return s.startIn(newHookWorld(t, s.name))
}

func (s hookedShell) startIn(w *hookWorld) *session {
	t := w.t
	t.Helper()
	for file, text := range s.rc {
		w.write("home/"+file, text)
	}
	w.environ = append(w.environ, "ENV="+w.path("home/rc"))
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	cmd := w.command(ctx, s.argv...)
	cmd.SysProcAttr = nil // pty.Start makes a session with the terminal
	keyboard, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		t.Fatal(err)
	}
	se := &session{hookWorld: w, screen: watchAndAnswer(keyboard), hookedShell: s, keyboard: keyboard}
	t.Cleanup(func() {
		cancel()
		_ = keyboard.Close()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s showed %q", s.argv[0], se.all())
		}
	})
	return se
}

// watchAndAnswer is watch for shells that ask the terminal where the cursor is.
func watchAndAnswer(master *os.File) *screen {
	read, write, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	go func() {
		defer write.Close()
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			if err != nil {
				return
			}
			for range strings.Count(string(buf[:n]), "\x1b[6n") {
				_, _ = master.WriteString("\x1b[1;1R")
			}
			_, _ = write.Write(buf[:n])
		}
	}()
	return watch(read)
}

// types enters a line, and then the prompt has to show a segment.
func (s *session) types(line, segment string) {
	s.t.Helper()
	s.runs(line)
	got := ""
	if s.name == "elvish" { // it shows the old prompt until it has the new one
		s.runs("fob seen")
		got = s.environment("seen")["FOB_PROMPT"]
	} else {
		got = s.prompt()
	}
	if got != segment {
		s.t.Errorf("the prompt shows %q, want %q", got, segment)
	}
}

// runs enters a line and waits until it has run. It ends in a command that prints
// what nobody types: what comes then is not the echo.
func (s *session) runs(line string) {
	s.t.Helper()
	s.marks++
	s.enters(strings.TrimPrefix(line+"; ", "; ") + fmt.Sprint("fob mark ", s.marks))
	if err := s.expect(fmt.Sprintf("<<%d>>", s.marks)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) enters(line string) {
	s.t.Helper()
	if _, err := s.keyboard.WriteString(line + "\r"); err != nil {
		s.t.Fatal(err)
	}
}

// prompt returns what the next prompt shows between +< and >, without the status
// of the last command, which has to be 0.
func (s *session) prompt() string {
	s.t.Helper()
	if err := s.expect("+<"); err != nil {
		s.t.Fatal(err)
	}
	begin := s.seen
	if err := s.expect(">"); err != nil {
		s.t.Fatal(err)
	}
	shown := visible(strings.TrimSuffix(s.raw(begin), ">"))
	if s.status {
		text, ok := strings.CutSuffix(shown, "0")
		if !ok {
			s.t.Errorf("the prompt shows %q, and not the status 0", shown)
		}
		shown = text
	}
	return strings.TrimSuffix(shown, " ")
}

// raw returns what the screen showed from a place on to the last expectation.
func (s *session) raw(from int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()[from:s.seen]
}

// visible takes away what moves the cursor and sets colors.
func visible(shown string) string {
	return regexp.MustCompile("\x1b\\[[0-9;?]*[a-zA-Z]|\x1b[()].|[\x01\x02\x0f]").ReplaceAllString(shown, "")
}
