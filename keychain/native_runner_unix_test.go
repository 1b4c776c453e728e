//go:build !windows

package keychain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNativeChild is not a test but the child of the tests below: this program,
// started again by SelfRunner.
func TestNativeChild(*testing.T) {
	if mode, isChild := os.LookupEnv("FOB_TEST_CHILD"); isChild {
		os.Exit(childMain(mode))
	}
}

// childMain behaves as mode says and returns its exit status.
func childMain(mode string) int {
	mode, argument, _ := strings.Cut(mode, " ")
	switch mode {
	case "serve":
		m := &memoryProvider{items: map[string][]byte{}}
		if b, err := os.ReadFile(argument); err == nil {
			m.items[Account{KindKey, "dev"}.ID()] = b
		}
		// After the flags of the test program come those of the command.
		args := os.Args[len(os.Args)-2:]
		if err := serveNative(context.Background(), m, args, os.Stdin, os.Stdout); err != nil {
			return 1
		}
		if b, there := m.items[Account{KindKey, "dev"}.ID()]; there {
			_ = os.WriteFile(argument, b, 0o600)
		}
	case "hang":
		holdSocket(argument)
	case "parent", "escape":
		// Starts a child that holds our pipes, then hangs.
		again := exec.Command(os.Args[0], "-test.run=^TestNativeChild$")
		again.Env = []string{"FOB_TEST_CHILD=hang " + argument}
		again.Stdout = os.Stdout
		again.SysProcAttr = &syscall.SysProcAttr{Setsid: mode == "escape"}
		if again.Start() != nil {
			return 1
		}
		select {}
	case "garbage":
		fmt.Print("panic: no\n")
	case "two answers":
		fmt.Print(`{"ok":true}{"ok":true}`)
	case "flood":
		for {
			if _, err := fmt.Print(strings.Repeat("x", 1<<16)); err != nil {
				return 1
			}
		}
	case "die":
		fmt.Print(`{"ok":true,"value":"`)
		return 2
	}
	return 0
}

// holdSocket keeps a connection to a socket open until the other side closes it.
func holdSocket(socket string) {
	if conn, err := net.Dial("unix", socket); err == nil {
		_, _ = io.Copy(io.Discard, conn)
	}
}

// runChild is a store whose child behaves as mode says.
func runChild(mode string) *Native {
	run := SelfRunner(os.Args[0], []string{"FOB_TEST_CHILD=" + mode})
	return &Native{Self: func(ctx context.Context, args []string, stdin []byte) ([]byte, error) {
		return run(ctx, append([]string{"-test.run=^TestNativeChild$"}, args...), stdin)
	}}
}

func TestNativeProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store")
	s := runChild("serve " + file)
	a := Account{KindKey, "dev"}
	if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrNotFound) {
		t.Fatalf("Get: %v", err)
	}
	if err := s.Set(context.Background(), a, []byte("val\x00ue\n")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(context.Background(), a); err != nil || string(got) != "val\x00ue\n" {
		t.Fatalf("Get = %q, %v", got, err)
	}
}

func TestNativeProcessFails(t *testing.T) {
	for mode, want := range map[string]error{
		"garbage": ErrCorrupt, "two answers": ErrCorrupt, "nothing": ErrCorrupt, "die": ErrUnavailable, "flood": ErrUnavailable,
	} {
		_, err := runChild(mode).Get(context.Background(), Account{})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", mode, err, want)
		}
	}
	s := &Native{Self: SelfRunner(filepath.Join(t.TempDir(), "absent"), nil)}
	if err := s.Probe(context.Background()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a program that is not there: %v", err)
	}
}

// A child that hangs, and whatever it started, is dead when the call returns. What
// left the process group lives on, but keeps nobody waiting.
func TestNativeProcessHangs(t *testing.T) {
	for _, mode := range []string{"hang", "parent", "escape"} {
		socket := filepath.Join(shortDir(t), "s")
		l, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		hanging := make(chan net.Conn, 1)
		go func() {
			if conn, err := l.Accept(); err == nil {
				hanging <- conn
			}
			cancel() // it lives and hangs: time is over
		}()
		_, err = runChild(mode+" "+socket).Get(ctx, Account{})
		if !errors.Is(err, ErrCancelled) {
			t.Fatalf("%s: %v, want ErrCancelled", mode, err)
		}
		conn := <-hanging
		defer conn.Close()
		if mode == "escape" {
			continue
		}
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("%s: the process that hangs lives on: %v", mode, err)
		}
	}
}

func TestNativeProcessDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	l, err := net.Listen("unix", filepath.Join(shortDir(t), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := runChild("hang "+l.Addr().String()).Get(ctx, Account{}); !errors.Is(err, ErrTimeout) {
		t.Errorf("deadline: %v, want ErrTimeout", err)
	}
}

// shortDir is a folder whose sockets have names of at most 107 bytes.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fob")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
