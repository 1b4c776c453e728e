//go:build unix

package cli_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// browserMain is a browser: it goes to a page, follows where it is sent, and
// leaves the last page and its own environment in the home folder. It ends with 1
// where the page is an error.
func browserMain() {
	home := os.Getenv("HOME")
	res, err := http.Get(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	page, err := io.ReadAll(res.Body)
	if err != nil {
		panic(err)
	}
	for name, content := range map[string]string{"page": string(page), "browser.env": strings.Join(os.Environ(), "\n")} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			panic(err)
		}
	}
	if res.StatusCode != http.StatusOK {
		os.Exit(1)
	}
}

func cmdSSO(ts *testscript.TestScript, args []string) {
	res, err := http.Post(ts.Getenv("FAKE")+"/__fake/sso?"+args[0], "", nil)
	ts.Check(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("sso %s: %s", args[0], res.Status)
	}
}

func cmdEndSSO(ts *testscript.TestScript, _ []string) { worldOf(ts).aws.EndSignIns() }

func cmdFlip(ts *testscript.TestScript, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*"))
	ts.Check(err)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		ts.Check(err)
		raw[len(raw)-1] ^= 1
		ts.Check(os.WriteFile(file, raw, 0o600))
	}
}
