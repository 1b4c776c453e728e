//go:build unix

package tty

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, mode, prompt, typed, want string
	}{
		{"line", "line", "Question: ", "an answer\n", `"an answer" <nil>`},
		{"empty line", "line", "Question: ", "\n", `"" <nil>`},
		{"backspace", "line", "Question: ", "12\x7f3\n", `"13" <nil>`},
		{"Ctrl-D after text", "line", "Question: ", "12\x043\n", `"123" <nil>`},
		{"Ctrl-D", "line", "Question: ", "\x04", `"" cancelled`},
		{"Ctrl-C", "line", "Question: ", "12\x03", `"" cancelled`},
		{`Ctrl-\`, "line", "Question: ", "12\x1c", `"" cancelled`},
		{"too long", "line", "Question: ", strings.Repeat("x", 5000) + "\n", `"" the line is too long`},
		{"longest", "line", "Question: ", strings.Repeat("x", 1000) + "\n", `"` + strings.Repeat("x", 1000) + `" <nil>`},
		{"secret", "secret", "Passphrase: ", "open sesame\n", `"open sesame" <nil>`},
		{"secret, Ctrl-C", "secret", "Passphrase: ", "open\x03", `"" cancelled`},
		{"secret, Ctrl-D", "secret", "Passphrase: ", "\x04", `"" cancelled`},
		{"secret, Ctrl-Z", "secret", "Passphrase: ", "\x1a\n", `"" cancelled`},

		{"confirm y", "confirm no", "Sure? [y/N] ", "y\n", "true <nil>"},
		{"confirm YES", "confirm no", "Sure? [y/N] ", " YES \n", "true <nil>"},
		{"confirm no", "confirm yes", "Sure? [Y/n] ", "no\n", "false <nil>"},
		{"confirm default yes", "confirm yes", "Sure? [Y/n] ", "\n", "true <nil>"},
		{"confirm default no", "confirm no", "Sure? [y/N] ", "\n", "false <nil>"},
		{"confirm nonsense", "confirm yes", "Sure? ", "x\nperhaps\nn\n", "false <nil>"},
		{"confirm only nonsense", "confirm yes", "Sure? ", "a\nb\nc\nd\ne\n", "false no usable answer"},
		{"confirm Ctrl-C", "confirm yes", "Sure? ", "\x03", "false cancelled"},

		{"choose", "choose", "  2  two\r\n  3  three\r\nNumber 1 to 3 (or 'q' to abort): ", "2\n", "1 <nil>"},
		{"choose out of range", "choose", "Number ", "0\n4\nx\n 3 \n", "2 <nil>"},
		{"choose q", "choose", "Number ", "q\n", "0 cancelled"},
		{"choose nonsense", "choose", "Number ", "a\nb\nc\nd\ne\n", "0 no usable answer"},
		{"choose Ctrl-D", "choose", "Number ", "\x04", "0 cancelled"},
		{"choose nothing", "choose nothing", "", "", "0 no usable answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, tt.mode)
			s.sees(tt.prompt)
			s.types(tt.typed)
			s.wantReport(tt.want)
			s.wantModesBack()
		})
	}
}

func TestMFACode(t *testing.T) {
	const prompt = "Enter your MFA code for arn:aws:iam::1:mfa/ann (or 'q' to abort): "
	tests := []struct{ name, mode, prompt, typed, want string }{
		{"code", "code", prompt, "123456\n", `"123456" <nil> []`},
		{"blanks", "code", prompt, " 123456\t\n", `"123456" <nil> []`},
		{"q", "code", prompt, "q\n", `"" cancelled []`},
		{"Q", "code", prompt, " Q \n", `"" cancelled []`},
		{"Ctrl-C", "code", prompt, "123\x03", `"" cancelled []`},
		{"Ctrl-D", "code", prompt, "\x04", `"" cancelled []`},
		{"asked again", "code", prompt, "\n12345\n1234567\n12345x\n123456\n", `"123456" <nil> []`},
		{"five malformed", "code", prompt, "1\n2\n٣٣٣٣٣٣\n4\n" + strings.Repeat("5", 5000) + "\n", `"" no MFA code was given []`},
		{"explained", "say", prompt, "1\n123456\n", `"123456" <nil> ["An MFA code has exactly six digits."]`},
		{"next", "next", "Enter the next value: ", "123456\n654321\n", `"654321" <nil> []`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, tt.mode)
			s.sees(tt.prompt)
			for _, line := range strings.SplitAfter(tt.typed, "\n") {
				s.types(line)
			}
			s.wantReport(tt.want)
		})
	}
}

func TestWrongCodeIsExplained(t *testing.T) {
	s := start(t, "code")
	s.sees("abort): ")
	s.types("12345\n")
	s.sees("12345\r\nAn MFA code has exactly six digits.\r\nEnter your MFA code for arn:aws:iam::1:mfa/ann (or 'q' to abort): ")
	s.types("123456\n")
	s.wantReport(`"123456" <nil> []`)
}

func TestSecretIsNotEchoed(t *testing.T) {
	s := start(t, "secret")
	s.sees("Passphrase: ")
	if s.modes().Lflag&unix.ECHO != 0 {
		t.Error("echo is on when the prompt shows")
	}
	s.types("open sesame\n")
	if shown := s.sees("\n"); shown != "\r" {
		t.Errorf("echoed %q", shown)
	}
	s.wantReport(`"open sesame" <nil>`)
}

// A program above us may have left the terminal raw.
func TestRawTerminal(t *testing.T) {
	s := start(t, "line", func(s *session) {
		raw := s.modes()
		raw.Iflag &^= unix.ICRNL
		raw.Oflag &^= unix.OPOST
		raw.Lflag &^= unix.ICANON | unix.ECHO | unix.ISIG
		s.setModes(raw)
	})
	s.sees("Question: ")
	s.types("12\x7f3\r")
	s.wantReport(`"13" <nil>`)
	s.wantModesBack()
}

func TestSignals(t *testing.T) {
	for _, mode := range []string{"line", "secret"} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
			t.Run(fmt.Sprint(mode, " ", sig), func(t *testing.T) {
				s := start(t, mode)
				s.sees(": ")
				if err := s.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				s.wantReport(`"" cancelled`)
				s.wantModesBack()
				s.sees("\r\n") // the shell's prompt starts on a fresh line
			})
		}
	}
}

func TestDeadline(t *testing.T) {
	for _, mode := range []string{"deadline", "limit"} {
		s := start(t, mode)
		s.sees(": ")
		s.wantReport(`"" no answer in time`)
		s.wantModesBack()
	}
}

// After a prompt was given up, the next line belongs to whoever reads next,
// whole, and without the half answer before it.
func TestNothingKeepsReading(t *testing.T) {
	for mode, echo := range map[string]string{"late line": "half", "late secret": ""} {
		s := start(t, mode)
		s.sees("Question: ")
		s.types("half")
		s.sees(echo)
		fmt.Fprintln(s.stdin, "give up")
		s.wantReport(`"" cancelled`)
		s.sees("Next: ")
		s.types("ls -l\n")
		s.wantReport(`"ls -l" <nil>`)
	}
}

func TestNoTerminal(t *testing.T) {
	s := start(t, "line", func(s *session) { s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} })
	if got := s.reported(); !strings.HasPrefix(got, `"" no terminal: open /dev/tty: `) {
		t.Fatal(got)
	}
}

// Neither reading nor setting modes may stop a background process: the child
// waits for the end of its own child, which a stopped process would not reach.
func TestBackground(t *testing.T) {
	s := start(t, "background")
	s.wantReport(`"" no terminal: running in the background`)
	s.wantReport("<nil>")
}

func TestParentGone(t *testing.T) {
	s := start(t, "grandparent")
	pid, err := strconv.Atoi(s.reported())
	if err != nil {
		t.Fatal(err)
	}
	s.sees("Question: ")
	parent, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wantReport(`"" cancelled`)
	s.wantModesBack()
}

// A terminal whose output stands still takes no text; nobody waits for ever.
func TestStoppedOutput(t *testing.T) {
	s := start(t, "stopped")
	s.wantReport("ready")
	s.types("\x13")
	fmt.Fprintln(s.stdin, "go")
	s.wantReport("no answer in time")
	s.types("\x11")
}
