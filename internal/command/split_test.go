package command

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func splitPosix(line string) ([]string, error)   { return split(line, posixBlanks, posixWord) }
func splitWindows(line string) ([]string, error) { return split(line, " \t", windowsWord) }

func TestSplit(t *testing.T) {
	tests := []struct {
		line           string
		posix, windows []string // nil: ErrSplit
	}{
		{``, []string{}, []string{}},
		{" \t ", []string{}, []string{}},
		{`a b  c`, []string{"a", "b", "c"}, []string{"a", "b", "c"}},
		{" a\tb ", []string{"a", "b"}, []string{"a", "b"}},
		{"a\r\nb", []string{"a", "b"}, []string{"a\r\nb"}},
		{`"/opt/my tools/x" --y "z"`, []string{"/opt/my tools/x", "--y", "z"}, []string{"/opt/my tools/x", "--y", "z"}},
		{`'a b' c`, []string{"a b", "c"}, []string{"'a", "b'", "c"}},
		{`"C:\Program Files\x.exe" y`, []string{`C:\Program Files\x.exe`, "y"}, []string{`C:\Program Files\x.exe`, "y"}},
		{`C:\x.exe \\host\y`, []string{`C:x.exe`, `\hosty`}, []string{`C:\x.exe`, `\\host\y`}},
		{`a\ b`, []string{"a b"}, []string{`a\`, "b"}},
		{`"a\"b" 'a\'`, []string{`a"b`, `a\`}, []string{`a"b`, `'a\'`}},
		{`"a\\" "\$x"`, []string{`a\`, `\$x`}, []string{`a\`, `\$x`}},
		{`a\\\"b a\\"b c"`, []string{`a\"b`, `a\b c`}, []string{`a\"b`, `a\b c`}},
		{`"" ''`, []string{"", ""}, []string{"", "''"}},
		{`a"b"'c'd`, []string{"abcd"}, []string{"ab'c'd"}},
		{`a | b > $HOME`, []string{"a", "|", "b", ">", "$HOME"}, []string{"a", "|", "b", ">", "$HOME"}},
		{`sh -c 'a | b'`, []string{"sh", "-c", "a | b"}, []string{"sh", "-c", "'a", "|", "b'"}},
		{`a # b`, []string{"a", "#", "b"}, []string{"a", "#", "b"}},
		{"é 'ü ö'", []string{"é", "ü ö"}, []string{"é", "'ü", "ö'"}},
		{`a "b`, nil, nil},
		{`a 'b`, nil, []string{"a", "'b"}},
		{`a\`, nil, []string{`a\`}},
		{`"a\`, nil, nil},
	}
	for _, tt := range tests {
		checkSplit(t, "posix", tt.line, splitPosix, tt.posix)
		checkSplit(t, "windows", tt.line, splitWindows, tt.windows)
		if runtime.GOOS == "windows" {
			checkSplit(t, "here", tt.line, Split, tt.windows)
		} else {
			checkSplit(t, "here", tt.line, Split, tt.posix)
		}
	}
}

func checkSplit(t *testing.T, rules, line string, split func(string) ([]string, error), want []string) {
	t.Helper()
	got, err := split(line)
	if want == nil {
		if !errors.Is(err, ErrSplit) || got != nil {
			t.Errorf("%s %q: got %q, %v, want an error", rules, line, got, err)
		}
		return
	}
	if err != nil || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s %q: got %q, %v, want %q", rules, line, got, err, want)
	}
}

// botocore's splitter is shlex.split on Unix; its Windows one is compared if
// botocore is installed.
const oracle = `
import json, shlex, sys
try:
    from botocore.compat import compat_shell_split
    windows = lambda s: compat_shell_split(s, "win32")
except ImportError:
    windows = None
def words(split, s):
    try:
        return split(s)
    except ValueError:
        return None
json.dump([[words(shlex.split, s), words(windows, s) if windows else ["not installed"]] for s in json.load(sys.stdin)], sys.stdout)
`

func TestSplitAsBotocore(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		skip(t, "python3 is not installed")
	}
	const alphabet = "ab   \"\"'\\\\\t\n"
	lines := make([]string, 5000)
	for i := range lines {
		for range rand.IntN(12) {
			lines[i] += string(alphabet[rand.IntN(len(alphabet))])
		}
	}
	input, _ := json.Marshal(lines)
	cmd := exec.Command(python, "-c", oracle)
	cmd.Stdin = strings.NewReader(string(input))
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][2][]string
	if err := json.Unmarshal(output, &answers); err != nil || len(answers) != len(lines) {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for i, line := range lines {
		checkSplit(t, "posix", line, splitPosix, answers[i][0])
		if want := answers[i][1]; len(want) != 1 || want[0] != "not installed" {
			checkSplit(t, "windows", line, splitWindows, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "a b", `'a b' "c"`, `a\`, `"`, `a\\\"b`, "a\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for rules, split := range map[string]func(string) ([]string, error){"posix": splitPosix, "windows": splitWindows} {
			words, err := split(s)
			if err != nil && (!errors.Is(err, ErrSplit) || words != nil) {
				t.Fatalf("%s %q: %q, %v", rules, s, words, err)
			}
		}
		quoted := "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		checkSplit(t, "quoted", "x "+quoted+" y", splitPosix, []string{"x", s, "y"})
		if safe := strings.Fields(strings.Map(safe, s)); len(safe) > 0 {
			checkSplit(t, "posix", strings.Join(safe, " "), splitPosix, safe)
			checkSplit(t, "windows", strings.Join(safe, " "), splitWindows, safe)
		}
	})
}

// safe replaces what has a meaning by a blank.
func safe(r rune) rune {
	if strings.ContainsRune("\"'\\\r\n", r) {
		return ' '
	}
	return r
}

func TestShellSyntax(t *testing.T) {
	tests := map[string]string{
		`aws-vault export --format=json prod`: "",
		`a | b`:                               "|",
		`a || b`:                              "||",
		`a > out`:                             ">",
		`a >>out`:                             ">>out",
		`a 2>/dev/null`:                       "2>/dev/null",
		`a 2>&1`:                              "2>&1",
		`a < in`:                              "<",
		`a && b`:                              "&&",
		`a; b`:                                "a;",
		`a ; b`:                               ";",
		`a &`:                                 "&",
		`$HOME/bin/a`:                         "$HOME/bin/a",
		`a ${X}`:                              "${X}",
		`a $(b)`:                              "$(b)",
		"a `b`":                               "`b`",
		`~/bin/a`:                             "~/bin/a",
		`~ann/bin/a`:                          "~ann/bin/a",
		`a --file ~`:                          "~",
		`a~ b~c 5$ "$" x|y a&b 1>2x a;b`:      "1>2x",
		`a~ b~c 5$ "$" x|y a&b a;b`:           "",
		`sh -c 'a | b > $HOME'`:               "",
		`sh -c '$HOME/a;'`:                    "",
		`a 'b > $HOME'`:                       "",
	}
	for line, want := range tests {
		words, err := splitPosix(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := ShellSyntax(words); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	if got := ShellSyntax(nil); got != "" {
		t.Errorf("no words: %q", got)
	}
}

func skip(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
