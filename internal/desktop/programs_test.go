package desktop

import (
	"encoding/base64"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"fob/internal/command"
)

var update = flag.Bool("update", false, "rewrite the expected calls in testdata")

// hostile means something to a shell, to markup readers, to printf, to AppleScript
// and to PowerShell.
const hostile = "--x <b>&amp; \"$(touch canary)\" '`touch canary`' a_b & \\n \\\" \" & (do shell script \"touch canary\") & \"\nline 2"

func callers() map[string]asker {
	return map[string]asker{
		"zenity": zenity{}, "kdialog": kdialog{}, "osascript": osascript{},
		"powershell": newPowerShell(func(string) string { return `C:\Windows` }),
	}
}

// How each program is called, to the letter: the scripts are fixed, and what is
// shown is an argument or a variable. Those of macOS and Windows run on no machine
// of the tests.
func TestCalls(t *testing.T) {
	for name, p := range callers() {
		var out strings.Builder
		for _, kind := range []Kind{Line, Secret, Confirm} {
			argv, env := p.ask(Question{kind, "fob", hostile}, 50*time.Second)
			call(&out, string(kind), argv, env)
		}
		golden(t, name, out.String())
	}
	var out strings.Builder
	for _, n := range []notifier{notifySend, osascriptNotification, newPowerShell(func(string) string { return "" }).notification} {
		argv, env := n("fob", hostile)
		call(&out, program(argv[0]), argv, env)
	}
	golden(t, "notifications", out.String())
}

// call writes a call down, a PowerShell script in clear.
func call(out *strings.Builder, title string, argv, env []string) {
	out.WriteString("== " + title + "\n")
	for i, arg := range argv {
		if i > 0 && argv[i-1] == "-EncodedCommand" {
			arg = decodedCommand(arg)
		}
		out.WriteString("[" + arg + "]\n")
	}
	for _, pair := range env {
		out.WriteString("env [" + pair + "]\n")
	}
}

func decodedCommand(encoded string) string {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return err.Error()
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])|uint16(raw[i+1])<<8)
	}
	return string(utf16.Decode(units))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s: the calls differ from %s:\n%s", name, file, got)
	}
}

// What is shown is in no script, whatever it is.
func TestTextIsNoScript(t *testing.T) {
	for name, p := range callers() {
		for _, kind := range []Kind{Line, Secret, Confirm} {
			one, _ := p.ask(Question{kind, "fob", "one"}, time.Second)
			other, _ := p.ask(Question{kind, "fob", "other"}, time.Second)
			for i, arg := range one {
				text := strings.ReplaceAll(arg, "one", "other") == other[i] && len(arg) < 60
				if arg != other[i] && !text {
					t.Errorf("%s %s: %q changes with the text", name, kind, arg)
				}
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		program string
		kind    Kind
		exit    int
		stdout  string
		text    string
		err     error
		unable  bool
	}{
		{program: "zenity", kind: Line, stdout: "123456\n", text: "123456"},
		{program: "zenity", kind: Secret, stdout: " blanks stay \n", text: " blanks stay "},
		{program: "zenity", kind: Line, stdout: "\n"},
		{program: "zenity", kind: Line, exit: 77, err: ErrCancelled},
		{program: "zenity", kind: Line, exit: 78, err: ErrCancelled},
		{program: "zenity", kind: Confirm, text: yes},
		{program: "zenity", kind: Confirm, exit: 77},
		{program: "zenity", kind: Confirm, exit: 78, err: ErrCancelled},
		{program: "zenity", kind: Confirm, exit: 1, unable: true},
		{program: "zenity", kind: Line, exit: 1, unable: true},
		{program: "zenity", kind: Line, exit: 255, unable: true},
		{program: "kdialog", kind: Line, stdout: "123456\n", text: "123456"},
		{program: "kdialog", kind: Line, exit: 1, stdout: "\n", err: ErrCancelled},
		{program: "kdialog", kind: Confirm, stdout: "Yes\n", text: yes},
		{program: "kdialog", kind: Confirm, stdout: "No\n"},
		{program: "kdialog", kind: Confirm},
		{program: "kdialog", kind: Confirm, exit: 1, err: ErrCancelled},
		{program: "kdialog", kind: Confirm, exit: 134, unable: true},
		{program: "osascript", kind: Line, stdout: "answer:12:34\n", text: "12:34"},
		{program: "osascript", kind: Line, stdout: "answer:\n"},
		{program: "osascript", kind: Line, stdout: "cancelled\n", err: ErrCancelled},
		{program: "osascript", kind: Line, stdout: "late\n", err: ErrTimeout},
		{program: "osascript", kind: Confirm, stdout: "answer:Yes\n", text: yes},
		{program: "osascript", kind: Confirm, stdout: "answer:No\n"},
		{program: "osascript", kind: Line, stdout: "else\n", unable: true},
		{program: "osascript", kind: Confirm, exit: 1, unable: true},
		{program: "powershell", kind: Secret, stdout: "w7w=\r\n", text: "ü"},
		{program: "powershell", kind: Line},
		{program: "powershell", kind: Line, stdout: "#", unable: true},
		{program: "powershell", kind: Confirm, text: yes},
		{program: "powershell", kind: Confirm, exit: 10},
		{program: "powershell", kind: Line, exit: 11, err: ErrCancelled},
		{program: "powershell", kind: Line, exit: 12, err: ErrTimeout},
		{program: "powershell", kind: Line, exit: 1, unable: true},
	} {
		text, err, ok := callers()[tt.program].answer(tt.kind, command.Result{ExitCode: tt.exit, Stdout: []byte(tt.stdout)})
		if ok == tt.unable || ok && (text != tt.text || !errors.Is(err, tt.err)) {
			t.Errorf("%s %s, exit status %d, %q: %q, %v, %v", tt.program, tt.kind, tt.exit, tt.stdout, text, err, ok)
		}
	}
}
