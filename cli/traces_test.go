//go:build unix

package cli_test

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkTraces looks at what fob left behind: its files are for the user alone
// although it ran under umask 000, and no secret lies in them in clear.
func checkTraces(t testing.TB, w *world, dir string) {
	for _, own := range []string{"fob", "run"} {
		checkPrivate(t, filepath.Join(dir, own))
		checkNoSecret(t, filepath.Join(dir, own), w.secrets())
	}
	checkNoSecret(t, filepath.Join(dir, ".tmp"), w.secrets())
}

// checkPrivate fails for whatever others could read below a folder.
func checkPrivate(t testing.TB, dir string) {
	walk(t, dir, func(path string, info fs.FileInfo) {
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	})
}

// checkNoSecret fails for a file below a folder that holds one of the secrets.
func checkNoSecret(t testing.TB, dir string, secrets []string) {
	walk(t, dir, func(path string, info fs.FileInfo) {
		if !info.Mode().IsRegular() {
			return
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		if s := secretIn(raw, secrets); s != "" {
			t.Errorf("%s holds the secret %.4s…", path, s)
		}
	})
}

func walk(t testing.TB, dir string, visit func(path string, info fs.FileInfo)) {
	err := filepath.Walk(dir, func(path string, info fs.FileInfo, err error) error {
		if err == nil {
			visit(path, info)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
}

// secrets are all that must never be seen: the key, the device's seed, the
// passphrase and every session so far.
func (w *world) secrets() []string {
	all := []string{w.ann.Key.Secret, w.mfa.Seed, passphrase}
	for _, s := range w.aws.Sessions() {
		all = append(all, s.Secret, s.Token)
	}
	all = append(all, w.aws.SignInSecrets()...)
	all = append(all, w.aws.SigninTokens()...)
	return all
}

// secretIn returns the secret that is in raw, as it is or in base64 at any
// alignment; "" when there is none.
func secretIn(raw []byte, secrets []string) string {
	for _, s := range secrets {
		for _, form := range forms(s) {
			if bytes.Contains(raw, []byte(form)) {
				return s
			}
		}
	}
	return ""
}

// forms are a text as it is and its base64, which looks different for each of the
// three places in a group where the text may begin; what depends on its
// neighbours is cut off.
func forms(s string) []string {
	all := []string{s}
	for shift := range 3 {
		coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + s))
		all = append(all, coded[(shift*8+5)/6:len(coded)-1])
	}
	return all
}

func TestFormsFindWhatIsHidden(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	for _, around := range []string{"", "a", "ab", "abc", "abcd"} {
		text := around + secret + "zz"
		coded := base64.StdEncoding.EncodeToString([]byte(text))
		if secretIn([]byte(text), []string{secret}) == "" || secretIn([]byte(coded), []string{secret}) == "" {
			t.Errorf("not found in %q", text)
		}
	}
	if secretIn([]byte("wJalrXUtnFEMI/K7MDENG"), []string{secret}) != "" {
		t.Error("found where it is not")
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
