//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// talk runs fob on a terminal; stderr goes there too if together is set.
func (b *box) talk(dialogue string, together bool, args ...string) (r result, shown string) {
	b.t.Helper()
	vars := map[string]string{"SERIAL": b.mfa.Serial, "CODE": b.mfa.Code(b.aws.Now()), "SECRET": b.ann.Key.Secret, "KEY_ID": b.ann.Key.ID}
	moves, err := parseDialogue(dialogue, func(name string) string { return vars[name] })
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*patience)
	defer cancel()
	cmd := b.command(ctx, args...)
	cmd.Env = append(cmd.Env, varTerminal+"=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout = &stdout
	if !together {
		cmd.Stderr = &stderr
	}
	shown, err = onTerminal(cmd, moves)
	if err != nil {
		b.t.Fatalf("fob %s: %v", strings.Join(args, " "), err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}, shown
}

// The prompt is the one that people know, with the serial (L18).
func TestPromptText(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	r, shown := b.talk("< abort): \n> $CODE\n", false, "process", "-p", "dev")
	want := "Enter your MFA code for arn:aws:iam::123456789012:mfa/ann (or 'q' to abort): " + b.mfa.Code(b.aws.Now()) + "\r\n"
	if r.status != 0 || r.stderr != "" || shown != want {
		t.Errorf("the terminal shows %q, want %q: %v", shown, want, r)
	}
}

// A stale session says so before the prompt, not after it (L16).
func TestStaleSessionIsToldBeforeThePrompt(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	b.aws.Behave(func(x *awsfake.Behaviour) { x.TTL = time.Minute })
	expires := b.aws.Now().Add(time.Minute)
	b.must("process", "-p", "dev", "--mfa-code", b.mfa.Code(b.aws.Now()))
	b.set(varClock, "70s")
	b.forward(70 * time.Second)
	_, shown := b.talk("< abort): \n> $CODE\n", true, "process", "-p", "dev")
	want := "Saved session for dev expired at " + expires.UTC().Format("2006-01-02 15:04 UTC") + "\r\nEnter your MFA code for "
	if !strings.HasPrefix(shown, want) {
		t.Errorf("the terminal shows %q, want %q first", shown, want)
	}
}

// Whatever ends a prompt changes nothing, prints nothing, and leaves a terminal
// that echoes.
func TestEndOfPrompt(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	ahead := time.Duration(0)
	for _, end := range []string{"> q", "> Q", "> ^C", "> ^D", "! SIGTERM", "! SIGHUP", "! SIGINT"} {
		for _, command := range [][]string{{"process", "-p", "dev"}, {"login", "dev"}, {"env", "-p", "dev", "--shell", "bash"}} {
			r, _ := b.talk("< abort): \n"+end+"\n", false, command...)
			if r.status != 130 || r.stdout != "" || !threeLines.MatchString(r.stderr) {
				t.Errorf("%s of %s: %v", end, command[0], r)
			}
			ahead += 11 * time.Second
			b.set(varClock, ahead.String()) // past the cool-down
		}
	}
	if n := b.aws.Stats().Total; n != 0 {
		t.Errorf("%d calls", n)
	}
}
