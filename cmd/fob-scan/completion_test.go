//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/diff"

	"fob/completions"
	"fob/resolve"
	"fob/scan"
)

// TestCompletionModel: the completion scripts of fob are made from this command line, and
// fob knows these checks. With -update they become so; the scripts then are to be made,
// too.
func TestCompletionModel(t *testing.T) {
	parser, err := kong.New(&grammar{}, kong.Name("scan"), kong.Vars{"formats": ""}, kong.ExplicitGroups(groups()))
	if err != nil {
		t.Fatal(err)
	}
	model, err := completions.Model(parser.Model, completionLists())
	if err != nil {
		t.Fatal(err)
	}
	checks := strings.Join(ids(scan.Checks()), "\n") + "\n"
	for name, want := range map[string]string{"scan.json": string(model), "checks.txt": checks} {
		path := filepath.Join("..", "..", "completions", name)
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff.Diff("want", []byte(want), path, got); d != nil {
			t.Errorf("it is not what the command line gives; make it so with: go generate ./cmd/fob-scan ./completions\n%s", d)
		}
	}
}

// completionLists are the words that the tag predictor names.
func completionLists() map[string][]string {
	lists := map[string][]string{
		"format": formatNames(), "framework": append(scan.Frameworks(), "all"), "service": scan.Services(scan.Checks()),
		"region": resolve.Regions("aws", "aws-cn", "aws-us-gov", "aws-eusc"),
	}
	for s := scan.Info; s <= scan.Critical; s++ {
		lists["severity"] = append(lists["severity"], s.String())
	}
	return lists
}
