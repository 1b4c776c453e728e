package main

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"

	"fob/cli"
)

// screen is stderr: talk, and on a terminal the progress below it. It can be used by
// many goroutines.
type screen struct {
	mu     sync.Mutex
	out    io.Writer
	width  func() int // 0: not a terminal, nothing is drawn
	drawn  int        // lines below the talk
	paused int
}

func newScreen(sys cli.System) *screen {
	s := &screen{out: sys.Stderr, width: func() int { return 0 }}
	file, ok := sys.Stderr.(*os.File)
	if ok && sys.GOOS != "windows" && sys.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd())) {
		s.width = func() int {
			w, _, err := term.GetSize(int(file.Fd()))
			if err != nil || w < 20 {
				return 80
			}
			return w
		}
	}
	return s
}

// Write writes talk above the progress.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	return s.out.Write(p)
}

// terminal says whether progress is drawn.
func (s *screen) terminal() bool { return s.width() > 0 }

// draw puts lines in the place of those that are there.
func (s *screen) draw(lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	width := s.width()
	if width == 0 || s.paused > 0 {
		return
	}
	var b strings.Builder
	s.erase()
	for _, l := range lines {
		b.WriteString(fitted(l, width-1) + "\n")
	}
	s.drawn = len(lines)
	_, _ = io.WriteString(s.out, b.String())
}

// pause takes the progress away until done is called: somebody else writes.
func (s *screen) pause() (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	s.paused++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.paused--
	}
}

// clear takes the progress away for good.
func (s *screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
}

func (s *screen) erase() {
	if s.drawn > 0 {
		// From the first column: what is typed, Ctrl-C at last, may stand behind the progress.
		_, _ = io.WriteString(s.out, "\r\x1b["+strconv.Itoa(s.drawn)+"A\x1b[J")
		s.drawn = 0
	}
}
