//go:build unix

package tty

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func TestMain(m *testing.M) {
	if mode := os.Getenv("FOB_TTY_TEST"); mode != "" {
		child(mode)
		return
	}
	goleak.VerifyTestMain(m)
}

// toTest is a child's way to the test. It is held for good: the garbage collector
// closes a file that nobody has, and in the test itself 4 is another one.
var toTest *os.File

// report hands a result to the test, which stdout and stderr must not be used for.
func report(format string, args ...any) {
	fmt.Fprintf(toTest, format+"\n", args...)
}

// child is the test binary as the program on the terminal.
func child(mode string) {
	toTest = os.NewFile(4, "report")
	ctx := context.Background()
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	switch mode {
	case "background":
		report("%v", reporting("line", &syscall.SysProcAttr{Setpgid: true}).Run())
		return
	case "grandparent":
		_ = reporting("parent", nil).Run()
		_, _ = io.Copy(io.Discard, os.Stdin) // the session ends with us: stay
		return
	case "parent":
		report("%d", os.Getpid())
		_ = reporting("line", nil).Run()
		return
	}
	t, err := Open(Options{})
	if err != nil {
		report("%q %v", "", err)
		return
	}
	defer t.Close()
	switch mode {
	case "line":
		answer, err := t.Line(ctx, "Question: ")
		report("%q %v", answer, err)
	case "secret":
		answer, err := t.Secret(ctx, "Passphrase: ")
		report("%q %v", answer.Reveal(), err)
	case "limit":
		t.limit = 100 * time.Millisecond
		answer, err := t.Line(ctx, "Question: ")
		report("%q %v", answer, err)
	case "late line", "late secret":
		ask := func(ctx context.Context, prompt string) (string, error) {
			return t.ask(ctx, prompt, mode == "late line")
		}
		// The deadline passes when half an answer is there.
		half, stop := context.WithCancelCause(ctx)
		go func() {
			_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
			stop(nil)
		}()
		answer, err := ask(half, "Question: ")
		report("%q %v", answer, err)
		answer, err = ask(ctx, "Next: ")
		report("%q %v", answer, err)
	case "deadline":
		answer, err := t.Secret(short, "Passphrase: ")
		report("%q %v", answer.Reveal(), err)
	case "code", "next", "say":
		var said []string
		say := func(line string) { said = append(said, line) }
		if mode != "say" {
			say = nil
		}
		answer, err := "", error(nil)
		if mode == "next" {
			answer, err = NextMFACode(ctx, t, "123456", say)
		} else {
			answer, err = MFACode(ctx, t, "arn:aws:iam::1:mfa/ann", say)
		}
		report("%q %v %q", answer, err, said)
	case "confirm yes", "confirm no":
		answer, err := t.Confirm(ctx, "Sure?", mode == "confirm yes")
		report("%v %v", answer, err)
	case "choose":
		answer, err := t.Choose(ctx, "Which?", []string{"one", "two", "three"})
		report("%d %v", answer, err)
	case "choose nothing":
		answer, err := t.Choose(ctx, "Which?", nil)
		report("%d %v", answer, err)
	case "draw", "draw panic":
		childDraws(ctx, t, mode == "draw panic")
	case "stopped": // by Ctrl-S
		report("ready")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		report("%v", t.device.write(short, strings.Repeat("x", 1<<20)))
	}
	if err := goleak.Find(goleak.IgnoreTopFunction("internal/poll.runtime_pollWait")); err != nil {
		report("%v", err)
	}
}

func spawn(mode string, attr *syscall.SysProcAttr) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FOB_TTY_TEST="+mode, "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = attr
	return cmd
}

// reporting is spawn for a child, whose children report where it does.
func reporting(mode string, attr *syscall.SysProcAttr) *exec.Cmd {
	cmd := spawn(mode, attr)
	cmd.ExtraFiles = []*os.File{nil, toTest}
	return cmd
}

