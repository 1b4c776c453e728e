//go:build unix

package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"fob/cli"
)

// interruptible is a program and its Ctrl-C.
func interruptible(t *testing.T, stderr io.Writer) (*program, func()) {
	signals, interrupt := context.WithCancel(t.Context())
	return newProgram(cli.System{
		Stdout: io.Discard, Stderr: stderr, Environ: os.Environ, Getenv: os.Getenv,
		Signals: func(context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(signals) },
	}, &Credentials{}, "scan"), interrupt
}

// TestEnd: a run that is ended while it computes leaves nothing that it began, whatever
// it tries afterwards.
func TestEnd(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	p, interrupt := interruptible(t, io.Discard)
	p.idle()
	whole, begun, more := filepath.Join(dir, "whole"), make(chan struct{}), make(chan struct{})
	f := &folder{path: filepath.Join(dir, "out")}
	go func() {
		_ = p.files.write(whole, func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err })
		_ = p.report(&Output{}, f, nil, func(w io.Writer) error {
			_, err := io.WriteString(w, "begun")
			close(begun)
			<-more
			return err
		})
		t.Error("a run goes on that was ended")
	}()
	<-begun
	if _, err := os.Stat(f.findings() + partEnd); err != nil {
		t.Fatal(err)
	}
	interrupt()
	if status := <-p.ended; status != cli.ExitCancelled {
		t.Errorf("status %d", status)
	}
	close(more)
	for _, path := range []string{f.path, filepath.Join(dir, "tmp", "*")} {
		if left, err := filepath.Glob(path); len(left) > 0 || err != nil {
			t.Errorf("left is %v, %v", left, err)
		}
	}
	if got, err := os.ReadFile(whole); string(got) != "whole" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestEndKeeps: what was read is saved before the run ends.
func TestEndKeeps(t *testing.T) {
	said, stderr := io.Pipe()
	p, interrupt := interruptible(t, stderr)
	p.keeping.Lock()
	p.writing("fob scan eval x")
	interrupt()
	lines := bufio.NewScanner(said)
	if !lines.Scan() || lines.Text() != "fob: stopping as soon as what was read is saved" {
		t.Errorf("%q", lines.Text())
	}
	select {
	case <-p.ended:
		t.Error("the run has ended")
	default:
	}
	p.keeping.Unlock()
	for lines.Scan() && lines.Text() != "  next: fob scan eval x" {
	}
	_ = said.Close()
	if status := <-p.ended; status != cli.ExitCancelled {
		t.Errorf("status %d", status)
	}
}
