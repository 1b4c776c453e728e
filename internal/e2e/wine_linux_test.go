package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWine runs fob as it is built for Windows: the vault, Windows' credential
// manager, sessions of the fake AWS, many fobs at once, and cmd. Sessions are not
// forgotten, as Wine 8 cannot remove files in the way that Go asks for first.
func TestWine(t *testing.T) {
	for name, prepare := range map[string]func(w *wineWorld){
		"vault": func(w *wineWorld) {
			file := filepath.Join(w.dir, "passphrase")
			w.write(file, passphrase+"\n")
			w.env["FOB_PASSPHRASE_FILE"] = windowsPath(file)
			w.windowsFob("", "vault", "create").ok(w.t)
		},
		"credential manager": func(w *wineWorld) { w.env["FOB_KEYCHAIN"] = "os" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWineWorld(t)
			w.annConfig(w.roleConfig("Ops"))
			prepare(w)
			w.windowsFob(keyText(w.ann.Key), "add", "ann", "--stdin", "--no-verify").ok(t)
			w.windowsFob(keyText(w.srv.AddUser(account, "bob").Key), "add", "bob", "--stdin", "--no-verify").ok(t)
			w.windowsFob("", "remove", "bob", "--force").ok(t)
			w.windowsFob("", "process", "-p", "bob").exits(t, 4)
			w.sessions(t)
			w.inCmd(t)
			w.wantNowhere(t, w.ann.Key.Secret)
		})
	}
}

// sessions wants one call of each kind for many fobs, and the session from where
// it is kept.
func (w *wineWorld) sessions(t *testing.T) {
	t.Helper()
	code, err := deviceCode(w.srv.URL(), w.ann.MFA.Serial)
	if err != nil {
		t.Fatal(err)
	}
	w.windowsFob("", "process", "-p", "Ops").exits(t, 5)
	w.windowsFob("", "login", "ann", "--mfa-code", code).ok(t)
	var all []*process
	for range 5 {
		all = append(all, w.beginWindows("", "process", "-p", "Ops"))
	}
	results := waitAll(all)
	for _, r := range results {
		if r.answer(t) != results[0].answer(t) {
			t.Errorf("other credentials: %v", r)
		}
	}
	w.wantCalls(map[string]int{"GetSessionToken": 1, "AssumeRole": 1})
}

// inCmd wants the documented form to set the variables, and --unset to take them
// away again.
func (w *wineWorld) inCmd(t *testing.T) {
	t.Helper()
	want := w.windowsFob("", "process", "-p", "Ops").answer(t)
	fob := `for /f "delims=" %%i in ('` + windowsPath(w.program) + ` env --shell cmd `
	script := filepath.Join(w.dir, "run.cmd")
	w.write(script, strings.Join([]string{
		"@echo off", fob + "-p Ops') do @call %%i", "set AWS_", "echo ---", fob + "--unset') do @call %%i", "set AWS_", "",
	}, "\r\n"))
	set, unset, _ := strings.Cut(w.run("", "wine", "cmd", "/d", "/c", windowsPath(script)).ok(t).stdout, "---")
	for _, line := range []string{"AWS_ACCESS_KEY_ID=" + want.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + want.SecretAccessKey, "AWS_SESSION_TOKEN=" + want.SessionToken, "AWS_REGION=us-east-1"} {
		if !strings.Contains(set, "\n"+line+"\r\n") && !strings.HasPrefix(set, line+"\r\n") {
			t.Errorf("no line %.60s… in %q", line, set)
		}
		if name, _, _ := strings.Cut(line, "="); strings.Contains(unset, name+"=") {
			t.Errorf("%s is still set", name)
		}
	}
}

// wineWorld is a world with a Windows of its own. Its programs and files have
// Unix paths here.
type wineWorld struct {
	*world
	program string // fob
}

