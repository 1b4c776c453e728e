//go:build unix

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nobody is who children run as where root's own rights would hide a fault.
const nobody = 65534

// A home that nobody can write to: what is kept is handed out, what is not is
// made and not kept, and there is one warning that names the folder.
func TestReadOnlyFolder(t *testing.T) {
	w := newWorld(t)
	if isRoot() {
		w.uid = nobody
	}
	readOnly(t, w, func() { chmodFolders(t, w.fobDir(), 0o500) })
}

// readOnly runs fob before and after its folder is made read-only.
func readOnly(t *testing.T, w *world, freeze func()) {
	t.Helper()
	w.annConfig(w.roleConfig("Ops"))
	w.useVault()
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.chown(w.dir)
	w.add("ann", w.ann.Key).ok(t)
	kept := w.fob("process", "-p", "ann").answer(t)
	freeze()
	before := tree(t, w.fobDir())

	warm := w.fob("process", "-p", "ann")
	if warm.answer(t) != kept {
		t.Errorf("another answer: %v", warm)
	}
	if n := warm.warnings(); len(n) > 1 {
		t.Errorf("%d warnings: %v", len(n), warm)
	}
	for range 2 {
		miss := w.fob("process", "-p", "Ops")
		miss.answer(t)
		if n := miss.warnings(); len(n) != 1 || !strings.Contains(n[0], w.fobDir()) {
			t.Errorf("want one warning that names %s: %v", w.fobDir(), miss)
		}
	}
	if r := w.fob("remove", "ann", "--force"); r.code != 6 && r.code != 1 {
		t.Errorf("remove: %v", r)
	}
	if r := w.add("bob", w.ann.AddKey("", "")); r.code != 6 && r.code != 1 {
		t.Errorf("add: %v", r)
	}
	if after := tree(t, w.fobDir()); after != before {
		t.Errorf("files before:\n%s\nafter:\n%s", before, after)
	}
	if r := w.fob("process", "-p", "ann"); r.answer(t) != kept {
		t.Errorf("another answer: %v", r)
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1, "AssumeRole": 2})
}

// chmodFolders changes all folders below one, and takes it back at the end.
func chmodFolders(t *testing.T, top string, mode fs.FileMode) {
	t.Helper()
	set := func(mode fs.FileMode) {
		_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(path, mode)
			}
			if err != nil {
				t.Error(err)
			}
			return nil
		})
	}
	set(mode)
	t.Cleanup(func() { set(0o700) })
}

// tree lists the files of a folder.
func tree(t *testing.T, top string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
		b.WriteString(strings.TrimPrefix(path, top) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
