package shell_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestCmd runs the documented form in the Windows command interpreter, where that
// is not at hand in Wine's: in a batch file, and as a person types it. The child is
// another interpreter that lists its variables.
func TestCmd(t *testing.T) {
	t.Parallel()
	r, cmd := cmdRoom(t)
	form := `for /f "delims=" %i in ('type ` + windowsPath(r.text) + `') do @call %i`
	child := `%COMSPEC% /d /c set > ` + windowsPath(r.result)
	t.Run("batch", func(t *testing.T) {
		script := writeScript(t, "@echo off", strings.ReplaceAll(form, "%i", "%%i"), child)
		r.prove(t, "cmd", values(t, "cmd"), append(cmd, "/d", "/c", windowsPath(script.Name()))...)
	})
	t.Run("typed", func(t *testing.T) {
		r.stdin = writeScript(t, form, child, "exit")
		text, vars := export(t, "cmd", values(t, "cmd"))
		r.start(t, "", append(cmd, "/d")...)
		want := apply(r.environment(t), vars)
		if out := r.start(t, text, append(cmd, "/d")...); strings.Contains(string(out), prefix) {
			t.Errorf("the variables can be read on the screen: %.500q", out)
		}
		compare(t, r.environment(t), want)
	})
}

// writeScript returns an open file of lines.
func writeScript(t *testing.T, lines ...string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "run.cmd"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if _, err := f.WriteString(strings.Join(lines, "\r\n") + "\r\n"); err != nil {
		t.Fatal(err)
	}
	return f
}

// cmdRoom returns a room for the interpreter and what starts it.
func cmdRoom(t *testing.T) (r room, cmd []string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		r, cmd = newRoom(t), []string{need(t, "cmd")}
	} else {
		wine := need(t, "wine")
		r, cmd = newRoom(t, wineEnv(t)...), []string{wine, "cmd"}
	}
	r.lines = true
	return r, cmd
}

// windowsPath is what Windows programs call a file.
func windowsPath(path string) string {
	if runtime.GOOS == "windows" {
		return path
	}
	return "Z:" + strings.ReplaceAll(path, "/", `\`)
}

// wineEnv makes Wine a home of links to its own programs, which is there at once;
// the one that Wine would make takes ten seconds and 700 MB.
func wineEnv(t *testing.T) []string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/*/wine/x86_64-windows")
	if len(found) == 0 {
		missing(t, "Wine's Windows programs are not where Debian has them")
	}
	home := t.TempDir()
	for path, target := range map[string]string{
		"drive_c/windows/system32": found[0],
		"dosdevices/c:":            "../drive_c",
		"dosdevices/z:":            "/",
	} {
		path = filepath.Join(home, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(home, ".update-timestamp"), []byte("disable"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"WINEPREFIX=" + home, "WINEDEBUG=-all", `WINEPATH=C:\windows\system32`}
	t.Cleanup(func() { // it saves its registry there when the last program has ended
		server := exec.Command("wineserver", "-k")
		server.Env = append(os.Environ(), env...)
		_ = server.Run()
	})
	return env
}
