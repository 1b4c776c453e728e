package cli_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fob/shell"
)

// TestInitForCmd lets Wine's cmd run what doskey makes of the macro. (Wine has no
// doskey: the test puts in what was typed.)
func TestInitForCmd(t *testing.T) {
	t.Parallel()
	needsShell(t, "wine")
	w := newHookWorld(t, "cmd")
	w.environ = append(w.environ, wineHome(t, w.path("home"))...)
	text, err := shell.Init("cmd")
	if err != nil {
		t.Fatal(err)
	}
	macro, ok := strings.CutPrefix(strings.TrimSpace(text), "fobuse=")
	if !ok || strings.Contains(macro, "\n") {
		t.Fatalf("not one macro: %q", text)
	}
	vars, err := shell.Find("cmd")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := vars.Export(append(shell.Unset("GONE"), shell.Var{Name: "FOB_PROFILE", Value: "a $(b)  'c'"}))
	if err != nil {
		t.Fatal(err)
	}
	w.write("answer", lines)
	w.write("fob.bat", "@if \"%5\"==\"\" type answer\r\n@echo %*>>called\r\n@exit /b 5\r\n")
	use := func(args string) string {
		return strings.NewReplacer("$*", args, "%", "%%").Replace(macro) + "\r\n" // as a file has it
	}
	w.write("typed.bat", "@echo off\r\n"+use("prod")+use(`"no such" --yes`)+"set FOB_PROFILE\r\nset GONE\r\n")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, _ := w.command(ctx, "wine", "cmd", "/c", "typed.bat").Output() // the status is that of the last set
	if want := "FOB_PROFILE=a $(b)  'c'\r\n"; !strings.HasPrefix(string(out), want) || strings.Contains(string(out), "GONE=") {
		t.Errorf("%q", out)
	}
	raw, err := os.ReadFile(w.path("called"))
	if want := "use --shell cmd prod\r\nuse --shell cmd \"no such\" --yes\r\n"; err != nil || string(raw) != want {
		t.Errorf("called %q, %v", raw, err)
	}
}

// wineHome is a home of links to Wine's own programs, which is there at once; the one
// that Wine would make takes seconds.
func wineHome(t *testing.T, dir string) []string {
	t.Helper()
	programs, _ := filepath.Glob("/usr/lib/*/wine/x86_64-windows")
	if len(programs) == 0 {
		if noSkip() {
			t.Fatal("Wine's Windows programs are not where Debian has them")
		}
		t.Skip("Wine's Windows programs are not where Debian has them")
	}
	for path, target := range map[string]string{"drive_c/windows/system32": programs[0], "dosdevices/c:": "../drive_c", "dosdevices/z:": "/"} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".update-timestamp"), []byte("disable"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"WINEPREFIX=" + dir, "WINEDEBUG=-all", `WINEPATH=C:\windows\system32`}
	t.Cleanup(func() {
		server := exec.Command("wineserver", "-k")
		server.Env = append(os.Environ(), env...)
		_ = server.Run()
	})
	return env
}
