package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// System is what fob has around it. Tests replace parts of it; [Real] is the
// machine itself.
type System struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environ        func() []string
	Getenv         func(string) string
	Now            func() time.Time
	// Executable is the path of the running fob, for the commands that it tells
	// others to run.
	Executable func() (string, error)
	GOOS       string
	// Signals ends ctx when the user or the system wants fob to stop. It starts a
	// thread, so a warm answer does without.
	Signals func(ctx context.Context) (context.Context, context.CancelFunc)
}

// Real is the machine that fob runs on.
func Real() System {
	return System{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ: os.Environ, Getenv: os.Getenv, Now: time.Now,
		Executable: os.Executable, GOOS: runtime.GOOS,
		Signals: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		},
	}
}
