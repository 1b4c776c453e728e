//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"fob/cli"
	"fob/completions"
)

// TestCompletionScripts: the scripts that are shipped are those that the command
// line gives now. With -update they become so.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range completions.Shells() {
		want, err := cli.CompletionScript(shell)
		if err != nil {
			t.Errorf("%s: %v", shell, err)
			continue
		}
		if *update {
			if err := os.WriteFile(filepath.Join("..", "completions", completions.File(shell)), []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if d := diff.Diff("want", []byte(want), "got", []byte(completions.Script(shell))); d != nil {
			t.Errorf("completions/%s is not what the command line gives; make it so with: go generate ./completions\n%s", completions.File(shell), d)
		}
	}
}
