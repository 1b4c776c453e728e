//go:build unix

package e2e

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// terminal is a fob with a terminal of its own; stdout and stderr are not it.
type terminal struct {
	*process
	keyboard *os.File
	screen   *output
}

func (w *world) startOnTerminal(args ...string) *terminal {
	w.t.Helper()
	keyboard, tty, err := pty.Open()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(fobBinary, args...)
	cmd.Dir = w.env["HOME"]
	cmd.ExtraFiles = []*os.File{tty}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	term := &terminal{keyboard: keyboard, screen: newOutput()}
	term.process = w.launch(cmd)
	_ = tty.Close()
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(term.screen, keyboard) // ends with the session
	}()
	w.t.Cleanup(func() {
		term.kill()
		_ = keyboard.Close()
		<-read
	})
	return term
}

func (term *terminal) enter(t testing.TB, text string) {
	t.Helper()
	if _, err := io.WriteString(term.keyboard, text+"\r"); err != nil {
		t.Fatal(err)
	}
}

const codePrompt = "Enter your MFA code"

// One person says no once; all who waited, each with a terminal where it could
// ask again, take that for an answer.
func TestCancelledPromptEndsAllWhoWaited(t *testing.T) {
	w := mfaWorld(t)
	holder := w.startOnTerminal("process", "-p", "ann")
	holder.screen.await(t, codePrompt)
	var waiting []*terminal
	for range 10 {
		waiting = append(waiting, w.startOnTerminal("process", "-p", "ann"))
	}
	for _, p := range waiting {
		p.stderr.await(t, "(MFA code)")
	}
	holder.enter(t, "q")
	ended := holder.wait().exits(t, 130).ended
	for _, p := range waiting {
		r := p.wait().exits(t, 130)
		if d := r.ended.Sub(ended); d > release {
			t.Errorf("ended %v after the holder: %v", d, r)
		}
		if strings.Contains(p.screen.String(), codePrompt) {
			t.Errorf("asked again: %q", p.screen.String())
		}
	}
	w.wantCalls(map[string]int{})
}

// The code is typed once, and all who waited have their answer.
func TestTypedCodeServesAllWhoWaited(t *testing.T) {
	w := mfaWorld(t)
	holder := w.startOnTerminal("process", "-p", "ann")
	holder.screen.await(t, codePrompt)
	other := w.startOnTerminal("process", "-p", "ann")
	other.stderr.await(t, "(MFA code)")
	holder.enter(t, w.ann.MFA.Code(w.srv.Now()))
	if holder.wait().answer(t) != other.wait().answer(t) {
		t.Error("two answers")
	}
	if s := other.screen.String(); strings.Contains(s, codePrompt) {
		t.Errorf("asked again: %q", s)
	}
	w.wantCalls(map[string]int{"GetSessionToken": 1})
}
