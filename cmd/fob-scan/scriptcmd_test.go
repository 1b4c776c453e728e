//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are what scripts can say beside testscript's own commands:
//
//	status N            the last program ended with exit status N
//	fault KIND OP       from now on OP is denied or meets expired credentials once
//	clearfaults         ends that
//	hold OP             OP is not answered from now on, until release; "eu-west-1 ec2:…"
//	seen OP             waits until OP was called
//	release             all of them are
//	fix                 from now on everything is encrypted
//	calls OP N          OP was called N times since the last clearcalls, "total" for all
//	clearcalls          counts anew
//	sts ACTION N        STS has seen N calls of an action
//	full NAME           makes a pipe: who writes to it waits without an end
//	appears PATTERN     waits until there is such a file
//	mode FILE OCTAL     its permissions
//	services            the profile plain has an endpoint for EC2 alone from now on
//	json FILE N PATH V  the N-th line of a file, from 1 or -1, has this value there
func scriptCommands() map[string]scriptCommand {
	return map[string]scriptCommand{
		"status": n(1, cmdStatus), "fault": n(2, cmdFault), "clearfaults": n(0, cmdClearFaults), "hold": n(1, cmdHold), "release": n(0, cmdRelease), "seen": n(1, cmdSeen),
		"fix": n(0, cmdFix), "calls": n(2, cmdCalls), "clearcalls": n(0, cmdClearCalls), "sts": n(2, cmdSTS), "json": n(4, cmdJSON), "mode": n(2, cmdMode), "services": n(0, cmdServices),
		"full": n(1, cmdFull), "appears": n(1, cmdAppears),
	}
}

// n is a command with that many arguments, and without !.
func n(count int, do func(*testscript.TestScript, []string)) scriptCommand {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != count {
			ts.Fatalf("%d arguments and no ! are wanted", count)
		}
		do(ts, args)
	}
}

// threeLines is the form of every failure.
var threeLines = regexp.MustCompile(`(^|\n)fob: \S.*\n  why: \S.*\n  next: \S.*\n`)

func cmdStatus(ts *testscript.TestScript, args []string) {
	file := ts.Getenv(varStatus)
	got := ts.ReadFile(file)
	ts.Check(os.Remove(file))
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
	if strings.Contains("2 4 5 6 7", got) && !threeLines.MatchString(ts.ReadFile("stderr")) {
		ts.Fatalf("the failure does not have three lines: what, why, next")
	}
}

func cmdFault(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[args[1]] = args[0]
}

func cmdClearFaults(ts *testscript.TestScript, _ []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

func cmdHold(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[args[0]] = make(chan struct{})
}

func cmdSeen(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).aws
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		n := s.calls[args[0]]
		s.mu.Unlock()
		if n > 0 {
			return
		}
	}
	ts.Fatalf("nobody called %s", args[0])
}

func cmdRelease(ts *testscript.TestScript, _ []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	for op, c := range s.held {
		close(c)
		delete(s.held, op)
	}
}

func cmdFix(ts *testscript.TestScript, _ []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fixed = true
}

func cmdCalls(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.calls[args[0]]
	if args[0] == "total" {
		got = 0
		for op, n := range s.calls {
			if !strings.Contains(op, " ") {
				got += n
			}
		}
	}
	if strconv.Itoa(got) != args[1] {
		ts.Fatalf("%d calls of %s, want %s; all: %v", got, args[0], args[1], s.calls)
	}
}

func cmdClearCalls(ts *testscript.TestScript, _ []string) {
	s := worldOf(ts).aws
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.calls)
}

func cmdSTS(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).sts.Stats()
	if got := strconv.Itoa(s.Calls[args[0]]); got != args[1] {
		ts.Fatalf("%s calls of %s, want %s; all: %v", got, args[0], args[1], s.Calls)
	}
}

func cmdJSON(ts *testscript.TestScript, args []string) {
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	i, err := strconv.Atoi(args[1])
	ts.Check(err)
	if i < 0 {
		i += len(lines) + 1
	}
	if i < 1 || i > len(lines) {
		ts.Fatalf("%s has %d lines", args[0], len(lines))
	}
	var v any
	ts.Check(json.Unmarshal([]byte(lines[i-1]), &v))
	for part := range strings.SplitSeq(args[2], ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			k, err := strconv.Atoi(part)
			ts.Check(err)
			if k >= len(in) {
				ts.Fatalf("%s has %d elements", args[2], len(in))
			}
			v = in[k]
		}
	}
	if got := fmt.Sprint(v); got != args[3] {
		ts.Fatalf("%s is %q, want %q", args[2], got, args[3])
	}
}

func cmdMode(ts *testscript.TestScript, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

func cmdFull(ts *testscript.TestScript, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(syscall.Mkfifo(path, 0o600))
	fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_NONBLOCK, 0)
	ts.Check(err)
	ts.Defer(func() { _ = syscall.Close(fd) })
	for err == nil || err == syscall.EINTR {
		_, err = syscall.Write(fd, []byte{0})
	}
	if err != syscall.EAGAIN {
		ts.Fatalf("write to %s: %v", path, err)
	}
}

func cmdAppears(ts *testscript.TestScript, args []string) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(found) > 0 {
			return
		}
	}
	ts.Fatalf("there is no %s", args[0])
}

func cmdServices(ts *testscript.TestScript, _ []string) {
	file := ts.MkAbs("home/.aws/config")
	text := "[profile plain]\nregion = eu-west-1\nservices = local\n[services local]\nec2 =\n  endpoint_url = " + worldOf(ts).aws.URL + "\n"
	ts.Check(os.WriteFile(file, []byte(text), 0o600))
}
