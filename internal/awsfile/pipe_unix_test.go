//go:build unix

package awsfile

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe without a writer would hold the open call up for ever.
func TestReadPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(Paths{Config: Path{path, ConfigVariable}}, nil)
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
}
