package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/awsfile"
	"fob/internal/keycsv"
	"fob/internal/lock"
	"fob/keychain"
	"fob/resolve"
)

// TestAdvice: whatever a library says ends in the right exit status and in three
// lines, the last of which can be typed (SECURITY.md 9).
func TestAdvice(t *testing.T) {
	store := func(err error) error { return &keychain.Error{Op: "read", Store: "file vault", Err: err} }
	aws := func(c resolve.Cause) error { return &resolve.AWSError{Call: "AssumeRole x", Cause: c, Text: "text"} }
	for _, tt := range []struct {
		err  error
		code int
		next string // a part of it
	}{
		{resolve.ErrCancelled, 130, "fob login prod"},
		{context.Canceled, 130, "fob login prod"},
		{store(keychain.ErrCancelled), 130, "fob login prod"},
		{&resolve.CooldownError{Err: resolve.ErrCancelled}, 130, "fob login prod"},
		{&resolve.CooldownError{Err: aws(resolve.WrongCode)}, 7, "next code"},
		{&resolve.PersonError{Need: "an MFA code"}, 5, "fob login prod"},
		{&resolve.WaitError{PID: 7, Doing: "MFA code", Waited: time.Minute}, 5, "fob login prod"},
		{&resolve.WaitError{PID: 7, Doing: "AWS", Waited: time.Minute}, 1, "fob login prod"},
		{&resolve.ConfigError{Profile: "prod", Fact: "wrong"}, 4, "fob explain prod"},
		{&resolve.ConfigError{Fact: "wrong"}, 4, "fob explain"},
		{&resolve.ConfigError{Fact: "wrong", Fix: "source_profile = x"}, 4, "source_profile = x"},
		{&resolve.MissingProfileError{Profile: "prod"}, 4, "fob add prod"},
		{&resolve.MissingProfileError{Profile: "-prod\x1b"}, 4, "fob add NAME"},
		{&resolve.ProcessError{Program: "x", Fact: "exit status 3"}, 1, "fob explain prod"},
		{resolve.ErrNoCredentials, 1, "fob profiles"},
		{aws(resolve.Denied), 7, "fob explain prod"},
		{aws(resolve.WrongCode), 7, "fob login prod"},
		{aws(resolve.Expired), 7, "fob add prod"},
		{aws(resolve.BadKey), 7, "fob add prod"},
		{aws(resolve.Skew), 7, "clock"},
		{aws(resolve.Throttled), 7, "try again"},
		{aws(resolve.Unreachable), 7, "network"},
		{aws(resolve.BadAnswer), 7, "proxy"},
		{aws(resolve.Refused), 7, "fob explain prod"},
		{store(keychain.ErrNoPassphrase), 5, "fob vault unlock"},
		{store(keychain.ErrWrongPassphrase), 6, "fob vault unlock"},
		{store(keychain.ErrLocked), 5, "fob login prod"},
		{store(keychain.ErrDenied), 6, "fob login prod"},
		{store(keychain.ErrUnavailable), 6, "fob vault create"},
		{store(keychain.ErrTimeout), 6, "fob vault create"},
		{store(keychain.ErrCorrupt), 6, "fob add prod"},
		{store(&keychain.CorruptError{File: "vault.bin", Reason: "missing"}), 6, "fob add prod"},
		{store(keychain.ErrNotFound), 6, "fob add prod"},
		{store(keychain.ErrTooLarge), 6, "fob explain prod"},
		{store(keychain.ErrShortPassphrase), 4, "fob"},
		{store(&keychain.NewerVaultError{Version: 9, Reader: "fob 9"}), 6, "fob explain prod"},
		{store(fs.ErrPermission), 6, "fob explain prod"},
		{&atomicfile.UntrustedError{Path: "/x", Reason: "it is writable by others"}, 6, "chmod go-w /x"},
		{&keycsv.Error{Line: 3, Reason: keycsv.TwoKeys}, 4, "fob add"},
		{&awsfile.MissingFileError{Variable: "AWS_CONFIG_FILE", Path: "/x"}, 4, "unset AWS_CONFIG_FILE"},
		{&fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}, 1, "FOB_DIR"},
		{&lock.HeldError{Holder: lock.Holder{PID: 7, Message: "index"}, Err: context.DeadlineExceeded}, 1, "fob login prod"},
		{context.DeadlineExceeded, 1, "fob login prod"},
		{errors.New("anything else"), 1, "fob login prod"},
		{&failure{code: 4, what: "said already", why: "so", next: "fob x"}, 4, "fob x"},
	} {
		for _, err := range []error{tt.err, fmt.Errorf("verb noun: %w", tt.err)} {
			a := testApp(map[string]string{"FOB_DIR": t.TempDir()})
			a.g.Profile = "prod"
			var f *failure
			if !errors.As(a.advise(err), &f) {
				t.Fatalf("%v: no failure", err)
			}
			if f.code != tt.code || f.what == "" || f.why == "" || !strings.Contains(f.next, tt.next) || f.next == "" {
				t.Errorf("%v:\ncode %d, want %d\nwhat %q\n why %q\nnext %q, want %q", err, f.code, tt.code, f.what, f.why, f.next, tt.next)
			}
		}
	}
}

// TestAdviceNamesTheCommand: a command that hands out no credentials does not
// fail to get them.
func TestAdviceNamesTheCommand(t *testing.T) {
	a := testApp(map[string]string{"FOB_DIR": t.TempDir()})
	a.command = "vault passwd"
	var f *failure
	if !errors.As(a.advise(errors.New("disk full")), &f) || f.what != "fob vault passwd failed" || f.why != "disk full" || f.next != "fob vault passwd" {
		t.Errorf("%+v", f)
	}
}

func testApp(env map[string]string) *app {
	sys := System{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, GOOS: "linux", Now: time.Now,
		Getenv: func(name string) string { return env[name] }, Environ: func() []string { return nil },
	}
	return newApp(sys, &Globals{}, &printer{sys: sys})
}

// A warning is told once, however often the same thing is met.
func TestWarningOnce(t *testing.T) {
	var out strings.Builder
	p := &printer{sys: System{Stderr: &out}}
	p.warn("a")
	p.warn("b")
	p.warn("a")
	if want := "fob: warning: a\nfob: warning: b\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestVisibleJSON(t *testing.T) {
	const in = "{\"a\u202e\u009b\x7f\u2028é🔑\U000e0041\": \"東京\"}"
	if got, want := string(visible([]byte(in))), `{"a\u202e\u009b\u007f\u2028é🔑\udb40\udc41": "東京"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
