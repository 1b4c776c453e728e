//go:build unix

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"fob/cli"
)

// A panic is one error: no stack, and nothing of what it says.
func TestFault(t *testing.T) {
	var stderr bytes.Buffer
	sys := cli.System{Stderr: &stderr, Stdout: &stderr, Getenv: func(string) string { panic("canary") }}
	if status := run(context.Background(), []string{"checks"}, sys); status != cli.ExitConfig {
		t.Errorf("status %d", status)
	}
	if text := stderr.String(); strings.Contains(text, "canary") || strings.Contains(text, "goroutine") || !strings.Contains(text, "internal fault") {
		t.Error(text)
	}
}

// One in the goroutine of an account is that account's error.
func TestFaultOfAnAccount(t *testing.T) {
	err := func() (err error) {
		defer fault(&err)
		panic("canary")
	}()
	if statusOf(err) != cli.ExitConfig || strings.Contains(problem(err), "canary") || !strings.Contains(problem(err), "internal fault") {
		t.Error(err)
	}
}

// One while a file is read is that file's error.
func TestFaultOfAFile(t *testing.T) {
	_, err := readBy(func(string) ([]byte, error) { panic("canary") }, "x")
	if statusOf(err) != cli.ExitConfig || strings.Contains(problem(err), "canary") {
		t.Error(err)
	}
}

// One while progress is shown is told once, and ends the progress alone.
func TestFaultOfProgress(t *testing.T) {
	var stderr bytes.Buffer
	w := &watcher{p: newProgram(cli.System{Stderr: &stderr}, &Credentials{}, "scan")}
	shown := 0
	for range 3 {
		w.try(func(bool) { shown++; panic("canary") }, false)
	}
	if text := stderr.String(); shown != 1 || strings.Contains(text, "canary") || strings.Count(text, "internal fault") != 1 {
		t.Error(shown, text)
	}
}

// One at Ctrl-C ends the run nevertheless.
func TestFaultOfTheEnd(t *testing.T) {
	var stderr bytes.Buffer
	p := newProgram(cli.System{Stderr: &stderr}, &Credentials{}, "scan")
	p.files.add("x", func() { panic("canary") })
	p.end("why", "next")
	if status := <-p.ended; status != cli.ExitConfig || strings.Contains(stderr.String(), "canary") || !strings.Contains(stderr.String(), "internal fault") {
		t.Error(status, stderr.String())
	}
}
