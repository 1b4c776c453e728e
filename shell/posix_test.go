package shell_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fob/shell"
)

// posix are the real shells; name is what the text is written for.
func posix() []posixShell {
	return []posixShell{
		{"bash", []string{"bash", "--norc", "--noprofile"}},
		{"bash", []string{"bash", "--posix", "-O", "nullglob", "-O", "extglob"}},
		{"bash", []string{"bash", "-H", "-O", "failglob", "-O", "dotglob", "-O", "globstar", "-O", "expand_aliases"}},
		{"zsh", []string{"zsh", "-f"}},
		{"zsh", zsh("globsubst", "shwordsplit", "extendedglob", "rcquotes", "nullglob", "globassign", "magicequalsubst", "banghist")},
		{"zsh", zsh("globsubst", "cshjunkiequotes", "posixstrings", "posixbuiltins", "posixidentifiers", "ksharrays", "kshglob", "braceccl", "interactivecomments", "allexport")},
		{"zsh", []string{"zsh", "--emulate", "sh", "-f"}},
		{"zsh", []string{"zsh", "--emulate", "ksh", "-f"}},
		{"dash", []string{"dash"}},
		{"busybox", []string{"busybox", "sh"}},
		{"ksh93", []string{"ksh93"}},
		{"mksh", []string{"mksh"}},
		{"lksh", []string{"lksh"}},
		{"yash", []string{"yash", "--norcfile"}},
		{"sh", []string{"sh"}},
	}
}

type posixShell struct {
	name string
	argv []string
}

// evaluates is the command line for a script that has the text in the file $1 and
// the child in $2.
func (s posixShell) evaluates(r room, child, script string) []string {
	return append(s.argv[:len(s.argv):len(s.argv)], "-c", script+`; "$2"`, "x", r.text, child)
}

func zsh(options ...string) []string {
	argv := []string{"zsh", "-f"}
	for _, option := range options {
		argv = append(argv, "-o", option)
	}
	return argv
}

// inLocales are the two ways to run each real shell: as it is, and strict.
func inLocales() map[string]string {
	return map[string]string{"C.UTF-8": "", "C": "set -eu; set +f; "}
}

// eachPosix calls test for each real shell, with what the script begins with in
// each locale.
func eachPosix(t *testing.T, locales map[string]string, test func(t *testing.T, r room, s posixShell, evaluates func(script string) []string)) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("what is called bash on Windows may live in another system")
	}
	child := testBinary(t)
	for _, s := range posix() {
		for locale, prologue := range locales {
			t.Run(strings.Join(s.argv, " ")+"/"+locale, func(t *testing.T) {
				t.Parallel()
				need(t, s.argv[0])
				r := newRoom(t, "LC_ALL="+locale)
				test(t, r, s, func(script string) []string { return s.evaluates(r, child, prologue+script) })
			})
		}
	}
}

// cannot says what only this shell cannot take, while others of its name can: yash
// reads programs as characters of the locale.
func (s posixShell) cannot(value string) bool {
	return s.name == "yash" && strings.IndexFunc(value, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
}

func (s posixShell) ansiC() bool { return s.name == "bash" || s.name == "zsh" }

func TestPosixQuotedEval(t *testing.T) {
	eachPosix(t, inLocales(), func(t *testing.T, r room, s posixShell, evaluates func(string) []string) {
		r.prove(t, s.name, slices.DeleteFunc(values(t, find(t, s.name).Name()), s.cannot), evaluates(`eval "$(cat "$1")"`)...)
	})
}

// TestPosixUnquotedEval is the promise that eval $(fob env) is safe as people type
// it: for bash and zsh with any value, for the others with validated credentials.
func TestPosixUnquotedEval(t *testing.T) {
	eachPosix(t, inLocales(), func(t *testing.T, r room, s posixShell, evaluates func(string) []string) {
		taken := valuesThat(t, shell.Safe)
		if s.ansiC() {
			taken = values(t, s.name)
		}
		r.prove(t, s.name, taken, evaluates(`eval $(cat "$1")`)...)
	})
}

// TestPosixIFS sets separators. Within quotes they make no difference. Without,
// blanks do not, and neither does nothing at all.
func TestPosixIFS(t *testing.T) {
	eachPosix(t, map[string]string{"C.UTF-8": ""}, func(t *testing.T, r room, s posixShell, evaluates func(string) []string) {
		taken := slices.DeleteFunc(nasty(), func(value string) bool { return !s.ansiC() && !shell.Safe(value) })
		for _, ifs := range []string{"", " ", `\n`} {
			r.prove(t, s.name, taken, evaluates(setIFS(ifs)+`eval $(cat "$1")`)...)
		}
		taken = slices.DeleteFunc(nasty(), s.cannot)
		r.prove(t, s.name, taken, evaluates(setIFS(`0123456789\047\042\\=;:$export T_\n`)+`eval "$(cat "$1")"`)...)
	})
}

// setIFS is a statement that sets the separators to what printf makes of format.
func setIFS(format string) string { return `IFS=$(printf '` + format + `.'); IFS=${IFS%.}; ` }

// TestPosixHostileIFS sets the separators to what the text is made of. The values
// are lost then, but still nothing is run.
func TestPosixHostileIFS(t *testing.T) {
	var script strings.Builder
	for _, ifs := range []string{`'\''`, `\`, "0123456789", `\$`, "=", ";", "e"} {
		fmt.Fprintf(&script, `IFS='%s'; (eval $(cat "$1")) 2>/dev/null || :; `, ifs)
	}
	eachPosix(t, map[string]string{"C.UTF-8": ""}, func(t *testing.T, r room, s posixShell, evaluates func(string) []string) {
		if s.ansiC() {
			text, _ := export(t, s.name, nasty())
			r.run(t, text, evaluates(script.String()+"IFS=' '")...)
		}
	})
}

// hostileNames are the names of files that match, or are, parts of the text.
func hostileNames() []string {
	if runtime.GOOS == "windows" {
		return []string{"-n", "--", "[a]", "~", "a b", "x", "'", "$(touch canary)", ";touch canary", "#", "!", "{a,b}", "export", "set.cmd", "="}
	}
	names := []string{
		"-n", "-e", "--", "*", "?", "[a]", "~", "a b", " ", "\n", "x", "'", `"`, "`touch canary`", "$(touch canary)", ";touch canary", "; touch canary;",
		"touch canary", ";touch${IFS}canary;", "'; touch canary; '", "$'; touch canary; '", "#", "!", "{a,b}", "\\", "&touch canary&",
		"export", "unset", "eval", "set", "setenv", ";", "=", "$", "''", "'*'", "'?'", "'a'", "'7'",
	}
	for i, value := range nasty() { // what a value with a star would match, were it not quoted
		if strings.Contains(value, "*") {
			names = append(names, fmt.Sprintf("%s%d='';touch canary;'", prefix, i), fmt.Sprintf("%s%d=$'';touch canary;'", prefix, i))
		}
	}
	return names
}
