package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"
)

// Whoever stops the demo, and whenever, finds nothing of it later.
func TestStopped(t *testing.T) {
	if runtime.GOOS == "windows" {
		skip(t, "Windows cannot send an interrupt to one process")
	}
	const crowd = "$(seq 20)" // for a second, all of them run
	for _, at := range []string{"Building", nth(2), crowd, nth(len(story()))} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			c := newChild(t)
			stdout, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			if !readUntil(stdout, at) {
				t.Errorf("the demo never said %q", at)
			}
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
			_, _ = io.Copy(io.Discard, stdout)
			_ = c.Wait()
			c.check(t, 130)
		})
	}
}

// The reader of a pipe may go before the end.
func TestClosedPipe(t *testing.T) {
	if runtime.GOOS == "windows" {
		skip(t, "on Windows a closed pipe stops nobody")
	}
	t.Parallel()
	c := newChild(t)
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	readUntil(stdout, nth(1))
	_ = stdout.Close()
	_ = c.Wait()
	c.check(t, 130)
}

// nth is the number in the title of a step.
func nth(n int) string { return fmt.Sprintf("%d/%d", n, len(story())) }

func readUntil(r io.Reader, text string) bool {
	var seen []byte
	for b := make([]byte, 1); ; {
		if _, err := io.ReadFull(r, b); err != nil {
			return false
		}
		if seen = append(seen, b...); bytes.HasSuffix(seen, []byte(text)) {
			return true
		}
	}
}
