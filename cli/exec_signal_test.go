//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// execBox has the key of dev, and fob, fetchcreds and countint on PATH.
func execBox(t *testing.T) *box {
	t.Helper()
	b := newBox(t)
	b.stored("dev")
	// Under nohup the commands would ignore SIGHUP, unless this process handles it.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangup) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(b.path("bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"fob", "fetchcreds", "countint"} {
		if err := os.Symlink(self, b.path("bin/"+name)); err != nil {
			t.Fatal(err)
		}
	}
	b.set("PATH", b.path("bin")+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return b
}

// bothWays runs a test with fob gone and with fob waiting.
func bothWays(t *testing.T, test func(t *testing.T, b *box, exec []string)) {
	b := execBox(t)
	for name, args := range map[string][]string{"replaced": {"exec", "dev", "--"}, "server": {"exec", "--server", "dev", "--"}} {
		t.Run(name, func(t *testing.T) {
			in := *b
			in.t = t
			test(t, &in, args)
		})
	}
}

// execRun is a command that has said that it is ready.
type execRun struct {
	*exec.Cmd
	stdout *bufio.Scanner
	stderr bytes.Buffer
}

// ready starts a script under fob in a session of its own, without a terminal.
func (b *box) ready(args []string, script string) *execRun {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	b.t.Cleanup(cancel)
	r := &execRun{Cmd: b.command(ctx, append(args, "sh", "-c", script)...)}
	out, err := r.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	r.stdout, r.Stderr, r.WaitDelay = bufio.NewScanner(out), &r.stderr, time.Second
	if err := r.Start(); err != nil {
		b.t.Fatal(err)
	}
	if !r.stdout.Scan() || r.stdout.Text() != "ready" {
		b.t.Fatalf("not ready but %q", r.stdout.Text())
	}
	return r
}

// end returns the rest of the output, on one line, and how the process ended.
func (r *execRun) end() (rest string, status syscall.WaitStatus) {
	for r.stdout.Scan() {
		rest += r.stdout.Text() + " "
	}
	_ = r.Wait()
	return strings.TrimSpace(rest), r.ProcessState.Sys().(syscall.WaitStatus)
}

// Signals that are sent to fob are the command's, which deals with them.
func TestExecPassesSignals(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, b *box, args []string) {
		for name, s := range map[string]syscall.Signal{
			"TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT,
			"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2, "ALRM": syscall.SIGALRM, "WINCH": syscall.SIGWINCH,
		} {
			r := b.ready(args, `sleep 60 & trap "echo got `+name+`; kill $!; exit 5" `+name+`; echo ready; wait`)
			if err := r.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			if rest, status := r.end(); rest != "got "+name || status.ExitStatus() != 5 {
				t.Errorf("%s: %q, %v, stderr: %s", name, rest, status, r.stderr.String())
			}
		}
	})
}

// A command that dies of a signal: whoever started fob sees the same, or what
// shells make of it.
func TestExecDiesAsTheCommand(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, b *box, args []string) {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGKILL, syscall.SIGUSR1, syscall.SIGSEGV} {
			r := b.ready(args, fmt.Sprintf("echo ready; kill -%d $$; sleep 60", s))
			rest, status := r.end()
			same := status.Signaled() && status.Signal() == s
			asShells := s != syscall.SIGINT && s != syscall.SIGTERM && s != syscall.SIGHUP && args[1] == "--server" && status.ExitStatus() == 128+int(s)
			if rest != "" || !same && !asShells || r.stderr.Len() > 0 {
				t.Errorf("%v: %q, %v, stderr: %s", s, rest, status, r.stderr.String())
			}
		}
	})
}

// The command finds the process as fob found it: signals, limits, open files.
func TestExecLeavesNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows them in /proc")
	}
	const look = `trap "" HUP; ulimit -S -c 1000 2>/dev/null; exec "$@"`
	const show = `grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status; grep core /proc/self/limits; ls /proc/self/fd; umask`
	bothWays(t, func(t *testing.T, b *box, args []string) {
		for _, before := range []string{"", `trap "" INT; `, "ulimit -S -c 0; exec 7<key.csv; "} {
			fob := b.command(t.Context(), args...)
			plain := exec.Command("sh", "-c", before+look, "sh", "sh", "-c", show)
			through := exec.Command("sh", append([]string{"-c", before + look, "sh", b.path("bin/fob")}, append(fob.Args[1:], "sh", "-c", show)...)...)
			for _, cmd := range []*exec.Cmd{plain, through} {
				cmd.Dir, cmd.Env = fob.Dir, fob.Env
				// The test's fob sets its umask to 0.
				cmd.Args[2] = "umask 0; " + cmd.Args[2]
			}
			want, got := b.finish(plain), b.finish(through)
			if got != want || want.status != 0 || !strings.Contains(want.stdout, "SigIgn") {
				t.Errorf("%q: got %v\nwant %v", before, got, want)
			}
		}
	})
}

