package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"fob/scan/rules"
)

// TestDocs reads every example of the page for users as the program does.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/scan-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^```[a-z]+ (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		examples[m[1]] = m[2]
	}
	s, err := rules.Load(rules.Files{Config: "fob-scan.yaml", Read: files(examples)})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Uses()) != 1 {
		t.Errorf("the exceptions are %v", s.Uses())
	}
	fsys := fstest.MapFS{}
	for name, text := range examples {
		if strings.HasPrefix(name, "acme") {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	outcomes, err := rules.TestDir(fsys)
	if err != nil || len(outcomes) != 6 {
		t.Errorf("%d cases: %v", len(outcomes), err)
	}
	for _, o := range outcomes {
		if o.Problem != "" {
			t.Errorf("%s: %s", o.Case, o.Problem)
		}
	}
	c, err := rules.Convert("ruleset.json", []byte(examples["ruleset.json"]))
	if err != nil {
		t.Fatal(err)
	}
	if c.YAML != examples["ruleset.json.converted"] {
		t.Errorf("the ruleset becomes\n%s", c.YAML)
	}
	sameLines(t, left(c), strings.Split(strings.TrimSpace(examples["ruleset.json.left"]), "\n"))
	// The first mistake of the page is what is said of it.
	_, err = rules.Load(rules.Files{Exceptions: []string{"fob-exceptions.yaml"}, Read: files(map[string]string{"fob-exceptions.yaml": "exceptions:\n- check: s3-*\n  reason: x\n  resorce: x\n"})})
	if err == nil || !strings.Contains(string(page), "\n"+err.Error()+"\n") {
		t.Errorf("the page does not have: %v", err)
	}
}
