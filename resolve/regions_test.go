package resolve

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRegions: there is every region that the SDK's own data have.
func TestRegions(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal/endpoints/awsrulesfn/partitions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Partitions []struct {
			ID      string
			Regions map[string]any
		}
	}
	if err := json.Unmarshal(raw, &data); err != nil || len(data.Partitions) < 5 {
		t.Fatal(err, len(data.Partitions))
	}
	n := 0
	for _, p := range data.Partitions {
		var want []string
		for name := range p.Regions {
			if !strings.HasSuffix(name, "-global") {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		got := slices.Sorted(slices.Values(Regions(p.ID)))
		n += len(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v; correct RegionsKnown, too", p.ID, got, want)
		}
	}
	if all := len(strings.Fields(regionNames)); n != all {
		t.Errorf("%d of %d names belong to a partition", n, all)
	}
}
