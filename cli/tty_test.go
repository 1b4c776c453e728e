//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// move is one line of a dialogue: a text that has to appear on the terminal, one
// that is typed, a signal that is sent to the program, another size of the
// terminal, or something that the test does when its turn comes.
type move struct {
	expect, typed string
	signal        syscall.Signal
	size          *pty.Winsize
	during        func()
}

// parseDialogue reads lines of
//
//	< text that appears
//	> text that is typed, with Enter
//	> ^C
//	! SIGTERM
//
// with variables of the script filled in. ^C and ^D are typed without Enter.
func parseDialogue(text string, getenv func(string) string) (moves []move, err error) {
	for line := range strings.Lines(os.Expand(text, getenv)) {
		line = strings.TrimSuffix(line, "\n")
		said, isSaid := strings.CutPrefix(line, "< ")
		typed, isTyped := strings.CutPrefix(line, ">")
		signal, isSignal := strings.CutPrefix(line, "! ")
		switch {
		case line == "":
		case isSaid:
			moves = append(moves, move{expect: said})
		case isTyped:
			moves = append(moves, move{typed: keys(strings.TrimPrefix(typed, " "))})
		case isSignal && signals[signal] != 0:
			moves = append(moves, move{signal: signals[signal]})
		default:
			return nil, fmt.Errorf("dialogue: cannot read %q", line)
		}
	}
	return moves, nil
}

var signals = map[string]syscall.Signal{
	"SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP, "SIGINT": syscall.SIGINT, "SIGABRT": syscall.SIGABRT, "SIGKILL": syscall.SIGKILL,
}

func keys(text string) string {
	switch text {
	case "^C":
		return "\x03"
	case "^D":
		return "\x04"
	}
	return text + "\r"
}

// onTerminal runs a command as the leader of a session on a terminal of its own;
// its stdin, stdout and stderr stay what they are, but a nil stderr is the
// terminal. It returns all that the terminal showed, and an error unless the dialogue was held to its end. How the
// command ended is in cmd.ProcessState.
func onTerminal(cmd *exec.Cmd, dialogue []move) (shown string, err error) {
	master, slave, err := pty.Open()
	if err != nil {
		return "", err
	}
	defer master.Close()
	cmd.ExtraFiles = []*os.File{slave}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	cmd.WaitDelay = time.Second
	if cmd.Stderr == nil {
		cmd.Stderr = slave
	}
	err = cmd.Start()
	_ = slave.Close()
	if err != nil {
		return "", err
	}
	killer := time.AfterFunc(2*patience, func() { _ = cmd.Process.Kill() })
	defer killer.Stop()
	s := watch(master)
	if err = s.hold(cmd.Process, master, dialogue); err != nil {
		_ = cmd.Process.Kill()
	}
	_ = cmd.Wait()
	return s.all(), err
}

// screen collects what a terminal shows.
type screen struct {
	mu     sync.Mutex
	text   bytes.Buffer
	seen   int // how much of text the dialogue has dealt with
	ended  bool
	change *sync.Cond
}

// watch reads the terminal until nobody holds it open any more.
func watch(master *os.File) *screen {
	s := &screen{}
	s.change = sync.NewCond(&s.mu)
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			s.mu.Lock()
			s.text.Write(buf[:n])
			s.ended = err != nil
			s.change.Broadcast()
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *screen) hold(p *os.Process, master *os.File, dialogue []move) (err error) {
	for _, m := range dialogue {
		switch {
		case m.expect != "":
			err = s.expect(m.expect)
		case m.signal != 0:
			err = p.Signal(m.signal)
		case m.size != nil:
			err = pty.Setsize(master, m.size)
		case m.during != nil:
			m.during()
		default:
			_, err = master.WriteString(m.typed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// expect waits for a text after what was seen before.
func (s *screen) expect(text string) error {
	late := false
	timer := time.AfterFunc(patience, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.change.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if i := strings.Index(s.text.String()[s.seen:], text); i >= 0 {
			s.seen += i + len(text)
			return nil
		}
		if s.ended || late {
			return fmt.Errorf("the terminal never showed %q, but %q", text, s.text.String()[s.seen:])
		}
		s.change.Wait()
	}
}

// all waits for the terminal's end.
func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ended {
		s.change.Wait()
	}
	return s.text.String()
}

// dialogueFailed is the exit status of onpty when the dialogue took another way.
const dialogueFailed = 99

// onptyMain is "onpty DIALOGUE SHOWN PROGRAM ARGS…": it runs a program on a
// terminal, puts all that this showed into the file SHOWN, and ends as the program
// did.
func onptyMain() {
	status, err := onpty(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "onpty:", err)
		status = dialogueFailed
	}
	os.Exit(status)
}

func onpty(script, shownIn string, argv []string) (status int, err error) {
	raw, err := os.ReadFile(script)
	if err != nil {
		return 0, err
	}
	dialogue, err := parseDialogue(string(raw), os.Getenv)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), varTerminal+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	shown, err := onTerminal(cmd, dialogue)
	if err != nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), os.WriteFile(shownIn, []byte(shown), 0o600)
}

// cmdTTY is "[!] tty DIALOGUE PROGRAM ARGS…". What the terminal showed is then in
// the file tty.
func cmdTTY(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("onpty", append([]string{args[0], "tty"}, args[1:]...)...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == dialogueFailed, err != nil && exit == nil:
		ts.Fatalf("%v", err)
	case neg != (err != nil):
		ts.Fatalf("%s: %v", args[1], err)
	}
	ts.Logf("[terminal]\n%s", ts.ReadFile("tty"))
}
