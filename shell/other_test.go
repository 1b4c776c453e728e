package shell_test

import (
	"os/exec"
	"slices"
	"testing"

	"fob/shell"
)

// other is a shell that is not POSIX, and the form in docs/shells.md with cat for
// fob.
type other struct {
	name      string
	evaluates func(file, child string) []string
	batch     int // how many values at once; 0 means all
	safe      bool
}

func others() map[string]other {
	return map[string]other{
		"fish": {name: "fish", evaluates: func(file, child string) []string {
			return []string{"fish", "--no-config", "-c", "cat " + file + " | source; " + child}
		}},
		// It takes the square of their number.
		"tcsh": {name: "tcsh", batch: 400, safe: true, evaluates: func(file, child string) []string {
			return []string{"tcsh", "-f", "-c", "eval `cat " + file + "`; " + child}
		}},
		"tcsh source": {name: "tcsh", batch: 400, evaluates: func(file, child string) []string {
			return []string{"tcsh", "-f", "-c", "source " + file + "; " + child}
		}},
		"elvish": {name: "elvish", evaluates: func(file, child string) []string {
			return []string{"elvish", "-norc", "-c", "eval (cat " + file + " | slurp); " + child}
		}},
		"xonsh": {name: "xonsh", evaluates: func(file, child string) []string {
			return []string{"xonsh", "--no-rc", "-c", `import subprocess; execx(subprocess.check_output("cat ` + file + `", shell=True, text=True, env=${...}.detype()))` + "\n" + child}
		}},
		"nu": {name: "nu", evaluates: func(file, child string) []string {
			return []string{"nu", "--no-config-file", "-c", "^cat " + file + " | from json | load-env; ^" + child}
		}},
		"pwsh": {name: "pwsh", evaluates: func(file, child string) []string {
			return []string{"pwsh", "-NoProfile", "-NonInteractive", "-Command", "/bin/cat " + file + " | Out-String | Invoke-Expression; & " + child}
		}},
	}
}

// TestOtherShells sends every value through the documented form of each shell, or
// those that a validated credential can have where that form takes no more.
func TestOtherShells(t *testing.T) {
	child := testBinary(t)
	for name, other := range others() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(name); err != nil && name == "pwsh" {
				t.Skip("pwsh is not installed") // most machines have none; docs/quoting.md argues
			}
			need(t, other.name)
			all := values(t, other.name)
			if other.safe {
				all = valuesThat(t, shell.Safe)
			}
			if other.batch == 0 {
				other.batch = len(all)
			}
			for _, locale := range []string{"C", "C.UTF-8"} {
				r := newRoom(t, "LC_ALL="+locale)
				for batch := range slices.Chunk(all, other.batch) {
					r.prove(t, other.name, batch, other.evaluates(r.text, child)...)
				}
			}
		})
	}
}
