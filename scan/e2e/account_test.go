package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

var update = flag.Bool("update", false, "write the expected verdicts anew; read the difference as an auditor")

// TestAccounts audits both accounts and holds every verdict: none is missing, none is
// there that should not be.
func TestAccounts(t *testing.T) {
	m := startMoto(t)
	for _, kind := range []string{"vulnerable", "hardened"} {
		t.Run(kind, func(t *testing.T) {
			m.reset(t)
			m.fill(t, kind)
			p := newPerson(t, m, "AKIAIOSFODNN7EXAMPLE", "any")
			got := verdicts(p.findings("--regions", "eu-west-1"))
			path := filepath.Join("testdata", kind+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(string(want), got); d != "" {
				t.Errorf("the verdicts differ (- expected, + seen):\n%s", d)
			}
		})
	}
}

// findings audits the profile and returns what is found. The scan may be incomplete,
// and must say so.
func (p *person) findings(args ...string) (out []scan.Finding) {
	p.t.Helper()
	// The emulator answers one call at a time: of many at once, some would wait too long on
	// a busy machine.
	r := p.fob(append([]string{"scan", "-p", "audit", "--jobs", "8", "--format", "jsonl", "-o", "-", "--report-dir", p.t.TempDir()}, args...)...)
	var summary *scan.Summary
	err := scan.ReadResults(bytes.NewReader([]byte(r.stdout)), scan.Results{
		Finding: func(f *scan.Finding) error { out = append(out, *f); return nil },
		Summary: func(s *scan.Summary) error { summary = s; return nil },
	})
	if err != nil {
		p.t.Fatalf("exit %d: %v\n%s", r.code, err, r.stderr)
	}
	if want := map[bool]int{true: 0, false: 3}[summary.Complete]; r.code != want {
		p.t.Errorf("exit %d, complete is %v\n%s", r.code, summary.Complete, r.stderr)
	}
	return out
}

// random are the parts of names that the emulator makes up.
var random = regexp.MustCompile(`\b(sg|vpc|subnet|i|vol|snap|ami|acl|eni|fs|igw|rtb)-[0-9a-f]{8,17}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[A-Z0-9]{13,21}\b|[0-9a-f]{16,32}|-[A-Za-z0-9]{6}\b`)

// verdicts are findings as people read them: a line each, sorted; what is not
// applicable is left out.
func verdicts(all []scan.Finding) string {
	var lines []string
	for _, f := range all {
		if f.Status == scan.StatusNotApplicable {
			continue
		}
		name := f.Resource.Name
		if name == "" {
			name = f.Resource.ARN
		}
		line := fmt.Sprintf("%-7s %-8s %-28s %-9s %s", f.Status, f.Severity, f.Check, f.Region, random.ReplaceAllString(name, "#"))
		for _, e := range f.Unread {
			line += " | " + e.Op + " " + string(e.Why)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// difference shows lines that only one of two texts has.
func difference(want, got string) string {
	var out []string
	count := map[string]int{}
	for line := range strings.Lines(want) {
		count[line]++
	}
	for line := range strings.Lines(got) {
		count[line]--
	}
	for line, n := range count {
		for ; n > 0; n-- {
			out = append(out, "- "+line)
		}
		for ; n < 0; n++ {
			out = append(out, "+ "+line)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(a[2:]+a, b[2:]+b) })
	return strings.Join(out, "")
}
