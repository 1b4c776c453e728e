package shell_test

import (
	"errors"
	"strings"
	"testing"

	"fob/shell"
)

// What the texts do is tested with the shells themselves, in fob/cli.
func TestInitIsThereForEachShell(t *testing.T) {
	for _, s := range shell.All() {
		text, err := shell.Init(s.Name())
		if err != nil {
			t.Errorf("%s: %v", s.Name(), err)
		}
		if !strings.Contains(text, "use --shell "+s.Name()) && !strings.Contains(text, "'--shell', '"+s.Name()+"'") {
			t.Errorf("%s: the program is never told for whom it writes", s.Name())
		}
		// Consoles differ in their encodings, and line ends are code.
		if strings.ContainsFunc(text, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) || !strings.HasSuffix(text, "\n") {
			t.Errorf("%s: not lines of printable ASCII", s.Name())
		}
	}
	for _, name := range []string{"", "json", "dash", "../init/fob.bash", "bash/", "BASH"} {
		if text, err := shell.Init(name); !errors.Is(err, shell.ErrUnknown) || text != "" {
			t.Errorf("%q: %q, %v", name, text, err)
		}
	}
}