// newWineWorld makes Wine a home of links to its own programs, which is there at
// once; the one that Wine would make takes ten seconds and 700 MB.
func newWineWorld(t *testing.T) *wineWorld {
	t.Helper()
	needsProgram(t, "wine", "wineserver")
	w := &wineWorld{world: newWorld(t)}
	w.env["WINEPREFIX"] = w.mkdir("wine")
	w.env["WINEDEBUG"] = "-all"
	w.env["WINEPATH"] = `C:\windows\system32`
	w.env["FOB_DIR"] = windowsPath(w.fobDir())
	w.env["AWS_CONFIG_FILE"] = windowsPath(filepath.Join(w.env["HOME"], ".aws", "config"))
	w.env["AWS_SHARED_CREDENTIALS_FILE"] = windowsPath(filepath.Join(w.env["HOME"], ".aws", "credentials"))
	w.write(filepath.Join(w.mkdir("home/.aws"), "credentials"), "")
	w.fillWine()
	w.program = filepath.Join(w.dir, "fob.exe")
	build := exec.Command("go", "build", "-trimpath", "-o", w.program, "fob")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// One server for the whole test, which keeps what it starts out of the way: that
	// would hold the output of the first fob.
	w.wineserver("-p")
	t.Cleanup(func() { w.wineserver("-k") })
	warm := exec.Command("wine", "cmd", "/d", "/c", "exit")
	warm.Env = w.environ()
	if err := warm.Run(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *wineWorld) fillWine() {
	w.t.Helper()
	programs, _ := filepath.Glob("/usr/lib/*/wine/x86_64-windows/*")
	if len(programs) == 0 {
		missing(w.t, "Wine's Windows programs are not where Debian has them")
	}
	system := w.mkdir("wine/drive_c/windows/system32")
	devices := w.mkdir("wine/dosdevices")
	errs := []error{os.Symlink("../drive_c", filepath.Join(devices, "c:")), os.Symlink("/", filepath.Join(devices, "z:"))}
	for _, program := range programs {
		errs = append(errs, os.Symlink(program, filepath.Join(system, filepath.Base(program))))
	}
	if err := errors.Join(errs...); err != nil {
		w.t.Fatal(err)
	}
	w.write(filepath.Join(w.env["WINEPREFIX"], ".update-timestamp"), "disable")
	w.addPrng(filepath.Join(system, "bcryptprimitives.dll"))
}

// addPrng makes the library that Go has its random numbers from, which Wine has
// since version 9: its one function is another's other name.
func (w *wineWorld) addPrng(library string) {
	w.t.Helper()
	if _, err := os.Stat(library); err == nil {
		return
	}
	needsProgram(w.t, "x86_64-w64-mingw32-ld")
	exports := filepath.Join(w.dir, "exports.def")
	w.write(exports, "LIBRARY bcryptprimitives\nEXPORTS\nProcessPrng = advapi32.SystemFunction036\n")
	if out, err := exec.Command("x86_64-w64-mingw32-ld", "-shared", "-e", "0", "-o", library, exports).CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
}

func (w *wineWorld) wineserver(flag string) {
	server := exec.Command("wineserver", flag)
	server.Env = w.environ()
	_ = server.Run() // without a server, -k fails
}

func (w *wineWorld) windowsFob(stdin string, args ...string) result {
	w.t.Helper()
	return w.beginWindows(stdin, args...).wait()
}

func (w *wineWorld) beginWindows(stdin string, args ...string) *process {
	w.t.Helper()
	return w.begin(stdin, "wine", append([]string{w.program}, args...)...)
}

// wantNowhere wants no file of the world to hold a secret.
func (w *wineWorld) wantNowhere(t *testing.T, secret string) {
	t.Helper()
	w.wineserver("-k") // it saves the registry
	w.wineserver("-w")
	err := filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), secret) {
			t.Errorf("%s holds the secret key", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// windowsPath is what Windows programs call a file.
func windowsPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }
