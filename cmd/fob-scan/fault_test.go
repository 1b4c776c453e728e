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
