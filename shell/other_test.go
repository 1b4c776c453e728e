package shell_test

import (
	"fmt"
	"os/exec"
	"testing"

	"fob/shell"
)

// TestOtherShells sends every value through the documented form of each shell. It
// skips what is not installed even where nothing else may be skipped: the golden
// files pin the text, and most machines have none of these shells.
func TestOtherShells(t *testing.T) {
	child := testBinary(t)
	for name, argv := range map[string]func(file string) []string{
		"fish": func(file string) []string {
			return []string{"fish", "--no-config", "-c", "cat " + file + " | source; " + child}
		},
		"tcsh": func(file string) []string {
			return []string{"tcsh", "-f", "-c", "source " + file + "; " + child}
		},
		"elvish": func(file string) []string {
			return []string{"elvish", "-norc", "-c", "eval (cat " + file + " | slurp); " + child}
		},
		"xonsh": func(file string) []string {
			return []string{"xonsh", "--no-rc", "-c", "execx($(cat " + file + "))\n" + child}
		},
		"nu": func(file string) []string {
			return []string{"nu", "--no-config-file", "-c", "open --raw " + file + " | from json | load-env; ^" + child}
		},
		"pwsh": func(file string) []string {
			return []string{"pwsh", "-NoProfile", "-Command", "/bin/cat " + file + " | Out-String | Invoke-Expression; & " + child}
		},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("%s is not installed", name)
			}
			text, want := export(t, name, accepted(t, name))
			command := argv(textFile(t, text))
			command[0] = program
			compare(t, run(t, t.TempDir(), []string{prefix + "GONE=old"}, command...), want)
		})
	}
}

// accepted returns the values that a shell does not refuse.
func accepted(t *testing.T, name string) (taken []string) {
	t.Helper()
	s, err := shell.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, value := range values() {
		if _, err := s.Export([]shell.Var{{Name: fmt.Sprint("A", i), Value: value}}); err == nil {
			taken = append(taken, value)
		}
	}
	return taken
}
