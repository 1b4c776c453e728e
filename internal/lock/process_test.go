package lock

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// helper is what the test binary does when a test runs it as another process.
func helper(mode, path string) {
	dir, err := os.OpenRoot(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	switch mode {
	case "hold":
		_, err := Acquire(ctx, dir, "a", Options{Message: "MFA code"})
		child := exec.Command(os.Args[0], path) // outlives us, and must not inherit the lock
		child.Env = append(os.Environ(), "FOB_LOCK_TEST=linger")
		child.Stdin = os.Stdin
		fmt.Println("held", err, child.Start())
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "linger":
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "count":
		for range 10 {
			l, err := Acquire(ctx, dir, "a", Options{})
			if err != nil {
				fmt.Println(err)
				return
			}
			count(dir)
			l.Release()
		}
	}
}

// count reads, adds one and writes: it loses counts unless it runs alone.
func count(dir *os.Root) {
	b, _ := dir.ReadFile("n")
	n, _ := strconv.Atoi(string(b))
	_ = dir.WriteFile("n", []byte(strconv.Itoa(n+1)), 0o600)
}

func start(t *testing.T, mode string, dir *os.Root) (*exec.Cmd, *bufio.Reader, io.Closer) {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir.Name())
	cmd.Env = append(os.Environ(), "FOB_LOCK_TEST="+mode, "GORACE=atexit_sleep_ms=0")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(stdout), stdin
}

func TestKilledHolderFreesTheLock(t *testing.T) {
	dir := folder(t)
	cmd, out, stdin := start(t, "hold", dir)
	defer cmd.Wait()
	defer stdin.Close() // ends the holder's child
	if line, err := out.ReadString('\n'); line != "held <nil> <nil>\n" {
		t.Fatalf("holder: %q, %v", line, err)
	}
	var killed time.Time
	l := acquire(t, dir, Options{
		Patience: time.Nanosecond,
		Waiting: func(h Holder) {
			if want := (Holder{cmd.Process.Pid, "MFA code"}); h != want {
				t.Errorf("waiting for %v, want %v", h, want)
			}
			killed = time.Now()
			_ = cmd.Process.Kill()
		},
	})
	defer l.Release()
	if killed.IsZero() || time.Since(killed) > time.Second {
		t.Fatalf("killed %v, free after %v", killed, time.Since(killed))
	}
}

func TestExclusionOfProcesses(t *testing.T) {
	dir := folder(t)
	const processes = 20
	var group sync.WaitGroup
	for range processes {
		cmd, out, stdin := start(t, "count", dir)
		group.Go(func() {
			defer stdin.Close()
			if text, err := io.ReadAll(out); err != nil || len(text) > 0 {
				t.Errorf("counter: %q, %v", text, err)
			}
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := strings.TrimSpace(read(t, dir, "n")); got != strconv.Itoa(processes*10) {
		t.Fatalf("counted %s of %d", got, processes*10)
	}
}
