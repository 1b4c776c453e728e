package awsfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestReadFromDisk(t *testing.T) {
	dir := t.TempDir()
	config, credentials := filepath.Join(dir, "config"), filepath.Join(dir, "credentials")
	if err := os.WriteFile(config, []byte("[profile a]\nk = v\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := Read(Paths{Config: Path{Name: config}, Credentials: Path{Name: credentials}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	section, err := files.Profile("a")
	if err != nil {
		t.Fatal(err)
	}
	if value, _ := section.Get("k"); value.Text != "v" || value.File != config {
		t.Errorf("got %q of %q", value.Text, value.File)
	}
	if got := files.Paths().Credentials.Name; got != credentials {
		t.Errorf("paths: got %q", got)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, maxSize+1); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		path  Path
		read  func(string) ([]byte, error)
		words []string
	}{
		{"a folder", Path{dir, ConfigVariable}, nil, []string{ConfigVariable, "not a regular file"}},
		{"a large file", Path{large, ConfigVariable}, nil, []string{ConfigVariable, "64 MiB"}},
		{"a large answer", Path{Name: "x"}, func(string) ([]byte, error) { return make([]byte, maxSize+1), nil }, []string{"the AWS config file", `"x"`, "64 MiB"}},
		{"UTF-16", Path{Name: "x"}, inMemory(map[string]string{"x": "\xff\xfe[\x00"}), []string{"the AWS config file", `"x"`, "UTF-16"}},
		{"any failure", Path{Name: "x"}, func(string) ([]byte, error) { return nil, os.ErrPermission }, []string{"the AWS config file", "permission"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, err := Read(Paths{Config: test.path}, test.read)
			if err == nil || files != nil {
				t.Fatalf("got %v, %v; want an error", files, err)
			}
			for _, words := range test.words {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%v does not say %s", err, words)
				}
			}
		})
	}
}

func TestReadSizeLimitIsInclusive(t *testing.T) {
	data := make([]byte, maxSize)
	if _, err := Read(Paths{Config: Path{Name: "x"}}, func(string) ([]byte, error) { return data, nil }); err != nil {
		t.Error(err)
	}
}

func TestReadSpecialFiles(t *testing.T) {
	files, err := Read(Paths{Config: Path{os.DevNull, ConfigVariable}}, nil)
	if err != nil || files.Missing() != nil {
		t.Errorf("null device: %v, %v", err, files.Missing())
	}
	if runtime.GOOS == "windows" {
		return
	}
	// A home that is no folder, as system accounts have it, holds no files.
	if _, err := Read(Paths{Config: Path{Name: os.DevNull + "/.aws/config"}}, nil); err != nil {
		t.Errorf("below a file: %v", err)
	}
}

func TestReadUnreadable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Log("this account may read every file; the injected failure stands for it")
		return
	}
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(Paths{Config: Path{Name: path}}, nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want a permission error", err)
	}
}
