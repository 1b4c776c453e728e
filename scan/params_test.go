package scan_test

import (
	"slices"
	"testing"

	"fob/scan"
)

// TestParameters holds what checks ask for, over all cases, against the list that
// configurations are checked by.
func TestParameters(t *testing.T) {
	asked, there := map[scan.Parameter]bool{}, map[string]bool{}
	for _, c := range scan.Checks() {
		there[c.ID] = true
		for _, path := range casePaths(t, c.ID) {
			f := readCase(t, path, c)
			f.asked = func(p scan.Parameter) { asked[p] = true }
			f.run(t, f.Lines)
		}
	}
	for p := range asked {
		if !slices.Contains(scan.Parameters(), p) {
			t.Errorf("%s asks for %q, %s, %q, which Parameters does not have", p.Check, p.Name, p.Takes, p.Normal)
		}
	}
	for _, p := range scan.Parameters() {
		if there[p.Check] && !asked[p] {
			t.Errorf("no case of %s makes it ask for %q", p.Check, p.Name)
		}
	}
}