// Ctrl-C reaches the command once: a second one would make many give up.
func TestExecCtrlC(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, b *box, args []string) {
		cmd := b.command(t.Context(), append(args, "countint")...)
		cmd.Env = append(cmd.Env, varTerminal+"=1")
		dialogue := []move{{expect: "ready"}}
		for n := 1; n <= 10; n++ { // of two that come together a program sees one, more often than not
			dialogue = append(dialogue, move{typed: "\x03"}, move{expect: fmt.Sprintf("int %d", n)}, move{typed: "a\r"}, move{expect: fmt.Sprintf("after %d a", n)})
		}
		shown, err := b.atTerminal(cmd, append(dialogue, move{typed: "exit\r"}, move{expect: "after 10 exit"}))
		if err != nil || cmd.ProcessState.ExitCode() != 3 {
			t.Errorf("%v, %v: %q", err, cmd.ProcessState, shown)
		}
	})
}

// atTerminal is onTerminal with the terminal as stdin and stdout, too.
func (b *box) atTerminal(cmd *exec.Cmd, dialogue []move) (shown string, err error) {
	b.t.Helper()
	program := cmd.Path
	if cmd.Args[0] == "fob" {
		program = b.path("bin/fob") // the name makes the test binary fob
	}
	outer := exec.Command("/bin/sh", append([]string{"-c", `exec "$@" </dev/tty >/dev/tty 2>&1`, "sh", program}, cmd.Args[1:]...)...)
	outer.Dir, outer.Env = cmd.Dir, cmd.Env
	shown, err = onTerminal(outer, dialogue)
	cmd.ProcessState = outer.ProcessState
	return shown, err
}

// Ctrl-Z stops the job, and the shell is back; fg and bg go on with it.
func TestExecJobControl(t *testing.T) {
	t.Parallel()
	bash := need(t, "bash")
	bothWays(t, func(t *testing.T, b *box, args []string) {
		shell := exec.Command(bash, "--norc", "--noprofile", "--noediting", "-i")
		shell.Dir, shell.Env = b.dir, append(b.environ, varTerminal+"=1", "PS1=% ")
		line := "fob " + strings.Join(args, " ")
		shown, err := b.atTerminal(shell, []move{
			{expect: "% "}, {typed: line + " sh -c 'echo re\"\"ady; exec cat'\r"}, {expect: "\nready"},
			{typed: "\x1a"}, {expect: "Stopped"}, {expect: "% "},
			{typed: "echo $((40+2))\r"}, {expect: "\n42"}, {expect: "% "},
			{typed: "fg\r"}, {expect: "cat'"}, {typed: "hello\r"}, {expect: "hello\r\nhello"},
			{typed: "\x1a"}, {expect: "Stopped"}, {expect: "% "},
			{typed: "bg\r"}, {expect: "&"}, {expect: "% "}, // cat wants to read, and is stopped again
			{typed: "until jobs -s | grep -q fob; do :; done; echo sett\"\"led\r"}, {expect: "\nsettled"}, {expect: "% "},
			{typed: "fg\r"}, {expect: "cat'"}, {typed: "again\r"}, {expect: "again\r\nagain"},
			{typed: "\x04"}, {expect: "% "}, {typed: "echo st=$?\r"}, {expect: "\nst=0"}, {expect: "% "},
			// A script ends when its command dies of Ctrl-C.
			{typed: "bash -c '" + line + " sh -c \"echo re\\\"\\\"ady; exec sleep 60\"; echo went\"\" on'\r"}, {expect: "\nready"},
			{typed: "\x03"}, {expect: "% "}, {typed: "echo st=$?\r"}, {expect: "\nst=130"},
			{typed: "exit\r"},
		})
		if err != nil || strings.Contains(shown, "went on") {
			t.Errorf("%v: %s", err, shown)
		}
	})
}

// While a command runs on a terminal, the person at it is asked when a session
// that only a person can renew is about to end; what lives is served meanwhile.
func TestExecServerAsksAhead(t *testing.T) {
	t.Parallel()
	const script = `key() { fetchcreds | cut -d '"' -f 4; }
first=$(key); echo "ready" >&2
until test "$(key)" != "$first"; do sleep 0.1; done
echo "renewed" >&2`
	for name, answer := range map[string]func(b *box) []move{
		"code": func(b *box) []move {
			return []move{{typed: b.mfa.Code(b.aws.Now()) + "\r"}, {expect: "renewed"}}
		},
		"no": func(b *box) []move {
			return []move{{typed: "q\r"}, {expect: "cannot renew: cancelled"}, {typed: "\x03"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := execBox(t)
			b.write("home/.aws/config", "[profile dev]\nmfa_serial = "+b.mfa.Serial+"\nduration_seconds = 3600\n")
			b.must("login", "dev", "--mfa-code", b.mfa.Code(b.aws.Now()))
			// The session ends in 66 seconds by all clocks.
			const later = time.Hour - 66*time.Second
			ahead := time.Until(b.aws.Now().Add(later))
			b.forward(later)
			b.set(varClock, ahead.String())
			b.set(varTerminal, "1")
			cmd := b.command(t.Context(), "exec", "--server", "dev", "--", "sh", "-c", script)
			shown, err := b.atTerminal(cmd, append([]move{{expect: "ready"}, {expect: "Enter your MFA code"}}, answer(b)...))
			if err != nil || strings.Count(shown, "Enter your MFA code") != 1 {
				t.Errorf("%v, %v: %q", err, cmd.ProcessState, shown)
			}
		})
	}
}
