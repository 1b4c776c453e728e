package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// formats are all that there are.
var formats = []string{"text", "jsonl", "html", "json", "csv", "md", "sarif", "junit", "asff", "ocsf"}

// TestCanaries: values of user data, environments, parameters, outputs and secrets, whether
// they look like a secret or not, are in no file of a scan and not on the screen.
func TestCanaries(t *testing.T) {
	m := startMoto(t)
	var canaries []string
	for line := range strings.Lines(m.python(t, "canary.py")) {
		var value string
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			t.Fatal(err)
		}
		canaries = append(canaries, value)
	}
	if len(canaries) < 30 {
		t.Fatalf("%d canaries", len(canaries))
	}
	p := newPerson(t, m, "AKIAIOSFODNN7EXAMPLE", "any")
	args := []string{"scan", "--debug", "-p", "audit", "--regions", "eu-west-1", "--services", "ec2,lambda,ecs,cloudformation,ssm,secretsmanager", "--passes", "--report-dir", "out"}
	for _, f := range formats {
		args = append(args, "--format", f)
	}
	r := p.fob(args...)
	if r.code != 3 {
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	}
	files := unpacked(t, filepath.Join(p.home, "out"))
	if len(files) < len(formats) { // text is on the screen, and there is the snapshot
		t.Errorf("%d files", len(files))
	}
	files["stdout"], files["stderr"] = r.stdout, r.stderr
	found := files["snapshot.jsonl.gz"]
	for _, kind := range []string{`"private key"`, `"GitHub token"`, `"password in a URL"`, `"secret key or token"`} {
		if !strings.Contains(found, kind) {
			t.Errorf("no %s was seen: it proves nothing", kind)
		}
	}
	for name, text := range files {
		for _, canary := range canaries {
			quoted, _ := json.Marshal(canary)
			for _, form := range []string{canary, strings.Trim(string(quoted), `"`), url.QueryEscape(canary)} {
				if at := strings.Index(text, form); at >= 0 {
					t.Errorf("%s has %q: …%s", name, canary, text[max(0, at-200):min(len(text), at+80)])
					break
				}
			}
		}
	}
}

// unpacked are the files below a folder, by name.
func unpacked(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				return err
			}
			if raw, err = io.ReadAll(z); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		out[filepath.Base(path)] = string(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
