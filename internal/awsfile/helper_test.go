package awsfile

import (
	"io/fs"
	"os"
	"testing"
)

// skip leaves a test out, unless the environment asks for all of them.
func skip(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// read makes Files of two texts, in files called config and credentials.
func read(t testing.TB, config, credentials string) *Files {
	t.Helper()
	files, err := Read(
		Paths{Config: Path{Name: "config"}, Credentials: Path{Name: "credentials"}},
		inMemory(map[string]string{"config": config, "credentials": credentials}))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// inMemory is a readFile for the files of a map.
func inMemory(files map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		text, found := files[path]
		if !found {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}
}
