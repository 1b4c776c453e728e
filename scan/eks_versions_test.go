package scan

import (
	"testing"
	"time"
)

// TestKubernetesTable: a later version is supported longer, so that no row is missing
// and none stands twice.
func TestKubernetesTable(t *testing.T) {
	made, err := time.Parse("2006-01-02", kubernetesTableMade)
	if err != nil {
		t.Fatal(err)
	}
	var before support
	for v := oldestKubernetes; v <= newestKubernetes; v++ {
		s, known := kubernetesSupport(v)
		if !known || !s.standard.After(before.standard) || !s.extended.After(before.extended) || !s.extended.After(s.standard) {
			t.Errorf("%s: %v after %v", v, s, before)
		}
		before = s
	}
	if !before.standard.After(made) {
		t.Errorf("%s, the newest, was out of support on the day of the table", newestKubernetes)
	}
	for _, v := range []kubernetes{oldestKubernetes - 1, newestKubernetes + 1} {
		if _, known := kubernetesSupport(v); known {
			t.Errorf("%s is known", v)
		}
	}
}
