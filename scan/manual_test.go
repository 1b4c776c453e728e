package scan_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"fob/scan"
)

// TestManual: a control that a person must look at is asked with its framework alone,
// calls nothing, has one verdict an account, and numbers that no check answers.
func TestManual(t *testing.T) {
	answered := map[string]string{}
	for _, c := range scan.Checks() {
		for _, ref := range c.Refs {
			if !c.Manual {
				answered[ref] = c.ID
			}
		}
	}
	for _, c := range scan.Checks() {
		if !c.Manual {
			continue
		}
		if !strings.HasPrefix(c.ID, "manual-") || !c.Off || len(c.Operations()) > 0 || c.Title == "" || c.Why == "" || c.Fix == "" {
			t.Errorf("%+v", c)
		}
		for _, ref := range c.Refs {
			if !strings.HasPrefix(ref, "cis-") || answered[ref] != "" {
				t.Errorf("%s names %s, which %s answers", c.ID, ref, answered[ref])
			}
		}
		facts, err := scan.Load(strings.NewReader(`{"k":"head","v":1,"at":"2026-11-22T18:40:00Z","accounts":["123456789012"],"partition":"aws"}
{"k":"scope","a":"123456789012","r":"eu-west-1","s":"read"}
{"k":"scope","a":"123456789012","r":"us-east-1","s":"read"}`), scan.Kinds())
		if err != nil {
			t.Fatal(err)
		}
		got := judge(facts[0], c.ID)
		if len(got) != 1 || got[0].Status != scan.StatusManual || got[0].Resource.Type != "AWS::Account" {
			t.Errorf("%s: %+v", c.ID, got)
		}
	}
}

// TestWholeFrameworks: what is asked with a benchmark has all its numbers, and no others.
func TestWholeFrameworks(t *testing.T) {
	for name, sections := range map[string]string{
		"cis-1.2": "1:22 2:9 3:14 4:4",
		"cis-3.0": "1:22 2.1:4 2.2:1 2.3:3 2.4:1 3:9 4:16 5:6",
		"cis-5.0": "1:21 2.1:4 2.2:4 2.3:1 3:9 4:16 5.1:2 5:7",
		"cis-7.0": "2.1:6 2:21 3.1:4 3.2:4 3.3:1 4:10 5:16 6.1:2 6:8",
	} {
		missing := map[string]bool{}
		for section := range strings.FieldsSeq(sections) {
			prefix, last, _ := strings.Cut(section, ":")
			n, err := strconv.Atoi(last)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				missing[fmt.Sprintf("%s:%s.%d", name, prefix, i+1)] = true
			}
		}
		for _, heading := range []string{"cis-5.0:5.1", "cis-7.0:2.1", "cis-7.0:6.1"} {
			delete(missing, heading)
		}
		for _, c := range scan.Checks() {
			for _, ref := range c.Refs {
				if _, ok := missing[ref]; ok {
					missing[ref] = false
				} else if strings.HasPrefix(ref, name+":") {
					t.Errorf("%s: there is no %s", c.ID, ref)
				}
			}
		}
		for ref, open := range missing {
			if open {
				t.Errorf("nothing speaks of %s", ref)
			}
		}
	}
}
