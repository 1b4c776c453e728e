//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fob/cli"
	"fob/internal/awsfake"
)

// The test binary with this argument is fob whose clock is ahead by what the file
// of FOB_E2E_CLOCK says.
const clockedFobArg = "clocked-fob"

func clockedFob(args []string) int {
	sys := cli.Real()
	ahead, err := os.ReadFile(os.Getenv("FOB_E2E_CLOCK"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	by, err := time.ParseDuration(string(ahead))
	if len(ahead) > 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	sys.Now = func() time.Time { return time.Now().Add(by) }
	return cli.Main(context.Background(), args, sys)
}

// clockedWorld has ann's key in a vault, and a command line that is fob, counts
// its starts and takes its time from a file.
type clockedWorld struct {
	*world
	command, clock, starts string
}

func newClockedWorld(t *testing.T) *clockedWorld {
	t.Helper()
	w := &clockedWorld{world: newWorld(t)}
	w.command, w.clock, w.starts = filepath.Join(w.dir, "counted"), filepath.Join(w.dir, "clock"), filepath.Join(w.dir, "starts")
	w.write(w.command, fmt.Sprintf("#!/bin/sh\necho >>'%s'\nexec '%s' %s \"$@\"\n", w.starts, selfBinary, clockedFobArg))
	if err := os.Chmod(w.command, 0o700); err != nil {
		t.Fatal(err)
	}
	w.env["FOB_E2E_CLOCK"], w.env["AWS_PROFILE"] = w.clock, "sdk"
	w.useVault()
	w.add("ann", w.ann.Key).ok(t)
	return w
}

// sdk is the profile that comes to fob for another one.
func (w *clockedWorld) sdk(profile string) string {
	return "[profile sdk]\nregion = us-east-1\ncredential_process = \"" + w.command + "\" process -p " + profile + "\n"
}

// started counts fob's starts since the last look.
func (w *clockedWorld) started() int {
	w.t.Helper()
	text, err := os.ReadFile(w.starts)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(w.starts, nil, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

// signed is what refresh.py prints.
type signed struct {
	Keys  []string
	Least float64 // seconds that the credentials of a request had left
}

func (r result) signed(t *testing.T) (s signed) {
	t.Helper()
	r.ok(t)
	if err := json.Unmarshal([]byte(r.stdout), &s); err != nil {
		t.Fatalf("%v: %v\n%s", err, r, r.stdout)
	}
	return s
}

// refreshing is the command line of refresh.py.
func (w *clockedWorld) refreshing(first, last time.Duration, requests int, more ...string) []string {
	w.t.Helper()
	argv := append(boto3(w.t.(*testing.T), w.world)[:1:1], testdata(w.t.(*testing.T), "refresh.py"), w.clock,
		fmt.Sprint(first.Seconds()), fmt.Sprint(last.Seconds()), fmt.Sprint(requests))
	return append(argv, more...)
}

// While a session's life goes from an hour to a minute, botocore signs a hundred
// times and starts fob twice: for the session and for the next one. It asks at
// 15 minutes left, and fob never answers with a session that is so near its end.
func TestNoStormNearTheEnd(t *testing.T) {
	w := newClockedWorld(t)
	w.config("[profile ann]\nregion = us-east-1\n" + w.roleConfigOf("Ops", "ann", false) + w.sdk("Ops"))
	argv := w.refreshing(0, 59*time.Minute, 100, w.srv.URL()+"/__fake/behave")
	s := w.run("", argv[0], argv[1:]...).signed(t)
	if n := w.started(); n > 2 {
		t.Errorf("fob was started %d times", n)
	}
	if len(s.Keys) != 2 || s.Least < 14*60 {
		t.Errorf("signed with %v, with %v s left", s.Keys, s.Least)
	}
	w.wantCalls(map[string]int{"AssumeRole": 2})
}

// A session that only a person can renew is served to its last minute; nobody is
// asked and nothing fails before.
func TestPersonIsNotAskedEarly(t *testing.T) {
	w := newClockedWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.config("[profile ann]\nregion = us-east-1\nduration_seconds = 3600\nmfa_serial = " + w.ann.MFA.Serial + "\n" + w.sdk("ann"))
	w.fob("process", "-p", "ann").ok(t)
	delete(w.env, "FOB_MFA_COMMAND")
	argv := w.refreshing(0, 58*time.Minute, 40, w.srv.URL()+"/__fake/behave")
	s := w.run("", argv[0], argv[1:]...).signed(t)
	if len(s.Keys) != 1 || s.Least > 5*60 {
		t.Errorf("signed with %v, with %v s left", s.Keys, s.Least)
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1})
}

// Several processes that meet in one refresh window make one call to STS.
func TestCrowdInRefreshWindow(t *testing.T) {
	const crowd = 6
	for _, at := range []time.Duration{46 * time.Minute, 52 * time.Minute} { // advisory, mandatory
		t.Run(at.String(), func(t *testing.T) {
			w := newClockedWorld(t)
			w.config("[profile ann]\nregion = us-east-1\n" + w.roleConfigOf("Ops", "ann", false) + w.sdk("Ops"))
			argv := w.refreshing(at, at, 3)
			w.run("", w.command, "process", "-p", "Ops").ok(t)
			w.write(w.clock, at.String())
			w.srv.Reset()
			w.srv.Behave(func(b *awsfake.Behaviour) { b.Skew, b.Latency = at, 300*time.Millisecond })
			w.started()
			all := make([]*process, crowd)
			for i := range all {
				all[i] = w.begin("", argv[0], argv[1:]...)
			}
			for _, r := range waitAll(all) {
				if s := r.signed(t); s.Least < 7*60 {
					t.Errorf("signed with %v, with %v s left", s.Keys, s.Least)
				}
			}
			w.wantCalls(map[string]int{"AssumeRole": 1})
			if n := w.started(); n > 4*crowd {
				t.Errorf("fob was started %d times by %d processes", n, crowd)
			}
		})
	}
}
