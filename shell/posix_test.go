package shell_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fob/shell"
)

// posix are the real shells; name is what the text is written for.
var posix = []struct {
	name string
	argv []string
}{
	{"bash", []string{"bash", "--norc", "--noprofile"}},
	{"bash", []string{"bash", "--posix", "-O", "nullglob", "-O", "extglob"}},
	{"bash", []string{"bash", "-O", "failglob", "-O", "dotglob"}},
	{"zsh", []string{"zsh", "-f"}},
	{"zsh", []string{"zsh", "-f", "-o", "globsubst", "-o", "shwordsplit", "-o", "extendedglob"}},
	{"zsh", []string{"zsh", "--emulate", "sh", "-f"}},
	{"dash", []string{"dash"}},
	{"busybox", []string{"busybox", "sh"}},
	{"ksh", []string{"ksh"}},
	{"mksh", []string{"mksh"}},
	{"sh", []string{"sh"}},
}

// evaluate runs a script in dir that has the file of text as $1.
type evaluate func(t *testing.T, dir, script, text string) map[string]string

// eachPosix calls test for each real shell, plain and strict, in two locales.
func eachPosix(t *testing.T, test func(t *testing.T, name string, eval evaluate)) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("what is called bash on Windows may live in another system")
	}
	child := testBinary(t)
	for _, sh := range posix {
		for _, prologue := range []string{"", "set -eu; set +f; "} {
			for _, locale := range []string{"C", "C.UTF-8"} {
				t.Run(strings.Join(sh.argv, " ")+"/"+prologue+locale, func(t *testing.T) {
					need(t, sh.argv[0])
					test(t, sh.name, func(t *testing.T, dir, script, text string) map[string]string {
						argv := append(sh.argv[:len(sh.argv):len(sh.argv)], "-c", prologue+script+`; "$2"`, "x", textFile(t, text), child)
						return run(t, dir, []string{"LC_ALL=" + locale, prefix + "GONE=old"}, argv...)
					})
				})
			}
		}
	}
}

// export writes values for a shell, after taking two variables away.
func export(t *testing.T, name string, values []string) (text string, want map[string]string) {
	t.Helper()
	s, err := shell.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	vars := shell.Unset(prefix+"GONE", prefix+"NEVER")
	want = map[string]string{}
	for i, value := range values {
		v := shell.Var{Name: fmt.Sprintf("%s%d", prefix, i), Value: value}
		vars = append(vars, v)
		want[v.Name] = v.Value
	}
	text, err = s.Export(vars)
	if err != nil {
		t.Fatal(err)
	}
	return text, want
}

func TestPosixQuotedEval(t *testing.T) {
	all := values()
	eachPosix(t, func(t *testing.T, name string, eval evaluate) {
		text, want := export(t, name, all)
		compare(t, eval(t, hostileFolder(t), `eval "$(cat "$1")"`, text), want)
	})
}

// TestPosixUnquotedEval is the promise that eval $(fob env) is safe as people type
// it: for bash and zsh with any value, for the others with validated credentials.
func TestPosixUnquotedEval(t *testing.T) {
	all := values()
	harmless := slices.DeleteFunc(values(), func(value string) bool { return !shell.Safe(value) })
	eachPosix(t, func(t *testing.T, name string, eval evaluate) {
		values := harmless
		if name == "bash" || name == "zsh" {
			values = all
		}
		text, want := export(t, name, values)
		compare(t, eval(t, hostileFolder(t), `eval $(cat "$1")`, text), want)
	})
}

// TestPosixHostileIFS sets the separators to what the text is made of. The values
// are lost then, but still nothing is run.
func TestPosixHostileIFS(t *testing.T) {
	var script strings.Builder
	for _, ifs := range []string{`'\''`, `\`, "0123456789", `\$`, "=", ";", "e"} {
		fmt.Fprintf(&script, `IFS='%s'; (eval $(cat "$1")) 2>/dev/null || :; `, ifs)
	}
	eachPosix(t, func(t *testing.T, name string, eval evaluate) {
		if name == "bash" || name == "zsh" {
			text, _ := export(t, name, nasty())
			eval(t, hostileFolder(t), script.String()+"IFS=' '", text)
		}
	})
}

// hostileFolder returns a folder full of files whose names are commands, options
// and parts of the text. The test fails in the end if a file came or went, which
// is what all the commands do.
func hostileFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	names := []string{
		"-n", "-e", "--", "*", "?", "[a]", "~", "a b", " ", "\n", "x", "'", `"`, "`touch canary`", "$(touch canary)", ";touch canary", "; touch canary;",
		"touch canary", ";touch${IFS}canary;", "'; touch canary; '", "$'; touch canary; '", "#", "!", "{a,b}", "\\", "&touch canary&",
		"export", "unset", "eval", ";", "=", "$", "''", "'*'", "'?'", "'a'", "'7'",
	}
	for i, value := range nasty() { // what a value with a star would match, were it not quoted
		if strings.Contains(value, "*") {
			names = append(names, fmt.Sprintf("%s%d='';touch canary;'", prefix, i), fmt.Sprintf("%s%d=$'';touch canary;'", prefix, i))
		}
	}
	for _, name := range names {
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
