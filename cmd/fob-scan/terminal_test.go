//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestTerminal: on a terminal one code is asked for, progress is drawn and taken away
// again, and the summary is what stays.
func TestTerminal(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	dir := t.TempDir()
	if err := w.files(dir); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Args = []string{"fob-scan", "-p", "own", "-p", "partner", "--checks", "ec2-ebs-volume-encrypted", "--report-dir", "out"}
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "FOB_TEST_TERMINAL=1", "TERM=xterm"}
	variables := w.variables(dir)
	variables["FOB_KEYCHAIN"] = ""
	for name, value := range variables {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	w.aws.held["us-east-1 ec2:DescribeVolumes"] = make(chan struct{})
	stdout := new(bytes.Buffer)
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	cmd.Stdout, cmd.Stderr = stdout, slave
	cmd.ExtraFiles = []*os.File{slave}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	s := &shown{}
	go func() { _, _ = io.Copy(s, master) }()
	s.wait(t, "Enter your MFA code for "+w.mfa.Serial)
	if _, err := io.WriteString(master, w.mfa.Code(w.sts.Now())+"\r"); err != nil {
		t.Fatal(err)
	}
	s.wait(t, "ec2 ")
	s.wait(t, "0/2 accounts")
	w.aws.mu.Lock()
	close(w.aws.held["us-east-1 ec2:DescribeVolumes"])
	delete(w.aws.held, "us-east-1 ec2:DescribeVolumes")
	w.aws.mu.Unlock()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, s.text())
	}
	if n := strings.Count(s.text(), "Enter your MFA code"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if text := stdout.String(); !strings.HasPrefix(text, "Account 123456789012 (own)") || strings.Contains(text, "\x1b") {
		t.Errorf("stdout: %q", text)
	}
	if text := s.text(); strings.Count(text, "\x1b[J") == 0 || strings.Contains(text, "fob: own") {
		t.Errorf("the terminal showed %q", text)
	}
}

// shown is what a terminal shows.
type shown struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *shown) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

func (s *shown) wait(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(s.text(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the terminal never showed %q, but %q", text, s.text())
		}
	}
}
