package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// xscreen is a display of its own with a person before it.
type xscreen struct {
	t       *testing.T
	xdotool string
	name    string
	window  string // the one that was seen last
	process string // whose that is
}

// startScreen gives the box a display, and lets fob use it.
func (b *box) startScreen() *xscreen {
	b.t.Helper()
	xvfb := installed(b.t, "Xvfb")
	s := &xscreen{t: b.t, xdotool: installed(b.t, "xdotool")}
	r, w, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Close()
	// Without -noreset it starts anew when its last client goes, and refuses one that comes then.
	cmd := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", "1200x900x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	_ = w.Close()
	b.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		b.t.Fatalf("Xvfb: %v", err)
	}
	s.name = ":" + strings.TrimSpace(number)
	b.set("DISPLAY", s.name)
	b.set("FOB_ASK", "")
	return s
}

// do runs xdotool.
func (s *xscreen) do(args ...string) string {
	s.t.Helper()
	out, err := s.run(args)
	if err != nil {
		s.t.Fatalf("xdotool %q: %v", args, err)
	}
	return out
}

// try is do for what fails when a window is not there.
func (s *xscreen) try(args ...string) string {
	out, _ := s.run(args)
	return out
}

func (s *xscreen) run(args []string) (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.xdotool, args...)
	cmd.Env = []string{"DISPLAY=" + s.name}
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// await waits for the next window of fob's.
func (s *xscreen) await() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		for id := range strings.FieldsSeq(s.try("search", "--onlyvisible", "--name", "^fob$")) {
			// A window may have the number of the one before.
			if process := s.try("getwindowpid", id); process != "" && process != s.process {
				s.window, s.process = id, process
				return
			}
		}
	}
	s.t.Fatal("no window of fob's came")
}

// answer awaits a window and types a line into it.
func (s *xscreen) answer(line string) {
	s.t.Helper()
	s.await()
	s.untilGone(func(id string) {
		s.try("windowfocus", "--sync", id, "key", "ctrl+a", "type", line)
		s.try("key", "Return")
	})
}

// press awaits a window and presses the keys that end it.
func (s *xscreen) press(keys ...string) {
	s.t.Helper()
	s.await()
	s.untilGone(func(id string) { s.try(append([]string{"windowfocus", "--sync", id, "key"}, keys...)...) })
}

// untilGone does what ends the last window. On a busy machine a window may miss what
// comes too early: it is done again then.
func (s *xscreen) untilGone(do func(id string)) {
	s.t.Helper()
	for range 5 {
		do(s.window)
		for again := time.Now().Add(patience / 5); time.Now().Before(again); {
			if s.try("getwindowpid", s.window) != s.process {
				return
			}
		}
	}
	s.t.Fatal("the window takes no answer")
}

// height is how high the last window is, in pixels.
func (s *xscreen) height() int {
	s.t.Helper()
	_, size, _ := strings.Cut(s.do("windowfocus", "--sync", s.window, "getwindowgeometry", s.window), "Geometry: ")
	_, high, _ := strings.Cut(size, "x")
	h, err := strconv.Atoi(high)
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// running is a fob that was started where there is no terminal.
type running struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// begin starts fob, or a program before it.
func (b *box) begin(before []string, args ...string) *running {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*patience)
	b.t.Cleanup(cancel)
	r := &running{t: b.t, cmd: b.command(ctx, args...)}
	if before != nil {
		r.cmd.Args = append(before, args...)
		r.cmd.Path = before[0]
	}
	r.cmd.Stdout, r.cmd.Stderr = &r.stdout, &r.stderr
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := r.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	return r
}

// end waits for it.
func (r *running) end() result {
	_ = r.cmd.Wait()
	return result{r.cmd.ProcessState.ExitCode(), r.stdout.String(), r.stderr.String()}
}

// program puts a shell script on fob's PATH before all others.
func (b *box) program(name, script string) (path string) {
	b.t.Helper()
	if err := os.MkdirAll(b.path("bin"), 0o700); err != nil {
		b.t.Fatal(err)
	}
	syscall.ForkLock.RLock() // no child of another test holds the script open: it could not be run
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(b.path("bin/"+name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		b.t.Fatal(err)
	}
	b.set("PATH", b.path("bin")+":"+os.Getenv("PATH"))
	return b.path("bin/" + name)
}
