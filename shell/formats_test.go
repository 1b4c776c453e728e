package shell_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fob/shell"
)

// wanted is what a format that cannot take variables away leaves of vars.
func wanted(vars []shell.Var) map[string]string {
	want := map[string]string{}
	for _, v := range vars {
		if !v.Unset {
			want[v.Name] = v.Value
		}
	}
	return want
}

// TestDotenvSourced has shells read the file as people do.
func TestDotenvSourced(t *testing.T) {
	text, vars := export(t, "dotenv", values(t, "dotenv"))
	child := testBinary(t)
	for _, s := range posix() {
		t.Run(strings.Join(s.argv, " "), func(t *testing.T) {
			t.Parallel()
			need(t, s.argv[0])
			r := newRoom(t)
			argv := s.evaluates(r, child, `set -a; . "$1"; set +a`)
			want := apply(r.run(t, "", argv...), vars[2:])
			compare(t, r.run(t, text, argv...), want)
		})
	}
}

// TestDotenvRead has the file read by what else reads such files.
func TestDotenvRead(t *testing.T) {
	text, vars := export(t, "dotenv", values(t, "dotenv"))
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, argv := range map[string][]string{
		"python": {python(t), "-c", "import json, sys, dotenv; json.dump(dotenv.dotenv_values(sys.argv[1]), sys.stdout)", file},
		"node":   {"node", "--env-file=" + file, "-e", "process.stdout.write(JSON.stringify(process.env))"},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, argv[0])
			if name == "python" && exec.Command(argv[0], "-c", "import dotenv").Run() != nil {
				missing(t, "no python-dotenv: set FOB_TEST_PYTHON")
			}
			got := map[string]string{}
			decode(t, "", argv, &got)
			for name := range got { // node has the other variables as well
				if !strings.HasPrefix(name, prefix) {
					delete(got, name)
				}
			}
			compare(t, got, wanted(vars))
		})
	}
}

// TestJSONRead has the object read and written again by others.
func TestJSONRead(t *testing.T) {
	text, vars := export(t, "json", values(t, "json"))
	want := map[string]*string{}
	for _, v := range vars {
		want[v.Name] = &v.Value
		if v.Unset {
			want[v.Name] = nil
		}
	}
	for name, argv := range map[string][]string{
		"python": {python(t), "-c", "import json, sys; json.dump(json.load(sys.stdin), sys.stdout)"},
		"node":   {"node", "-e", "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8'))))"},
		"jq":     {"jq", "-c", "."},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, argv[0])
			got := map[string]*string{}
			decode(t, text, argv, &got)
			same := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
			for name := range maps.Keys(union(want, got)) {
				if !same(want[name], got[name]) {
					t.Errorf("%q: %s reads %s, want %s", name, argv[0], quoted(got[name]), quoted(want[name]))
				}
			}
		})
	}
}

// python is the interpreter that has the packages for tests.
func python(t *testing.T) string {
	t.Helper()
	if set := os.Getenv("FOB_TEST_PYTHON"); set != "" {
		return set
	}
	return "python3"
}

// decode runs a program and decodes the JSON that it prints.
func decode(t *testing.T, stdin string, argv []string, into any) {
	t.Helper()
	c := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", argv[0], err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%s: %v", argv[0], err)
	}
}

// TestGitHubRead reads the two texts as the runner does.
func TestGitHubRead(t *testing.T) {
	_, vars := export(t, "github", values(t, "github"))
	for i := range vars {
		vars[i].Secret = true
	}
	masks, err := shell.GitHub{}.Masks(vars)
	if err != nil {
		t.Fatal(err)
	}
	text, err := shell.GitHub{}.Export(vars)
	if err != nil {
		t.Fatal(err)
	}
	const left = "BEFORE=1\n" // by an earlier command of the step
	want := wanted(vars)
	want["BEFORE"] = "1"
	compare(t, readFileCommand(t, left+text), want)

	secrets := map[string]bool{}
	for _, value := range wanted(vars) {
		if value != "" {
			secrets[value] = true
		}
	}
	hidden := readMasks(t, masks)
	for value := range maps.Keys(union(secrets, hidden)) {
		if secrets[value] != hidden[value] {
			t.Errorf("%.200q is hidden: %v, want %v", value, hidden[value], secrets[value])
		}
	}
}

// readFileCommand reads what a step wrote to GITHUB_ENV: lines NAME=value, and
// values between lines NAME<<DELIMITER and DELIMITER. What comes first in the line,
// = or <<, decides.
func readFileCommand(t *testing.T, text string) map[string]string {
	t.Helper()
	got := map[string]string{}
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case heredoc > 0 && (equals < 0 || heredoc < equals) && heredoc+2 < len(line):
			name, end := line[:heredoc], line[heredoc+2:]
			var lines []string
			for {
				if text == "" {
					t.Fatalf("no line %q ends %s", end, name)
				}
				if line, text, _ = strings.Cut(text, "\n"); line == end {
					break
				}
				lines = append(lines, line)
			}
			got[name] = strings.Join(lines, "\n")
		case equals > 0:
			got[line[:equals]] = line[equals+1:]
		default:
			t.Fatalf("the runner refuses the line %.200q", line)
		}
	}
	return got
}

// readMasks reads commands in a step's output.
func readMasks(t *testing.T, text string) map[string]bool {
	t.Helper()
	hidden := map[string]bool{}
	for line := range strings.Lines(text) {
		value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "::add-mask::")
		if !ok {
			t.Fatalf("%.200q is no command", line)
		}
		// One after the other, as the runner does.
		for _, code := range []string{"%0D\r", "%0A\n", "%25%"} {
			value = strings.ReplaceAll(value, code[:3], code[3:])
		}
		hidden[value] = true
	}
	return hidden
}

// union has the names of both maps.
func union[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// quoted shows a value, or that there is none.
func quoted(s *string) string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%.200q", *s)
}
