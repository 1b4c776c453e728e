package shell_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/shell"
)

// prefix begins the names of the variables that the tests set.
const prefix = "T_"

// childVariable makes the test binary write its environment into the file that it
// names, instead of testing.
const childVariable = "SHELL_TEST_CHILD"

func TestMain(m *testing.M) {
	if file := os.Getenv(childVariable); file != "" {
		if err := os.WriteFile(file, []byte(strings.Join(os.Environ(), "\x00")), 0o600); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	m.Run()
}

// testBinary returns the program that writes its environment.
func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// need skips a test without the program, or fails it where nothing may be skipped.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program+" is not installed")
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// room is where a shell runs: a folder full of hostile names, and the text that
// it is to evaluate in a file elsewhere.
type room struct {
	dir, text, result string
	env               []string
	stdin             *os.File // nil means nothing to read
	lines             bool     // the child writes lines
}

func newRoom(t *testing.T, env ...string) room {
	t.Helper()
	private := t.TempDir()
	r := room{dir: hostileFolder(t), text: filepath.Join(private, "text"), result: filepath.Join(private, "result")}
	r.env = append([]string{childVariable + "=" + r.result, prefix + "GONE=old", "LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	for _, name := range []string{"LD_LIBRARY_PATH", "SystemRoot"} {
		if value, set := os.LookupEnv(name); set {
			r.env = append(r.env, name+"="+value)
		}
	}
	return r
}

// prove writes values for a shell, lets argv evaluate the text, and compares the
// whole environment of the child with what it is after evaluating nothing.
func (r room) prove(t *testing.T, name string, values []string, argv ...string) {
	t.Helper()
	text, vars := export(t, name, values)
	nothing := ""
	if name == "nu" || name == "pwsh" { // they complain, and set nothing
		nothing, _ = find(t, name).Export(vars[1:2])
	}
	want := apply(r.run(t, nothing, argv...), vars)
	compare(t, r.run(t, text, argv...), want)
}

// run lets a program evaluate a text and returns the environment of its child,
// which must be all that it puts out.
func (r room) run(t *testing.T, text string, argv ...string) map[string]string {
	t.Helper()
	out := r.start(t, text, argv...)
	if len(out) > 0 {
		t.Errorf("%s printed %.2000q", argv[0], out)
	}
	return r.environment(t)
}

// start is like run, and returns what is put out.
func (r room) start(t *testing.T, text string, argv ...string) []byte {
	t.Helper()
	if err := os.WriteFile(r.text, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(r.result); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Dir, c.Env = r.dir, r.env
	if r.stdin != nil {
		if _, err := r.stdin.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		c.Stdin = r.stdin
	}
	// A file, as what Wine leaves running for a while would keep a pipe open.
	out, err := os.Create(r.text + ".out")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	failed := c.Run()
	printed, err := os.ReadFile(out.Name())
	if err := errors.Join(failed, err); err != nil {
		t.Fatalf("%s: %v\n%.2000q", argv[0], err, printed)
	}
	return printed
}

// environment reads what the child wrote. $_ is the shell's own.
func (r room) environment(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile(r.result)
	if err != nil {
		t.Fatal(err)
	}
	separator := "\x00"
	if r.lines {
		separator = "\r\n"
	}
	got := map[string]string{}
	for entry := range strings.SplitSeq(string(content), separator) {
		name, value, _ := strings.Cut(entry, "=")
		got[name] = value
	}
	delete(got, "_")
	return got
}

// export writes values for a shell, after taking two variables away.
func export(t *testing.T, name string, values []string) (text string, vars []shell.Var) {
	t.Helper()
	vars = shell.Unset(prefix+"GONE", prefix+"NEVER")
	for i, value := range values {
		vars = append(vars, shell.Var{Name: fmt.Sprintf("%s%d", prefix, i), Value: value})
	}
	text, err := find(t, name).Export(vars)
	if err != nil {
		t.Fatal(err)
	}
	return text, vars
}

// find returns a shell or a format.
func find(t *testing.T, name string) shell.Shell {
	t.Helper()
	s, err := shell.Find(name)
	if err != nil {
		s, err = shell.FindFormat(name, zeros{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// apply returns an environment after vars.
func apply(environment map[string]string, vars []shell.Var) map[string]string {
	after := maps.Clone(environment)
	for _, v := range vars {
		if v.Unset {
			delete(after, v.Name)
		} else {
			after[v.Name] = v.Value
		}
	}
	return after
}

// compare reports what differs, a few at most.
func compare(t *testing.T, got, want map[string]string) {
	t.Helper()
	names := maps.Clone(got)
	maps.Copy(names, want)
	wrong := 0
	for _, name := range slices.Sorted(maps.Keys(names)) {
		g, isSet := got[name]
		w, set := want[name]
		if set == isSet && w == g {
			continue
		}
		if wrong++; wrong <= 5 {
			t.Errorf("%s is %.200q (set: %v), want %.200q (set: %v)", name, g, isSet, w, set)
		}
	}
	if wrong > 5 {
		t.Errorf("%d of %d variables are wrong", wrong, len(want))
	}
}

// hostileFolder returns a folder full of files whose names are commands, options
// and parts of the text. The test fails in the end if a file came or went, which
// is what all the commands do.
func hostileFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range hostileNames() {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	before := list(t, dir)
	t.Cleanup(func() {
		if after := list(t, dir); !slices.Equal(before, after) {
			t.Errorf("a command was run: %q became %q", before, after)
		}
	})
	return dir
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Error(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
