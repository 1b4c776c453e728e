//go:build unix

package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/testscript"

	"fob/internal/awsfake"
)

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are what scripts can say beside testscript's own commands:
//
//	status N                  the last fob ended with exit status N
//	tty DIALOGUE fob ARGS     runs fob on a terminal; see tty_test.go
//	code                      puts what the MFA device shows now into $CODE
//	clock DURATION            moves the clocks of AWS and fob forward
//	behave ttl=60s            see awsfake.Behaviour (ttl, skew)
//	fault KIND [ACTION [N]]   see awsfake.Fault
//	clearfaults               ends the faults
//	stats ACTION N            AWS has seen N calls of an action, "total" for all
//	call ACTION FIELD WANT    the last call of an action, see awsfake.Call
//	[!] json FILE PATH [WANT] a value in JSON is there, and is WANT
//	mode FILE OCTAL           a file's permissions are these
//	golden FILE               the last stdout is testdata/golden/FILE (-update writes it)
//	sso NAME=VALUE            see awsfake.SSOBehaviour, by the names of its control
//	endsso                    ends every sign-in at AWS
//	flip FOLDER               changes the last byte of every file in a folder
//	evilsts                   from now on AWS answers with a secret that no shell should see
func scriptCommands() map[string]scriptCommand {
	return map[string]scriptCommand{
		"status": exactly(1, cmdStatus), "tty": cmdTTY, "code": exactly(0, cmdCode), "clock": exactly(1, cmdClock),
		"behave": exactly(1, cmdBehave), "fault": positive(cmdFault), "clearfaults": exactly(0, cmdClearFaults), "stats": exactly(2, cmdStats),
		"call": exactly(3, cmdCall), "json": cmdJSON, "mode": exactly(2, cmdMode),
		"sso": exactly(1, cmdSSO), "endsso": exactly(0, cmdEndSSO), "flip": exactly(1, cmdFlip),
		"golden": exactly(1, cmdGolden), "evilsts": exactly(0, cmdEvilSTS),
	}
}

// positive is a command that cannot be negated.
func positive(do func(*testscript.TestScript, []string)) scriptCommand {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("there is no ! for this command")
		}
		do(ts, args)
	}
}

// exactly is a positive command with n arguments.
func exactly(n int, do func(*testscript.TestScript, []string)) scriptCommand {
	return positive(func(ts *testscript.TestScript, args []string) {
		if len(args) != n {
			ts.Fatalf("%d arguments, want %d", len(args), n)
		}
		do(ts, args)
	})
}

func cmdStatus(ts *testscript.TestScript, args []string) {
	file := ts.Getenv(varStatus)
	got := ts.ReadFile(file)
	ts.Check(os.Remove(file)) // so that none is seen twice
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
	if got != "0" && !threeLines.MatchString(ts.ReadFile("stderr")) {
		ts.Fatalf("the failure does not end in three lines: what, why, next")
	}
}

// threeLines is the end of every failure (SECURITY.md 9).
var threeLines = regexp.MustCompile(`(^|\n)fob: \S.*\n  why: \S.*\n  next: \S.*\n$`)

func cmdCode(ts *testscript.TestScript, _ []string) {
	w := worldOf(ts)
	ts.Setenv("CODE", w.mfa.Code(w.aws.Now()))
}

func cmdClock(ts *testscript.TestScript, args []string) {
	w, d := worldOf(ts), duration(ts, args[0])
	w.forward(d)
	w.ahead += d
	ts.Setenv(varClock, w.ahead.String())
}

func duration(ts *testscript.TestScript, s string) time.Duration {
	d, err := time.ParseDuration(s)
	ts.Check(err)
	return d
}

func cmdBehave(ts *testscript.TestScript, args []string) {
	name, value, _ := strings.Cut(args[0], "=")
	d := duration(ts, value)
	worldOf(ts).aws.Behave(func(b *awsfake.Behaviour) {
		switch name {
		case "ttl":
			b.TTL = d
		case "skew":
			b.Skew = d
		default:
			ts.Fatalf("unknown behaviour %q", name)
		}
	})
}

func cmdFault(ts *testscript.TestScript, args []string) {
	f := awsfake.Fault{Kind: awsfake.FaultKind(args[0])}
	if len(args) > 1 {
		f.Action = args[1]
	}
	if len(args) > 2 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		f.Times = n
	}
	ts.Check(worldOf(ts).aws.Fail(f))
}

func cmdClearFaults(ts *testscript.TestScript, _ []string) { worldOf(ts).aws.ClearFaults() }

func cmdStats(ts *testscript.TestScript, args []string) {
	s := worldOf(ts).aws.Stats()
	got := s.Calls[args[0]]
	if args[0] == "total" {
		got = s.Total
	}
	if strconv.Itoa(got) != args[1] {
		ts.Fatalf("%d calls of %s, want %s; all: %v", got, args[0], args[1], s.Calls)
	}
}

func cmdCall(ts *testscript.TestScript, args []string) {
	calls := worldOf(ts).aws.Calls()
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].Action != args[0] {
			continue
		}
		raw, err := json.Marshal(calls[i])
		ts.Check(err)
		if got, ok := valueAt(raw, args[1]); !ok || got != args[2] {
			ts.Fatalf("%s of %s is %q, want %q", args[1], args[0], got, args[2])
		}
		return
	}
	ts.Fatalf("no call of %s", args[0])
}

func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	got, ok := valueAt([]byte(ts.ReadFile(args[0])), args[1])
	switch {
	case neg && ok:
		ts.Fatalf("%s is there: %q", args[1], got)
	case !neg && !ok:
		ts.Fatalf("%s is not there", args[1])
	case !neg && len(args) == 3 && got != args[2]:
		ts.Fatalf("%s is %q, want %q", args[1], got, args[2])
	}
}

// valueAt finds a value by its path, such as steps.0.step.
func valueAt(raw []byte, path string) (text string, ok bool) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return "", false
	}
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			if v, ok = in[part]; !ok {
				return "", false
			}
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(in) {
				return "", false
			}
			v = in[i]
		default:
			return "", false
		}
	}
	if f, isNumber := v.(float64); isNumber {
		return strconv.FormatFloat(f, 'f', -1, 64), true
	}
	return fmt.Sprint(v), true
}

func cmdMode(ts *testscript.TestScript, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// cmdGolden compares after the script's own folder and endpoint are taken out.
func cmdGolden(ts *testscript.TestScript, args []string) {
	got := strings.NewReplacer(ts.Getenv("WORK"), "$WORK", ts.Getenv("FAKE"), "$FAKE").Replace(ts.ReadFile("stdout"))
	file := filepath.Join("testdata", "golden", args[0])
	if *update {
		ts.Check(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	ts.Check(err)
	if got != string(want) {
		ts.Fatalf("%s differs:\n%s", args[0], diff.Diff("want", want, "got", []byte(got)))
	}
}

// cmdEvilSTS starts a server that answers every call with a hostile secret.
func cmdEvilSTS(ts *testscript.TestScript, _ []string) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAQ777777777777777</AccessKeyId><SecretAccessKey>$(touch canary)</SecretAccessKey><SessionToken>token</SessionToken><Expiration>%s</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	}))
	ts.Defer(srv.Close)
	ts.Setenv("AWS_ENDPOINT_URL_STS", srv.URL)
}
