package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv("FOB_COMMAND_TEST"); mode != "" {
		os.Exit(program(mode, os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

// program is the test binary as the command that is run.
func program(mode string, args []string) int {
	switch mode {
	case "echo":
		fmt.Printf("%q", args)
	case "environment":
		fmt.Println(strings.Join(os.Environ(), "\n"))
	case "stdin":
		text, err := io.ReadAll(os.Stdin)
		fmt.Printf("%q %v", text, err)
	case "folder":
		dir, _ := os.Getwd()
		fmt.Print(dir)
	case "fail":
		fmt.Print("half an answer")
		fmt.Fprint(os.Stderr, "no such role")
		code, _ := strconv.Atoi(args[0])
		return code
	case "flood":
		for {
			if _, err := os.Stdout.Write(make([]byte, 1000)); err != nil {
				return 1
			}
		}
	case "print":
		n, _ := strconv.Atoi(args[0])
		fmt.Print(strings.Repeat("x", n))
	case "flood stderr":
		for range 1000 {
			fmt.Fprintln(os.Stderr, strings.Repeat("x", 1000))
		}
		fmt.Fprint(os.Stderr, "last words")
		fmt.Print("answer")
	case "live": // until the test hangs up
		conn, err := net.Dial("tcp", args[0])
		if err != nil {
			return 1
		}
		_, _ = io.Copy(io.Discard, conn)
	case "parent": // two generations that live as long as they are let
		_ = child("live", args[0]).Start()
		return program("live", args)
	case "daemon": // ends, and leaves one behind that holds stdout and stderr
		_ = detached(child("live", args[0])).Start()
		fmt.Print("answer")
	}
	return 0
}

func child(mode, address string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], address)
	cmd.Env = environment(mode)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

// environment lets a binary built with coverage leave its counts instead of a warning.
func environment(mode string) []string {
	return []string{"FOB_COMMAND_TEST=" + mode, "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), "GORACE=atexit_sleep_ms=0"}
}

func spec(mode string, args ...string) Spec {
	return Spec{Argv: append([]string{os.Args[0]}, args...), Env: environment(mode)}
}

func TestAnswer(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	in := spec("folder")
	in.Dir = dir
	tests := []struct {
		name string
		spec Spec
		want string
	}{
		{"arguments", spec("echo", "a b", "$HOME", "*", ""), `["a b" "$HOME" "*" ""]`},
		{"stdin is empty", spec("stdin"), `"" <nil>`},
		{"folder", in, dir},
		{"output at the limit", spec("print", "65536"), strings.Repeat("x", 65536)},
	}
	for _, tt := range tests {
		result, err := Run(t.Context(), tt.spec)
		if err != nil || string(result.Stdout) != tt.want || result.Stderr != "" || result.ExitCode != 0 {
			t.Errorf("%s: got %q, %q, %d, %v", tt.name, result.Stdout, result.Stderr, result.ExitCode, err)
		}
	}
}

func TestEnvironmentIsWhatWasGiven(t *testing.T) {
	t.Setenv("FOB_CANARY", "1")
	s := spec("environment")
	s.Env = SafeEnv(append(s.Env, "A=b", "AWS_SECRET_ACCESS_KEY=canary", "FOB_PASSPHRASE=canary"))
	result, err := Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(result.Stdout))
	if !slices.Contains(lines, "A=b") || strings.Contains(strings.ToLower(string(result.Stdout)), "canary") {
		t.Fatalf("environment %q", lines)
	}
}

func TestExitStatus(t *testing.T) {
	for _, code := range []int{1, 42, 255} {
		result, err := Run(t.Context(), spec("fail", strconv.Itoa(code)))
		if !errors.Is(err, ErrExit) || result.ExitCode != code {
			t.Errorf("got %d, %v, want %d", result.ExitCode, err, code)
		}
		if string(result.Stdout) != "half an answer" || result.Stderr != "no such role" {
			t.Errorf("output %q, %q", result.Stdout, result.Stderr)
		}
		want := fmt.Sprintf("run %q: exit status %d", os.Args[0], code)
		if err == nil || err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
	}
}

func TestTooMuchOutput(t *testing.T) {
	small := spec("print", "11")
	small.StdoutLimit = 10
	for name, s := range map[string]Spec{"endless": spec("flood"), "one more": spec("print", "65537"), "small": small} {
		result, err := Run(t.Context(), s)
		if !errors.Is(err, ErrTooMuchOutput) || len(result.Stdout) > s.stdoutLimit() {
			t.Errorf("%s: %d bytes, %v", name, len(result.Stdout), err)
		}
	}
}

func TestStderr(t *testing.T) {
	var passed bytes.Buffer
	s := spec("flood stderr")
	s.Stderr = &passed
	result, err := Run(t.Context(), s)
	if err != nil || string(result.Stdout) != "answer" {
		t.Fatalf("got %q, %v", result.Stdout, err)
	}
	if len(result.Stderr) != StderrKept || !strings.HasSuffix(result.Stderr, "x\nlast words") {
		t.Errorf("kept %d bytes, at the end %q", len(result.Stderr), result.Stderr[len(result.Stderr)-20:])
	}
	if want := 1001*1000 + len("last words"); passed.Len() != want {
		t.Errorf("%d bytes were passed on, want %d", passed.Len(), want)
	}

	s.Stderr = brokenPipe{}
	if result, err := Run(t.Context(), s); err != nil || len(result.Stderr) != StderrKept {
		t.Errorf("with a reader that is gone: %d bytes kept, %v", len(result.Stderr), err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// callers accepts n processes that live as long as their connections.
func callers(t *testing.T, n int) (address string, accept func() []net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String(), func() []net.Conn {
		var conns []net.Conn
		for range n {
			conn, err := listener.Accept()
			if err != nil {
				t.Error(err)
				return conns
			}
			t.Cleanup(func() { conn.Close() })
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			conns = append(conns, conn)
		}
		return conns
	}
}

func TestEndKillsAllDescendants(t *testing.T) {
	address, accept := callers(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	accepted := make(chan []net.Conn, 1)
	go func() {
		accepted <- accept()
		cancel()
	}()
	_, err := Run(ctx, spec("parent", address))
	if !errors.Is(err, ErrCancelled) {
		t.Fatalf("error %v", err)
	}
	for _, conn := range <-accepted {
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a process lives on: %v", err)
		}
	}
}

func TestDeadline(t *testing.T) {
	address, accept := callers(t, 1)
	go accept()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := Run(ctx, spec("live", address)); !errors.Is(err, ErrTimeout) {
		t.Fatalf("error %v", err)
	}
	if _, err := Run(ctx, spec("echo")); !errors.Is(err, ErrTimeout) {
		t.Fatalf("after the deadline: %v", err)
	}
}

// A daemon that holds the output neither keeps us waiting nor spoils the answer.
func TestDaemonHoldsThePipe(t *testing.T) {
	address, accept := callers(t, 1)
	accepted := make(chan []net.Conn, 1)
	go func() { accepted <- accept() }()
	start := time.Now()
	result, err := Run(t.Context(), spec("daemon", address))
	if err != nil || string(result.Stdout) != "answer" || time.Since(start) > 10*time.Second {
		t.Fatalf("got %q, %v after %v", result.Stdout, err, time.Since(start))
	}
	for _, conn := range <-accepted { // it was still there, until we hang up
		_ = conn.SetReadDeadline(time.Now().Add(-time.Second))
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the daemon is gone: %v", err)
		}
	}
}

func TestErrorKeepsArgumentsToItself(t *testing.T) {
	s := spec("fail", "1", "--password=canary")
	_, err := Run(t.Context(), s)
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Fatalf("error %v", err)
	}
}

func TestSafeEnv(t *testing.T) {
	environ := []string{
		"PATH=/bin", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_SESSION_TOKEN=c", "AWS_SECURITY_TOKEN=d",
		"aws_session_token=e", "FOB_PASSPHRASE=f", "FOB_PASSPHRASE_FILE=g", "FOB_PASSPHRASE_COMMAND=h",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN=i", "AWS_BEARER_TOKEN_BEDROCK=j",
		"AWS_PROFILE=x", "AWS_REGION=y", "FOB_DIR=z", "NOT_AWS_SESSION_TOKEN=1", "=C:=C:\\", "odd",
	}
	before := slices.Clone(environ)
	want := []string{"PATH=/bin", "AWS_PROFILE=x", "AWS_REGION=y", "FOB_DIR=z", "NOT_AWS_SESSION_TOKEN=1", "=C:=C:\\", "odd"}
	if got := SafeEnv(environ); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if !slices.Equal(environ, before) {
		t.Error("the environment itself was changed")
	}
}
