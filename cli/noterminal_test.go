//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fob/cli"
)

// detached runs fob as a daemon would: in a session of its own, stdin closed.
func (b *box) detached(limit time.Duration, args ...string) (r result, took time.Duration) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), limit)
	defer cancel()
	fob := b.command(ctx, args...)
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", `exec "$0" "$@" <&-`, "fob"}, args...)...)
	cmd.Dir, cmd.Env = fob.Dir, fob.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	start := time.Now()
	r = b.finish(cmd)
	return r, time.Since(start)
}

// TestWithoutTerminal runs every subcommand where nobody is: each ends by itself,
// and what needs a person says so (R18).
func TestWithoutTerminal(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	const limit = 10 * time.Second
	for _, tt := range []struct {
		command string
		args    []string
		status  int
	}{
		{"process", []string{"-p", "dev"}, 5},
		{"env", []string{"-p", "dev", "--shell", "bash"}, 5},
		{"console", []string{"dev"}, 5},
		{"console", []string{"dev", "--url", "--role-arn", roleARN(account, "Ops")}, 5},
		{"use", []string{"--shell", "bash"}, 5},
		{"use", []string{"--shell", "bash", "dev"}, 5},
		{"exec", []string{"-p", "dev", "--", "true"}, 5},
		{"exec", []string{"--server", "dev"}, 5},
		{"login", []string{"dev"}, 5},
		{"logout", []string{"dev"}, 0},
		{"add", []string{"other"}, 5},
		{"add", []string{"other", "--stdin"}, 4},
		{"import", []string{"--all"}, 0},
		{"remove", []string{"dev"}, 5},
		{"wire", []string{"dev"}, 0},
		{"unwire", []string{"--all"}, 0},
		{"init", []string{"bash"}, 0},
		{"init", []string{"nosuch"}, 2},
		{"vault create", nil, 6},
		{"vault unlock", nil, 0},
		{"vault lock", nil, 0},
		{"vault passwd", nil, 5},
		{"vault passwd", []string{"--no-input"}, 5},
		{"vault backup", []string{"saved"}, 0},
		{"vault restore", nil, 0},
		{"completion", []string{"bash"}, 0},
		{"profiles", nil, 0},
		{"explain", []string{"dev"}, 0},
		{"doctor", nil, 0},
		{"scan", nil, 4}, // its program is not there; see cmd/fob-scan
		{"version", nil, 0},
	} {
		r, took := b.detached(limit, append(strings.Fields(tt.command), tt.args...)...)
		if r.status != tt.status || took >= limit {
			t.Errorf("fob %s %q: took %v, want exit status %d: %v", tt.command, tt.args, took, tt.status, r)
		}
		if r.status != 0 && !threeLines.MatchString(r.stderr) {
			t.Errorf("fob %s %q: the failure does not end in three lines: %s", tt.command, tt.args, r.stderr)
		}
	}
}

// TestWithoutTerminalIsComplete fails for a subcommand that is not in the table above.
func TestWithoutTerminalIsComplete(t *testing.T) {
	source := readFile(t, "noterminal_test.go")
	for _, command := range cli.Commands() {
		if !strings.Contains(source, `{"`+command+`", `) {
			t.Errorf("%q is missing in the table of TestWithoutTerminal", command)
		}
	}
}

// TestStoppedWhileReading: a command that waits for a pipe ends with the signal.
func TestStoppedWhileReading(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev")
	pipe := b.path("pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"add", "other", "--csv", pipe},
		{"vault", "restore", pipe},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := b.command(ctx, args...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when fob reads
		if err != nil {
			t.Fatal(err)
		}
		defer writer.Close()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if r := (result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}); r.status != 130 || !threeLines.MatchString(r.stderr) {
			t.Errorf("fob %q: %v", args, r)
		}
	}
}

// TestSilentKeychain: a keychain service that takes connections and never answers
// ends every command that needs it within its deadline.
func TestSilentKeychain(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has the Secret Service")
	}
	const limit = 15 * time.Second
	for _, args := range [][]string{
		{"process", "-p", "dev"},
		{"add", "other", "--csv", "key.csv"},
		{"remove", "dev", "--force"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			bus, err := net.Listen("unix", b.path("bus"))
			if err != nil {
				t.Fatal(err)
			}
			defer bus.Close()
			b.stored("dev")
			b.set("FOB_KEYCHAIN", "os")
			b.set("DBUS_SESSION_BUS_ADDRESS", "unix:path="+b.path("bus"))
			r, took := b.detached(limit, args...)
			if r.status != 6 || took >= limit || !threeLines.MatchString(r.stderr) || r.stdout != "" {
				t.Errorf("took %v: %v", took, r)
			}
		})
	}
}

// TestSilentAWS: an AWS that takes the call and never answers.
func TestSilentAWS(t *testing.T) {
	quiet, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	const limit = 30 * time.Second
	for _, args := range [][]string{
		{"process", "-p", "dev", "--mfa-code", "123456"},
		{"add", "other", "--csv", "key.csv"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.stored("dev", "--mfa-serial", b.mfa.Serial)
			b.set("AWS_ENDPOINT_URL_STS", "http://"+quiet.Addr().String())
			r, took := b.detached(limit, args...)
			if took >= limit || !slices.Contains([]int{0, 7}, r.status) {
				t.Errorf("took %v: %v", took, r)
			}
		})
	}
}
