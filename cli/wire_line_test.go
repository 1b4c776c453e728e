package cli_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"fob/cli"
	"fob/internal/command"
)

func TestProcessLine(t *testing.T) {
	for _, tc := range []struct{ program, profile, goos, want string }{
		{"fob", "dev", "linux", "fob process -p dev"},
		{"/usr/bin/fob", "123456789012/Admin@eu_1.x:y+z,%=", "linux", "/usr/bin/fob process -p 123456789012/Admin@eu_1.x:y+z,%="},
		{"/My Apps (new)/fob", "it's größe", "darwin", `"/My Apps (new)/fob" process -p "it's größe"`},
		{"/usr/bin/fob", "~ann", "linux", `/usr/bin/fob process -p "~ann"`},
		{`C:\Users\ann\fob.exe`, "two words", "windows", `C:\Users\ann\fob.exe process -p "two words"`},
		{`C:\Program Files\fob.exe`, "dev", "windows", `"C:\Program Files\fob.exe" process -p dev`},
		{`C:\PROGRA~1\fob.exe`, "it's", "windows", `C:\PROGRA~1\fob.exe process -p "it's"`},
	} {
		if got, err := cli.ProcessLine(tc.program, tc.profile, tc.goos); got != tc.want || err != nil {
			t.Errorf("%q %q %s: got %q, %v", tc.program, tc.profile, tc.goos, got, err)
		}
	}
}

// What one of the readers takes for more than a letter is in no line (T12).
func TestProcessLineRefuses(t *testing.T) {
	const everywhere = "\"\\$`!&|;<>*?[]{}#^\n\r\t\x00\x1b\u202e\ufffd\xff"
	for _, c := range everywhere {
		if line, err := cli.ProcessLine("/fob", "a"+string(c)+"b", "linux"); err == nil {
			t.Errorf("%q", line)
		}
		if line, err := cli.ProcessLine("/a"+string(c)+"b/fob", "dev", "darwin"); err == nil {
			t.Errorf("%q", line)
		}
	}
	for _, tc := range []struct{ program, profile, goos string }{
		{"/fob", "", "linux"}, {"/fob", "-x", "linux"}, {"", "x", "linux"},
		{"fob", "50%", "windows"}, {"fob", "a&b", "windows"}, {"fob", "(x)", "windows"},
		{`C:\Program Files (x86)\fob.exe`, "dev", "windows"}, {`C:\Program Files\fob.exe`, "two words", "windows"},
	} {
		if line, err := cli.ProcessLine(tc.program, tc.profile, tc.goos); err == nil {
			t.Errorf("%q", line)
		}
	}
}

// FuzzProcessLine: what is said is read as it was meant by botocore's splitter,
// which is fob's, and by the shell that the other SDKs start.
func FuzzProcessLine(f *testing.F) {
	for _, s := range []string{"dev", "two  words", "it's", "größe", "~", "a=b", "$x", "a#b", "%PATH%", "(", " x "} {
		f.Add("/bin/"+s, s)
	}
	sh, _ := exec.LookPath("sh")
	f.Fuzz(func(t *testing.T, program, profile string) {
		line, err := cli.ProcessLine(program, profile, "linux")
		if err != nil {
			return
		}
		want := []string{program, "process", "-p", profile}
		if words, err := command.Split(line); err != nil || !slices.Equal(words, want) {
			t.Fatalf("%q becomes %q, %v", line, words, err)
		}
		if sh == "" {
			t.Skip("no sh")
		}
		out, err := exec.Command(sh, "-c", `printf '%s\0' `+line).Output()
		if err != nil || string(out) != strings.Join(want, "\x00")+"\x00" {
			t.Fatalf("sh reads %q as %q, %v", line, out, err)
		}
	})
}
