//go:build unix

package cli_test

import (
	"strings"
	"testing"

	"fob/cli"
)

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	b := newBox(t)
	for _, command := range cli.Commands() {
		r := b.run(append(strings.Fields(command), "--help")...)
		_, example, found := strings.Cut(r.stdout, "Example")
		switch {
		case r.status != 0 || r.stderr != "":
			t.Errorf("fob %s --help: %v", command, r)
		case !found || !strings.Contains(example, "fob "+command):
			t.Errorf("fob %s --help shows no example of it:\n%s", command, r.stdout)
		}
	}
	if calls := b.aws.Stats().Total; calls != 0 {
		t.Errorf("help made %d calls", calls)
	}
}

func TestHelpFitsTheTerminal(t *testing.T) {
	b := newBox(t)
	r := b.must("--help")
	for line := range strings.Lines(r.stdout) {
		if len(line) > 101 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	for _, command := range cli.Commands() {
		if !strings.Contains(r.stdout, "\n  "+command+" ") {
			t.Errorf("fob --help does not list %q:\n%s", command, r.stdout)
		}
	}
}
