//go:build unix

package e2e

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain makes both: fob, which all tests run, and a copy of the test itself,
// which every user may execute.
var fobBinary, selfBinary string

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == codeCommandArg {
		os.Exit(codeCommand(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == clockedFobArg {
		os.Exit(clockedFob(os.Args[2:]))
	}
	os.Exit(withBinary(m.Run))
}

// withBinary builds fob as it is released, in a folder that every user can reach.
func withBinary(run func() int) int {
	dir, err := publicDir("")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fobBinary = filepath.Join(dir, "fob")
	selfBinary = filepath.Join(dir, "e2e")
	if err := errors.Join(goBuild("", fobBinary, "fob"), copySelf(selfBinary)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run()
}

// publicDir is a temporary folder with a short path that other users may enter.
func publicDir(pattern string) (string, error) {
	dir, err := os.MkdirTemp("", "fob-e2e"+pattern)
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	return dir, err
}

func copySelf(to string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	from, err := os.Open(self)
	if err != nil {
		return err
	}
	defer from.Close()
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}

func goBuild(dir, out, pkg string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", out, pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, text)
	}
	return nil
}

// missing skips the test, or fails it where nothing may be skipped.
func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// needsProgram is for tests that run programs which may be missing.
func needsProgram(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, "%s is not installed", p)
		}
	}
}
