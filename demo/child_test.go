package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// child is a demo in a process of its own, in an empty home.
type child struct {
	*exec.Cmd
	home, temp string
	stderr     bytes.Buffer
}

func newChild(t *testing.T) *child {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{Cmd: exec.CommandContext(ctx, self), home: t.TempDir(), temp: t.TempDir()}
	c.Cmd.Stderr = &c.stderr
	c.Env = append(os.Environ(), asMain+"=1", "CI=1", "AWS_PROFILE=none", "FOB_DIR=/nonexistent",
		"HOME="+c.home, "USERPROFILE="+c.home, "TMPDIR="+c.temp, "TMP="+c.temp, "TEMP="+c.temp)
	c.Env = append(c.Env, goFolders(t)...)
	return c
}

// goFolders are where Go keeps its things whatever HOME says.
func goFolders(t *testing.T) (env []string) {
	t.Helper()
	names := []string{"GOPATH", "GOCACHE", "GOMODCACHE"}
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal("go env:", err)
	}
	for i, value := range strings.Fields(string(out)) {
		env = append(env, names[i]+"="+value)
	}
	return env
}

// check holds what every demo has to hold, however it ended.
func (c *child) check(t *testing.T, status int) {
	t.Helper()
	if got := c.ProcessState.ExitCode(); got != status {
		t.Errorf("exit status %d, want %d; stderr:\n%s", got, status, c.stderr.String())
	}
	checkEmpty(t, c.temp)
	for _, pattern := range []string{".aws", "*fob*", ".local/share", "Library/Application Support/*fob*"} { // Go keeps its telemetry there
		if found, err := filepath.Glob(filepath.Join(c.home, pattern)); err != nil || len(found) > 0 {
			t.Errorf("left in HOME: %v %v", found, err)
		}
	}
}

// checkEmpty wants nothing left, but for a report that is there to be looked at.
func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(dir, "fob-demo-report-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, report := range reports {
		if info, err := os.Stat(filepath.Join(report, "report.html")); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("the report is %v: %v", info, err)
		}
		if err := os.RemoveAll(report); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left in %s: %v %v", dir, left, err)
	}
}
