//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// need skips a test without the program, or fails it where nothing may be skipped.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && noSkip() {
		t.Fatalf("%s is not installed", program)
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return path
}

// build makes the real fob.
func build(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fob")
	if out, err := exec.Command(need(t, "go"), "build", "-o", file, "fob").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return file
}

// TestCanary goes through all that fob does with one key and then looks for the
// key, the MFA seed and every session in whatever was written, shown or handed to
// a program's arguments (R16). All runs under umask 000.
func TestCanary(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fob = build(t)
	strace, _ := exec.LookPath("strace")
	if strace == "" && noSkip() {
		t.Fatal("strace is not installed")
	}
	b.environ = slices.DeleteFunc(b.environ, func(e string) bool { return strings.HasPrefix(e, "SECRET=") })
	c := &canary{box: b, strace: strace}
	if err := os.Mkdir(b.path("traces"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.write("home/.aws/config", "[profile ops]\nrole_arn = "+roleARN(account, "Ops")+"\nsource_profile = dev\n")
	b.set("FOB_MFA_COMMAND", `sh -c 'env > "$TMPDIR/environ"; exec mfacode'`)
	b.set("AWS_SECRET_ACCESS_KEY", b.ann.Key.Secret) // of no use to an MFA command
	b.set("AWS_ACCESS_KEY_ID", b.ann.Key.ID)

	c.quiet("vault", "create")
	c.types("< Access Key ID: \n> $KEY_ID\n< Secret Access Key: \n> $SECRET\n", "add", "dev", "--mfa-serial", b.mfa.Serial)
	c.types("< Access Key ID: \n> $KEY_ID\n< Secret Access Key: \n> $SECRET x\n", "add", "bad")
	c.strace = "" // it would get the signal
	c.types("< Delete it?\n! SIGABRT\n", "add", "csv", "--csv", "key.csv")
	c.strace = strace
	c.data("process", "-p", "dev")
	c.data("process", "-p", "ops")
	c.data("env", "-p", "ops", "--shell", "bash")
	c.data("exec", "ops", "--", "env")
	c.quiet("exec", "--debug", "--server", "ops", "--", "true")
	c.quiet("process", "-p", "nobody")
	c.quiet("env", "-p", "ops", "--shell", "nobody")
	c.quiet("login", "dev", "--debug")
	c.quiet("profiles")
	c.quiet("profiles", "--format", "json")
	c.quiet("explain", "ops", "--format", "json")
	c.quiet("vault", "backup", "tmp/backup")
	c.quiet("vault", "restore", "tmp/backup")
	c.quiet("add", "dev", "--stdin")
	b.forward(time.Minute)
	c.quiet("login", "dev", "--force")
	c.quiet("logout", "--all")
	c.quiet("remove", "dev", "--force")
	c.quiet("vault", "lock")

	for _, dir := range []string{"fob", "run", "tmp", "home", "traces"} {
		checkNoSecret(t, b.path(dir), b.secrets())
	}
	for _, dir := range []string{"fob", "run", "tmp/backup"} {
		checkPrivate(t, b.path(dir))
	}
	if _, err := os.Stat(b.path("tmp/environ")); err != nil {
		t.Errorf("the MFA command did not run: %v", err)
	}
	if len(b.aws.Sessions()) < 3 {
		t.Errorf("only %d sessions were made", len(b.aws.Sessions()))
	}
}

// canary runs fob under strace, which notes all programs that are started.
type canary struct {
	*box
	strace string
	runs   int
}

func (c *canary) wrapped(args []string) *exec.Cmd {
	c.runs++
	words := append([]string{c.fob}, args...)
	if c.strace != "" {
		trace := c.path(fmt.Sprintf("traces/%d", c.runs))
		words = append([]string{c.strace, "-f", "-qq", "-s", "100000", "-e", "trace=execve", "-o", trace}, words...)
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", `umask 000; exec "$@"`, "sh"}, words...)...)
	cmd.Dir, cmd.Env = c.dir, c.environ
	return cmd
}

// data runs a command whose stdout is meant to hold a secret.
func (c *canary) data(args ...string) {
	c.t.Helper()
	r := c.finish(c.wrapped(args))
	if r.status != 0 || secretIn([]byte(r.stdout), c.secrets()) == "" {
		c.t.Errorf("fob %q gives no credentials: %v", args, r)
	}
	c.clean(args, r.stderr)
}

// quiet runs a command that shows no secret anywhere.
func (c *canary) quiet(args ...string) {
	c.t.Helper()
	r := c.finish(c.wrapped(args))
	c.t.Logf("fob %q: exit status %d", args, r.status)
	c.clean(args, r.stdout+r.stderr)
}

// types runs a command on a terminal, which shows no secret either.
func (c *canary) types(dialogue string, args ...string) {
	c.t.Helper()
	vars := map[string]string{"SECRET": c.ann.Key.Secret, "KEY_ID": c.ann.Key.ID}
	moves, err := parseDialogue(dialogue, func(name string) string { return vars[name] })
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := c.wrapped(args)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	shown, err := onTerminal(cmd, moves)
	if err != nil {
		c.t.Fatalf("fob %q: %v\n%s", args, err, out.String())
	}
	c.t.Logf("fob %q: %v", args, cmd.ProcessState)
	c.clean(args, out.String()+shown)
}

func (c *canary) clean(args []string, out string) {
	c.t.Helper()
	if s := secretIn([]byte(out), c.secrets()); s != "" {
		c.t.Errorf("fob %q shows the secret %.4s…", args, s)
	}
}

// TestWarmProcessOpensNoSocket: a warm answer costs files, no bus and no network
// (R17).
func TestWarmProcessOpensNoSocket(t *testing.T) {
	t.Parallel()
	strace := need(t, "strace")
	b := newBox(t)
	b.fob = build(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	b.must("process", "-p", "dev", "--mfa-code", b.mfa.Code(b.aws.Now()))
	for _, args := range [][]string{{"process", "-p", "dev"}, {"credential-process", "--profile=dev"}} {
		trace := b.path("trace")
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, strace, append([]string{"-f", "-qq", "-e", "trace=execve,socket,connect", "-o", trace, b.fob}, args...)...)
		cmd.Dir, cmd.Env = b.dir, b.environ
		if r := b.finish(cmd); r.status != 0 {
			t.Fatal(r)
		}
		seen := readFile(t, trace)
		if strings.Contains(seen, "socket(") || strings.Contains(seen, "connect(") || strings.Count(seen, "execve(") != 1 {
			t.Errorf("fob %q: a warm answer does more than read files:\n%s", args, seen)
		}
	}
}