// session is a child on a terminal of its own, with pipes for its standard files.
type session struct {
	t              *testing.T
	keyboard       *os.File // the other side of the terminal
	tty            *os.File
	before         unix.Termios // its modes
	cmd            *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr bytes.Buffer
	output         chan string
	screen         string
	reports        chan string
}

// start runs a child as leader of a new session; attr may take its terminal away.
func start(t *testing.T, mode string, prepare ...func(*session)) *session {
	t.Helper()
	keyboard, tty, err := pty.Open()
	if err != nil {
		skip(t, fmt.Sprintf("no pseudo terminal: %v", err))
	}
	reports, report, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, keyboard: keyboard, tty: tty, output: make(chan string), reports: make(chan string, 9)}
	s.cmd = spawn(mode, &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3})
	s.cmd.ExtraFiles = []*os.File{tty, report}
	s.cmd.Stdout, s.cmd.Stderr = &s.stdout, &s.stderr
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	for _, p := range prepare {
		p(s)
	}
	s.before = s.modes()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	report.Close()
	go s.watchScreen()
	go s.watchReports(reports)
	t.Cleanup(s.end)
	return s
}

func (s *session) watchScreen() {
	defer close(s.output)
	buf := make([]byte, 1<<16)
	for {
		n, err := s.keyboard.Read(buf)
		if err != nil {
			return
		}
		s.output <- string(buf[:n])
	}
}

func (s *session) watchReports(r *os.File) {
	defer r.Close()
	defer close(s.reports)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		s.reports <- lines.Text()
	}
}

// end checks what holds for every session: nothing on stdout and stderr.
func (s *session) end() {
	s.stdin.Close()
	timer := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	defer timer.Stop()
	err := s.cmd.Wait()
	s.tty.Close() // nobody has the terminal open any more, which ends watchScreen
	for range s.output {
	}
	s.keyboard.Close()
	for extra := range s.reports {
		s.t.Errorf("unexpected report %q", extra)
	}
	if err != nil || s.stdout.Len()+s.stderr.Len() > 0 {
		s.t.Errorf("child: %v, stdout %q, stderr %q", err, &s.stdout, &s.stderr)
	}
}

// sees waits until the screen shows text, and forgets what was before it.
func (s *session) sees(text string) string {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		if before, after, found := strings.Cut(s.screen, text); found {
			s.screen = after
			return before
		}
		select {
		case more, open := <-s.output:
			if !open {
				s.t.Fatalf("terminal closed, no %q on the screen: %q", text, s.screen)
			}
			s.screen += more
		case <-timeout:
			s.t.Fatalf("no %q on the screen: %q", text, s.screen)
		}
	}
}

func (s *session) types(text string) {
	s.t.Helper()
	if _, err := s.keyboard.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) reported() string {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case line := <-s.reports:
			return line
		case more := <-s.output: // keep the terminal flowing
			s.screen += more
		case <-timeout:
			s.t.Fatalf("no report; on the screen: %q", s.screen)
		}
	}
}

func (s *session) wantReport(want string) {
	s.t.Helper()
	if got := s.reported(); got != want {
		s.t.Fatalf("reported %s, want %s", got, want)
	}
}

func (s *session) wantModesBack() {
	s.t.Helper()
	if after := s.modes(); after != s.before {
		s.t.Errorf("the terminal's modes were %+v and are %+v", s.before, after)
	}
}

func (s *session) modes() unix.Termios {
	s.t.Helper()
	modes := &unix.Termios{}
	conn, err := s.tty.SyscallConn()
	if err == nil {
		err = errors.Join(conn.Control(func(fd uintptr) { modes, err = unix.IoctlGetTermios(int(fd), getModes) }), err)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return *modes
}

func (s *session) setModes(modes unix.Termios) {
	s.t.Helper()
	conn, err := s.tty.SyscallConn()
	if err == nil {
		err = errors.Join(conn.Control(func(fd uintptr) { err = unix.IoctlSetTermios(int(fd), setModes, &modes) }), err)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func skip(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
