//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// box is what a script has, for tests that are better written in Go.
type box struct {
	*world
	t       *testing.T
	dir     string
	environ []string
	fob     string // the program; "" is the test binary
}

func newBox(t *testing.T) *box {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.aws.Close)
	b := &box{world: w, t: t, dir: t.TempDir()}
	if err := w.files(b.dir); err != nil {
		t.Fatal(err)
	}
	b.set("PATH", os.Getenv("PATH"))
	b.set("TMPDIR", b.path("tmp"))
	if err := os.Mkdir(b.path("tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, value := range w.variables(b.dir) {
		b.set(name, value)
	}
	t.Cleanup(func() { forgetUnlocked(t, b.environ) })
	return b
}

// set sets a variable of fob's.
func (b *box) set(name, value string) { b.environ = append(b.environ, name+"="+value) }

func (b *box) path(name string) string { return b.dir + "/" + name }

// write makes a private file.
func (b *box) write(name, text string) {
	b.t.Helper()
	syscall.ForkLock.RLock() // no child of another test holds a program open: it could not be run
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(b.path(name), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// result is how a fob ended.
type result struct {
	status         int
	stdout, stderr string
}

// command is fob with arguments; its stdin is empty, its terminal none.
func (b *box) command(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	if b.fob != "" {
		cmd.Path = b.fob
	}
	cmd.Args = append([]string{"fob"}, args...)
	cmd.Dir, cmd.Env = b.dir, b.environ
	return cmd
}

// run runs a command to its end, which comes within the tests' patience.
func (b *box) run(args ...string) result {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	return b.finish(b.command(ctx, args...))
}

func (b *box) finish(cmd *exec.Cmd) result {
	b.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		b.t.Fatalf("%q: %v", cmd.Args, err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is run for a command that works.
func (b *box) must(args ...string) result {
	b.t.Helper()
	r := b.run(args...)
	if r.status != 0 {
		b.t.Fatalf("fob %s: exit status %d\n%s", strings.Join(args, " "), r.status, r.stderr)
	}
	return r
}

// stored makes a vault with ann's key as a profile.
func (b *box) stored(profile string, more ...string) {
	b.t.Helper()
	b.must("vault", "create")
	b.must(append([]string{"add", profile, "--csv", "key.csv", "--no-verify"}, more...)...)
}

func (r result) String() string {
	return "exit status " + strconv.Itoa(r.status) + "\nstdout: " + r.stdout + "\nstderr: " + r.stderr
}
