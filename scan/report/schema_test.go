package report_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/report"
)

// program finds a program that a test needs. Where none may be missing it is fatal.
func program(t *testing.T, name, from string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatalf("%v: it comes with %s", err, from)
		}
		t.Skipf("%v: it comes with %s", err, from)
	}
	return path
}

// TestSARIFSchema has the SDK of SARIF's authors hold a file against its JSON schema.
func TestSARIFSchema(t *testing.T) {
	tool := program(t, "sarif-multitool", "npm install @microsoft/sarif-multitool")
	for name, r := range map[string]*report.Result{"sample": sample(), "empty": resultOf(nil)} {
		for _, passes := range []bool{false, true} {
			dir := t.TempDir()
			path := filepath.Join(dir, name+".sarif")
			if err := os.WriteFile(path, written(t, "sarif", r, report.Options{Passes: passes})[0], 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), tool, "validate", path, "--output", filepath.Join(dir, "log.sarif")).CombinedOutput()
			if err != nil || strings.Contains(string(out), "error ") {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

// The validator would see a file that is wrong.
func TestSARIFSchemaSees(t *testing.T) {
	tool := program(t, "sarif-multitool", "npm install @microsoft/sarif-multitool")
	dir := t.TempDir()
	path := filepath.Join(dir, "wrong.sarif")
	if err := os.WriteFile(path, []byte(`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{}}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), tool, "validate", path, "--output", filepath.Join(dir, "log.sarif")).CombinedOutput()
	if !strings.Contains(string(out), "error ") {
		t.Errorf("it says\n%s", out)
	}
}

// required are the attributes that OCSF 1.8.0 requires of a finding, as its published
// schema has them (events/findings/*.json, objects/*.json).
var required = map[int][]string{
	2003: {"activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id", "metadata.version", "metadata.product.name", "metadata.product.vendor_name",
		"finding_info.uid", "finding_info.title", "compliance.standards", "cloud.provider", "remediation.desc", "finding_info.analytic.type_id"},
	2004: {"activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id", "metadata.version", "metadata.product.name", "metadata.product.vendor_name",
		"finding_info.uid", "finding_info.title", "cloud.provider", "remediation.desc", "finding_info.analytic.type_id"},
}

func TestOCSFRequired(t *testing.T) {
	for class, paths := range required {
		for line := range strings.Lines(string(written(t, "ocsf", sample(), report.Options{Detection: class == 2004})[0])) {
			var event map[string]any
			if err := json.Unmarshal([]byte(line), &event); err != nil {
				t.Fatal(err)
			}
			for _, path := range paths {
				var v any = event
				for _, name := range strings.Split(path, ".") {
					m, _ := v.(map[string]any)
					v = m[name]
				}
				if v == nil || v == "" {
					t.Errorf("class %d: %s is missing in %s", class, path, line)
				}
			}
			if int(event["class_uid"].(float64)) != class || int(event["type_uid"].(float64)) != class*100+int(event["activity_id"].(float64)) {
				t.Errorf("class %v, type %v", event["class_uid"], event["type_uid"])
			}
			if at := event["time"].(float64); at != float64(sampledAt.UnixMilli()) {
				t.Errorf("the time is %v, in milliseconds it is %d", at, sampledAt.UnixMilli())
			}
			_, has := event["compliance"]
			if has != (class == 2003) {
				t.Errorf("class %d has compliance: %v", class, has)
			}
		}
	}
}

// TestOCSFModels reads the events with the models of another tool's authors.
func TestOCSFModels(t *testing.T) {
	python := program(t, "python3", "apt-get install python3")
	if err := exec.CommandContext(t.Context(), python, "-c", "import py_ocsf_models").Run(); err != nil {
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatal("python3 has no py_ocsf_models: pip install py-ocsf-models")
		}
		t.Skip("python3 has no py_ocsf_models: pip install py-ocsf-models")
	}
	const script = `
import sys
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.events.findings.detection_finding import DetectionFinding
model = {"2003": ComplianceFinding, "2004": DetectionFinding}[sys.argv[1]]
n = 0
for line in sys.stdin:
    model.model_validate_json(line) if hasattr(model, "model_validate_json") else model.parse_raw(line)
    n += 1
print(n)
`
	for _, class := range []string{"2003", "2004"} {
		events := written(t, "ocsf", sample(), report.Options{Detection: class == "2004"})[0]
		cmd := exec.CommandContext(t.Context(), python, "-c", script, class)
		cmd.Stdin = strings.NewReader(string(events))
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "8" {
			t.Errorf("class %s: %v\n%s", class, err, out)
		}
	}
}

// What OCSF calls each status.
func TestOCSFStatus(t *testing.T) {
	for _, test := range []struct {
		status     scan.Status
		diff       string
		suppressed bool
		compliance int
		life, does int
	}{
		{scan.StatusFail, "", false, 3, 1, 1},
		{scan.StatusFail, scan.DiffSame, false, 3, 1, 2},
		{scan.StatusFail, "", true, 3, 3, 1},
		{scan.StatusPass, "", false, 1, 1, 1},
		{scan.StatusPass, scan.DiffFixed, false, 1, 4, 3},
		{scan.StatusUnknown, "", false, 2, 1, 1},
		{scan.StatusUnknown, scan.DiffUnseen, false, 2, 1, 2},
		{scan.StatusNotApplicable, "", false, 99, 1, 1},
		{scan.StatusManual, "", false, 99, 1, 1},
	} {
		f := sampleFinding(1, "s3-one", test.status, scan.High)
		f.Diff = test.diff
		if test.suppressed {
			f.Exception = &scan.ExceptionNote{Reason: "known"}
		}
		var event struct {
			ActivityID int `json:"activity_id"`
			StatusID   int `json:"status_id"`
			Compliance struct {
				StatusID int    `json:"status_id"`
				Status   string `json:"status"`
			} `json:"compliance"`
		}
		if err := json.Unmarshal(written(t, "ocsf", resultOf([]*scan.Finding{f}), report.Options{})[0], &event); err != nil {
			t.Fatal(err)
		}
		if event.Compliance.StatusID != test.compliance || event.StatusID != test.life || event.ActivityID != test.does {
			t.Errorf("%s %s %v: %+v", test.status, test.diff, test.suppressed, event)
		}
		if test.compliance == 99 && event.Compliance.Status != string(test.status) {
			t.Errorf("the word is %q", event.Compliance.Status)
		}
	}
}
