//go:build unix

package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"fob/scan"
)

var update = flag.Bool("update", false, "write docs/checks.md anew")

// TestChecksDocument: docs/checks.md is what the catalogue gives now. With -update it
// becomes so.
func TestChecksDocument(t *testing.T) {
	checks := scan.Checks()
	entries := entriesOf(checks)
	var want strings.Builder
	if err := asMarkdown(&want, checks, entries, false); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "checks.md")
	if *update {
		if err := os.WriteFile(path, []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff.Diff("want", []byte(want.String()), "docs/checks.md", got); d != nil {
		t.Errorf("docs/checks.md is not what the catalogue gives; make it so with: go generate ./cmd/fob-scan\n%s", d)
	}
}
