//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// hookScript is a script in a shell's language. It loads the hook twice, as the
// documentation says, and goes through all that a script can do with it.
type hookScript struct {
	name      string // of the shell
	argv      []string
	prologues []string
	text      string
	// use is the command; no fob use in scripts if it is "".
	use string
}

const posixScript = `
\eval "$(\fob init SHELL)"
\eval "$(\fob init SHELL)"
fob use 'x y' '*' '$(touch canary)' ''
fob seen
\printf 'data\n' | fob pass
fob status 3 || \echo status "$?"
fob use bad || \echo use "$?"
fob use nothing
fob status 0 && \echo end
`

// quietAliases break every command that the hook would not name with a backslash.
// (export and unset are the program's words.)
const quietAliases = `alias command=false eval=false local=false printf=false return=false shift=false emulate=false typeset=false
`

func hookScripts() []hookScript {
	posix := []string{"", "set -eu\n", "set -eu; IFS='0123456789 e'\n", "set -f\n"}
	return []hookScript{
		{"bash", []string{"bash", "--norc"}, append(posix, "set -eu; shopt -s expand_aliases; "+quietAliases, "set -o posix\n", "shopt -s extglob nullglob failglob\n"), posixScript, "use"},
		{"zsh", []string{"zsh", "-f"}, append(posix, "setopt err_exit no_unset ksh_arrays sh_word_split warn_create_global\n", "emulate sh; set -eu\n", quietAliases), posixScript, "use"},
		{"sh", []string{"dash"}, append(posix, quietAliases), posixScript, "use"},
		{"sh", []string{"ksh93"}, posix, posixScript, "use"},
		{"sh", []string{"mksh"}, posix, posixScript, "use"},
		{"sh", []string{"busybox", "sh"}, posix, posixScript, "use"},
		{"sh", []string{"bash", "--posix"}, posix, posixScript, "use"},
		{"fish", []string{"fish", "--no-config"}, []string{""}, `
fob init fish | source
fob init fish | source
fob use 'x y' '*' '$(touch canary)' ''
fob seen
printf 'data\n' | fob pass
fob status 3; or echo status $status
fob use bad; or echo use $status
fob use nothing
fob status 0; and echo end
`, "use"},
		{"nu", []string{"nu", "--no-config-file"}, []string{""}, `
source init.nu
source init.nu
fob use 'x y' '*' '$(touch canary)' ''
fob seen
"data\n" | fob pass
try { fob status 3 } catch { print $"status ($env.LAST_EXIT_CODE)" }
try { fob use bad } catch { print $"use ($env.LAST_EXIT_CODE)" }
fob use nothing
fob status 0; print end
`, "use"},
		{"tcsh", []string{"tcsh", "-f"}, []string{"", "set noclobber\n", "unset backslash_quote; unset tty\n"}, `
eval "` + "`fob init tcsh`" + `"
eval "` + "`fob init tcsh`" + `"
fobuse 'x y' '*' '$(touch canary)' ''
fob seen
echo data | fob pass
fob status 3 || echo status $status
fobuse bad || echo use $status
fobuse nothing
fob status 0 && echo end
`, "use"},
		{"xonsh", []string{"xonsh", "--no-rc"}, []string{""}, `
import subprocess; execx(subprocess.check_output("fob init xonsh", shell=True, text=True, env=${...}.detype()))
import subprocess; execx(subprocess.check_output("fob init xonsh", shell=True, text=True, env=${...}.detype()))
fob-use 'x y' '*' '$(touch canary)' ''
fob seen
echo data | fob pass
print('status', !(fob status 3).rtn)
fob-use bad || echo use 5
fob-use nothing
fob status 0 && echo end
`, "use"},
		{"elvish", []string{"elvish", "-norc"}, []string{""}, `
eval (fob init elvish | slurp)
eval (fob init elvish | slurp)
fob seen
echo data | fob pass
try { fob status 3 } catch e { echo status $e[reason][exit-status] }
fob status 0; echo end
`, ""},
		{"pwsh", []string{"pwsh", "-NoProfile", "-NonInteractive", "-File"}, []string{"", "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'\n"}, `
fob init pwsh | Out-String | Invoke-Expression
fob init pwsh | Out-String | Invoke-Expression
fob use 'x y' '*' '$(touch canary)' ''
fob seen
'data' | fob pass
fob status 3; "status $LASTEXITCODE"
fob use bad; "use $LASTEXITCODE"
fob use nothing
fob status 0; if ($?) { 'end' }
`, "use"},
	}
}

// hostileName is a profile that shells, prompts and tmux would like to run.
const hostileName = "it's \"so\" $(touch canary) `touch canary` ${HOME} %n%{x%} \\u\\w\\033 !1 #(touch canary) {RED}{x} 東京  $((1))"

func TestHooksInScripts(t *testing.T) {
	for _, s := range hookScripts() {
		t.Run(strings.Join(s.argv[:1], " "), func(t *testing.T) {
			t.Parallel()
			needsShell(t, s.argv[0])
			for _, prologue := range s.prologues {
				t.Run(prologue, func(t *testing.T) { s.run(t, prologue) })
			}
		})
	}
}

func (s hookScript) run(t *testing.T, prologue string) {
	w := newHookWorld(t, s.name)
	name := hostileName
	if s.name == "tcsh" {
		name = strings.ReplaceAll(name, "  ", " ") // docs/shells.md says so
	}
	w.exports("answer", s.name, inUse(name, 0)...)
	w.write("script", prologue+strings.ReplaceAll(s.text, "SHELL", s.name))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := w.command(ctx, append(s.argv[:len(s.argv):len(s.argv)], "script")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	want, calls, vars := "data\nstatus 3\nuse 5\nend\n", "[use][--shell]["+s.name+"][x_y][*][$(touch_canary)][] [seen] [pass] [status][3] [use][--shell]["+s.name+"][bad] [use][--shell]["+s.name+"][nothing] [status][0]",
		map[string]string{"FOB_PROFILE": name, "AWS_X": "secret"}
	if s.use == "" {
		want, calls, vars = "data\nstatus 3\nend\n", "[seen] [pass] [status][3] [status][0]", map[string]string{"GONE": "old"}
	}
	if err != nil || stdout.String() != want || stderr.String() != "" {
		t.Fatalf("%v, printed %q, want %q\n%s", err, stdout.String(), want, stderr.String())
	}
	if got := strings.Join(w.called(), " "); got != calls {
		t.Errorf("called\n%s, want\n%s", got, calls)
	}
	seen := w.environment("seen")
	for _, name := range []string{"FOB_PROFILE", "AWS_X", "GONE", "FOB_EXPIRES"} {
		if value, set := seen[name]; value != vars[name] || set != (vars[name] != "") {
			t.Errorf("%s is %q", name, value)
		}
	}
	w.noCanary()
}
