//go:build unix

package resolve

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const processOutput = `{"Version":1,"AccessKeyId":"ASIAPROC","SecretAccessKey":"canary","SessionToken":"canary-token","Expiration":"2099-01-01T00:00:00Z"}`

// process is a profile p with a script as its credential_process. The shell
// reads it: a file that was just written may be too busy to be run itself.
func process(t *testing.T, script string) ProcessStep {
	t.Helper()
	dir := t.TempDir()
	program, config := filepath.Join(dir, "creds"), filepath.Join(dir, "config")
	err := errors.Join(os.WriteFile(program, []byte(script+"\n"), 0o600), os.WriteFile(config, nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return ProcessStep{Profile: "p", At: Origin{File: config, Line: 2}, Command: "/bin/sh " + program}
}

func TestProcess(t *testing.T) {
	print := "echo '" + processOutput + "'"
	for name, c := range map[string]struct {
		script  string
		arg     string
		account string // of the profile
		fail    string
		stderr  string
	}{
		"prints":               {script: print},
		"talks on stderr":      {script: "echo hello >&2; " + print, stderr: "hello\n"},
		"account of profile":   {script: print, account: "123456789012"},
		"environment":          {script: `[ "$KEEP" = yes ] && [ -z "$AWS_PROFILE" ] && [ "$FOB_CHAIN" = p ] && ` + print},
		"quoted argument":      {script: `[ "$1" = "a b" ] && ` + print, arg: ` "a b"`},
		"exit 3":               {script: "echo canary >&2; exit 3", fail: "ProcessError: … exit status 3", stderr: "canary\n"},
		"prints and fails":     {script: print + "; exit 1", fail: "ProcessError: … exit status 1"},
		"prints rubbish":       {script: "echo canary", fail: "ProcessError: … its output is refused: not a JSON object"},
		"prints without end":   {script: "while :; do echo canary canary canary canary; done", fail: "ProcessError: … too much output"},
		"a pipe that is none":  {script: `echo "$@"`, arg: " | cat", fail: "ProcessError: … | means nothing"},
		"a pipe in its output": {script: print, arg: " a|b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := process(t, c.script)
			step.AccountID = c.account
			step.Command += c.arg
			var stderr bytes.Buffer
			got, err := runStep(t, &Resolver{Environ: []string{"KEEP=yes", "PATH=/usr/bin:/bin"}, ChildStderr: &stderr}, step)
			if stderr.String() != c.stderr {
				t.Errorf("stderr %q, want %q", stderr.String(), c.stderr)
			}
			if c.fail != "" {
				checkError(t, err, c.fail)
				if strings.Contains(err.Error(), "canary") {
					t.Errorf("output in %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != "ASIAPROC" || got.Secret.Reveal() != "canary" || got.Token.Reveal() != "canary-token" || got.AccountID != c.account {
				t.Errorf("got %v of %q", got, got.AccountID)
			}
		})
	}
}

func TestProcessStatus(t *testing.T) {
	_, err := runStep(t, &Resolver{}, process(t, "exit 4"))
	var p *ProcessError
	if !errors.As(err, &p) || p.Status != 4 {
		t.Errorf("got %v", err)
	}
}

// Whoever can write the file could run anything as its owner.
func TestProcessOfForeignFile(t *testing.T) {
	step := process(t, "echo '"+processOutput+"'")
	if err := os.Chmod(step.At.File, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := runStep(t, &Resolver{}, step)
	checkError(t, err, "ConfigError: … line 2: credential_process is not run: … writable by others")
}

func TestProcessIsKilled(t *testing.T) {
	for name, c := range map[string]struct {
		ctx  func() (context.Context, context.CancelFunc)
		fail string
	}{
		"deadline": {ctx: func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 50*time.Millisecond)
		}, fail: "ProcessError: … not finished in time"},
		"cancel": {ctx: func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx, cancel
		}, fail: "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := c.ctx()
			defer cancel()
			start := time.Now()
			_, err := (&Resolver{Environ: []string{"PATH=/usr/bin:/bin"}}).Resolve(ctx, &Plan{Steps: []Step{process(t, "sleep 60")}})
			if err == nil {
				t.Fatal("no error")
			}
			checkError(t, err, c.fail)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("after %v", took)
			}
		})
	}
}
