package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fob/cli"
	"fob/scan/report"
)

// TestFindingsAreHandedOnAsTheyAre: -o has the bytes of findings.jsonl. Written anew, the
// keys of evidence would come in another order, and long numbers be rounded.
func TestFindingsAreHandedOnAsTheyAre(t *testing.T) {
	const lines = `{"schema":"fob.finding/1","evidence":[{"path":"x","value":{"b":12345678901234567890,"a":1}}]}
{"schema":"fob.summary/1"}
`
	file := filepath.Join(t.TempDir(), "findings.jsonl")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := newProgram(cli.System{Stdout: &out, Stderr: &bytes.Buffer{}, Getenv: func(string) string { return "" }}, &Credentials{}, "scan")
	if err := p.only(&Output{Format: []string{formatJSONL}, Output: "-"}, nil, file); err != nil {
		t.Fatal(err)
	}
	if out.String() != lines {
		t.Errorf("it is handed on as\n%s", out.String())
	}
}

// TestPartsAreFiles: what a format splits is not joined to something that is no document.
func TestPartsAreFiles(t *testing.T) {
	dir := t.TempDir()
	x := report.Format{Name: "x", Write: func(to report.Sink, _ *report.Result, _ report.Options) error {
		for part := 1; part <= 2; part++ {
			w, err := to(part)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(w, "[]"); err != nil {
				return err
			}
		}
		return nil
	}}
	o := &Output{}
	if _, err := o.write(&files{}, x, nil, parts(filepath.Join(dir, "out.asff.json")), false); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"out.asff.json", "out.asff-2.json"} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(raw) != "[]" {
			t.Errorf("%s has %q: %v", name, raw, err)
		}
	}
	if _, err := o.write(&files{}, x, nil, parts(filepath.Join(dir, "out.asff.json")), false); err == nil {
		t.Error("a second part is overwritten")
	}
}

// TestFreeFolder: runs that begin in the same second have folders of their own.
func TestFreeFolder(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 40, 12, 0, time.UTC)
	root := t.TempDir()
	for _, want := range []string{"2026-11-22T18-40Z", "2026-11-22T18-40-12Z", "2026-11-22T18-40-12Z-2", "2026-11-22T18-40-12Z-3"} {
		path := free(root, at)
		if filepath.Base(path) != want {
			t.Errorf("it is %s, not %s", path, want)
		}
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFoldersAtOnce: nor do runs share one that looked for a name at the same moment.
func TestFoldersAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	at := time.Date(2026, 11, 22, 18, 40, 12, 0, time.UTC)
	var folders []*folder
	for range 3 {
		f, err := (&Output{}).folder("123456789012", at)
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, f)
	}
	paths := map[string]bool{}
	for _, f := range folders {
		for range 2 { // reading makes it, and so do the results
			if err := f.make(); err != nil || !f.made {
				t.Fatal(f, err)
			}
		}
		paths[f.path] = true
	}
	if len(paths) != len(folders) {
		t.Errorf("they are %v", paths)
	}
}

// TestOneWriter: a file has one writer at a time; what a killed one left is begun anew.
func TestOneWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	a, err := create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.WriteString("left"); err != nil {
		t.Fatal(err)
	}
	if _, err := create(path); err == nil || !strings.Contains(err.Error(), "another fob scan is writing") {
		t.Errorf("a second writer gets %v", err)
	}
	if _, err := openEarlier(path + partEnd); err == nil || !strings.Contains(err.Error(), "another fob scan is writing") {
		t.Errorf("one that goes on gets %v", err)
	}
	if got, err := os.ReadFile(path + partEnd); string(got) != "left" {
		t.Errorf("%q, %v", got, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := openEarlier(path + partEnd)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(before); string(got) != "left" {
		t.Errorf("%q, %v", got, err)
	}
	_ = before.Close()
	if err := (&files{}).write(path, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestFullDisk: what cannot be written is said as such, whatever was being written, and
// nothing is left of it.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	full := func(out io.Writer) error {
		if _, err := io.WriteString(out, "begun"); err != nil {
			return err
		}
		return fmt.Errorf("write html: %w", &os.PathError{Op: "write", Path: path + partEnd, Err: errors.New("no space left on device")})
	}
	for name, err := range map[string]error{
		"a file": (&files{}).write(path, full),
		"a format": func() error {
			_, err := (&Output{}).write(&files{}, report.Format{Write: func(to report.Sink, _ *report.Result, _ report.Options) error {
				out, err := to(1)
				if err != nil {
					return err
				}
				return full(out)
			}}, nil, func(int) string { return path }, false)
			return err
		}(),
	} {
		if status, what, why, _, ok := cli.Failed(err); !ok || status != cli.ExitConfig || what != "the results cannot be written to "+path || !strings.Contains(why, "no space left") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := filepath.Glob(path + "*"); len(left) > 0 || err != nil {
		t.Errorf("left is %v, %v", left, err)
	}
	worded := unreadable(full(io.Discard))
	if _, what, _, _, _ := cli.Failed((&files{}).write(path, func(io.Writer) error { return worded })); what != "the results cannot be written to "+path {
		t.Errorf("worded before: %s", what)
	}
	token := unreadable(&os.PathError{Op: "open", Path: "token", Err: os.ErrNotExist})
	if err := (&files{}).write(path, func(io.Writer) error { return token }); !errors.Is(err, token) {
		t.Errorf("a file that is read: %v", err)
	}
}
