//go:build unix

package main

import (
	"strings"
	"testing"

	"fob/cli"
)

// TestOldSpelling: every flag of Scout2 and ScoutSuite is a flag here, or is refused with
// what to type instead.
func TestOldSpelling(t *testing.T) {
	for flag, next := range map[string]string{
		"--vpc": "--services", "--thread-config=3": "--jobs", "--max-workers": "--jobs", "--timestamp": "--name", "--no-browser": "--open",
		"--ruleset": "--config", "--report-name": "--name", "--result-format": "--format", "-xr": "--exclude-regions", "--quiet": "2>/dev/null",
		"--logfile=x": "2>FILE", "--access-key-id=AKIA": "fob add", "--secret-access-key=x": "fob add", "--session-token": "fob add", "--host-port": "leave it out", "--version": "fob version",
	} {
		status, _, _, got, ok := cli.Failed(oldSpelling([]string{"-p", "x", flag, "y"}))
		if !ok || status != 2 || !strings.Contains(got, next) {
			t.Errorf("%s: status %d, next %q, want %q", flag, status, got, next)
		}
	}
	for _, args := range [][]string{
		{"--profile", "x", "--services", "s3", "--skip", "iam", "--regions", "eu-west-1", "--exclude-regions", "us-east-1", "--list-services"},
		{"--local", "--update", "--resume", "--force", "--report-dir", "x", "--exceptions", "x", "--ip-ranges", "x", "--max-rate", "1", "--debug", "-l", "-f"},
		{"--csv-credentials", "x", "--mfa-serial", "x", "--mfa-code", "1", "--ip-ranges-name-key", "x"},
		{"diff", "--", "--vpc"},
	} {
		if err := oldSpelling(args); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}
