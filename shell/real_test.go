package shell_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// prefix begins the names of the variables that the tests set.
const prefix = "T_"

// childVariable makes the test binary print its environment instead of testing.
const childVariable = "SHELL_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		for _, entry := range os.Environ() {
			name, value, _ := strings.Cut(entry, "=")
			if strings.HasPrefix(name, prefix) {
				fmt.Printf("%s %x\n", name, value)
			}
		}
		return
	}
	m.Run()
}

// testBinary returns the program that prints its environment.
func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// need skips a test without the program, or fails it where nothing may be skipped.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

// run starts a program in dir with little but extra in its environment and
// returns the variables that its child saw.
func run(t *testing.T, dir string, extra []string, argv ...string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.WaitDelay = time.Second
	c.Dir = dir
	c.Env = append([]string{childVariable + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}, extra...)
	for _, name := range []string{"LD_LIBRARY_PATH", "SystemRoot"} {
		if value, set := os.LookupEnv(name); set {
			c.Env = append(c.Env, name+"="+value)
		}
	}
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%.2000s", argv[0], err, stderr.String())
	}
	got := map[string]string{}
	for line := range strings.Lines(stdout.String()) {
		name, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		value, err := hex.DecodeString(text)
		if err != nil {
			t.Fatalf("%s printed %q", argv[0], line)
		}
		got[name] = string(value)
	}
	return got
}

// compare reports what differs, a few at most.
func compare(t *testing.T, got, want map[string]string) {
	t.Helper()
	names := maps.Clone(got)
	maps.Copy(names, want)
	wrong := 0
	for name := range names {
		g, isSet := got[name]
		if w, set := want[name]; set == isSet && w == g {
			continue
		}
		if wrong++; wrong <= 5 {
			t.Errorf("%s is %q (set: %v), want %q", name, g, isSet, want[name])
		}
	}
	if wrong > 5 {
		t.Errorf("%d of %d variables are wrong", wrong, len(want))
	}
}

// textFile writes what a shell is to evaluate.
func textFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// nasty returns more than 150 values that shells stumble over.
func nasty() []string {
	return []string{
		"", " ", "  a  b  ", "\n", "\n\n", "a\n", "\na", "\r\n", "\t", " \n\t ", "a\nb\n\nc",
		"'", "''", "'''", `"`, `""`, "`", "``", "`touch canary`", "$(touch canary)", "$((1+1))", "${HOME}", "$HOME", "$", "$$", "$'a'", `$"a"`,
		"'; touch canary; '", `"; touch canary; "`, "; touch canary", ";touch canary;", "& touch canary &", "| touch canary", "|| touch canary",
		"&& touch canary", "\ntouch canary\n", "> canary", ">canary", "a>canary", "<(touch canary)", "=(touch canary)", ">(touch canary)",
		"'$(touch canary)'", `\'; touch canary; \'`, `'\''; touch canary; '\''`, `\`, `\\`, `\\\`, `a\`, `\n`, `\x41`, `\101`, `\1`, `\0`, `\'`, `\"`, `\$`, "\\`", "\\\n", `\ `,
		"*", "?", "[a]", "[!a]", "a*", "*canary*", "**", "~", "~root", "~+", "a~", "a:~", "=ls", "a=b", "=", "==", "+(a)", "@(a|b)", "!(a)", "(a)", "()", "a()",
		"{a,b}", "{1..9}", "{", "}", "#", "# a", "a #b", "a#b", "!", "!!", "!x", `\!`, "a!b", "a !b", "^a^b", "%", "%1", "%TEMP%", "%d%s", "-n", "-e", "--", "-", "-rf",
		"+", "@", ",", ".", "..", "/", "//", ":", "&", "&&", "|", "||", "<", ">", "<<EOF", "<<<a", ";;", ";", "if", "done", "esac", "}", "time", "function", "[[", "]]", "((", "))",
		"\x7f", "\x1b[31m", "\x1b]52;c;YQ==\a", "\x01", "\x80", "\xff", "\xc3", "\xe2\x82", "a\xffb", "\xfe\xff", "\xef\xbb\xbf",
		"é", "e\u0301", "東京", "🔑", "\u2018a\u2019", "\u201ca\u201d", "\u201a\u201b", "\u00a0", "\u2028", "\u2029", "\u202e", "\u200b", "\ufeff", "\ufffd", "\ue000", "\uf600", "\uf8ff", "\U0010ffff", "\u0085", "ß", "İ",
		"0123", "12", "1\x002"[:1], "a\x011", "\x0177", "é7", "éa", "\n7", "'7", "1e5", "true", "null", "0x10", "None", "[]",
		"ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=_-", "2026-11-22T01:13:00Z", "arn:aws:iam::123456789012:user/ann,x@y%z",
		"FwoGZXIvYXdzE" + strings.Repeat("Aa0+/=_-", 500), strings.Repeat("'\\!\n", 200), strings.Repeat(" ", 300),
	}
}

// values returns all values that shells are tested with.
func values() []string {
	all := append(nasty(), random(1000)...)
	for b := 1; b < 256; b++ {
		all = append(all, string([]byte{byte(b)}), string([]byte{'a', byte(b), '7'}))
	}
	return all
}

// random returns n values: any bytes, what is special in shells, or UTF-8. The
// same ones each time.
func random(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	alphabets := [][]string{
		strings.Split("' \" ` $ ( ) { } [ ] \\ ! # ~ * ? ; & | < > = % ^ @ + - , . / : a n x 0 1 7", " "),
		strings.Split("a,b, ,\n,\t,\r,',\\,é,東,🔑,\u2019,\u0301,\u00a0", ","),
		nil, // any byte
	}
	values := make([]string, n)
	for i := range values {
		alphabet := alphabets[i%len(alphabets)]
		for range r.IntN(40) {
			if alphabet == nil {
				values[i] += string([]byte{byte(1 + r.IntN(255))})
			} else {
				values[i] += alphabet[r.IntN(len(alphabet))]
			}
		}
	}
	return values
}
