//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryCommandHasHelpWithAnExample looks at the model, which help is made from.
func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	parser, err := kong.New(&grammar{}, kong.Name("fob scan"), kong.Vars{"formats": ""}, kong.ExplicitGroups(groups()))
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		command := strings.Replace(strings.ReplaceAll(leaf.Path(), "fob scan scan", "fob scan"), "  ", " ", 1)
		if _, example, found := strings.Cut(leaf.Detail, "Example"); !found || !strings.Contains(example, command) {
			t.Errorf("the help of %q shows no example of it:\n%s", command, leaf.Detail)
		}
	}
}
