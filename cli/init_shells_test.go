//go:build unix

package cli_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"fob/shell"
)

// bashWith is an interactive bash with another rc file.
func bashWith(rc string) hookedShell {
	return hookedShell{name: "bash", argv: []string{"bash", "--noprofile", "-i"}, rc: map[string]string{".bashrc": rc},
		use: "fob use", expires: "export FOB_EXPIRES=%d", clock: true, status: true}
}

func zshWith(rc string) hookedShell {
	return hookedShell{name: "zsh", argv: []string{"zsh", "-i"}, rc: map[string]string{".zshrc": rc},
		use: "fob use", expires: "export FOB_EXPIRES=%d", clock: true, status: true, early: true}
}

// TestHooksWithOtherRCFiles: what people have in their rc files beside the hook.
func TestHooksWithOtherRCFiles(t *testing.T) {
	const twice = `\eval "$(\fob init bash)"` + "\n" + `\eval "$(\fob init bash)"` + "\n"
	const twiceZsh = `\eval "$(\fob init zsh)"` + "\n" + `\eval "$(\fob init zsh)"` + "\n"
	for name, s := range map[string]hookedShell{
		"PROMPT_COMMAND is an array":     bashWith("PROMPT_COMMAND=('old=$?' 'other=+')\n" + twice + `PS1='$other<$FOB_PS1$old>'`),
		"PROMPT_COMMAND builds PS1":      bashWith("PROMPT_COMMAND='" + `PS1="+<$FOB_PS1$?>"` + "'\n" + twice),
		"PROMPT_COMMAND is exported":     bashWith("export PROMPT_COMMAND='old=$?'\n" + twice + `PS1='+<$FOB_PS1$old>'`),
		"PROMPT_COMMAND is set later":    bashWith(twice + `PROMPT_COMMAND="$PROMPT_COMMAND; old=\$?"; PS1='+<$FOB_PS1$old>'`),
		"bash with set -eu":              bashWith("set -eu\n" + twice + `PS1='+<$FOB_PS1$?>'`),
		"bash with an odd IFS":           bashWith("IFS='0123456789 emh'\n" + twice + `PS1='+<$FOB_PS1$?>'`),
		"bash with aliases":              bashWith(quietAliases + twice + `PS1='+<$FOB_PS1$?>'`),
		"bash in POSIX mode":             bashWith("set -o posix\n" + twice + `PS1='+<$FOB_PS1$?>'`),
		"zsh with err_exit and no_unset": zshWith("setopt err_exit no_unset prompt_subst\n" + twiceZsh + `PROMPT='+<$FOB_PS1%?>'`),
		"zsh with ksh's options":         zshWith("setopt ksh_arrays sh_word_split warn_create_global prompt_subst prompt_bang\nprecmd_functions=(old)\nold() { o=$? }\n" + twiceZsh + `PROMPT='+<$FOB_PS1$o>'`),
		"zsh with aliases":               zshWith(quietAliases + "setopt prompt_subst\n" + twiceZsh + `PROMPT='+<$FOB_PS1%?>'`),
		"a hook of zsh builds PROMPT":    zshWith("setopt prompt_subst\nprecmd_functions=(build)\nbuild() { " + `PROMPT="+<$FOB_PS1%?>"` + " }\n" + twiceZsh),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			se.types("", "")
			se.life()
			se.exports("answer", s.name, inUse(hostileName, 0)...)
			se.types("fob use x", shown(hostileName))
			se.noCanary()
		})
	}
}

// TestReadOnlyPromptCommand: the rc file goes on, and fob use works.
func TestReadOnlyPromptCommand(t *testing.T) {
	t.Parallel()
	se := bashWith("readonly PROMPT_COMMAND=:\n" + `eval "$(fob init bash)"` + "\nPS1='+<$FOB_PROFILE$?>'\n").start(t)
	se.exports("answer", "bash", inUse("prod", time.Hour)...)
	se.types("fob use prod", "prod")
}

// TestClockOfOldBash is the way that bash 3.2, of macOS, tells the time: one date,
// then SECONDS.
func TestClockOfOldBash(t *testing.T) {
	t.Parallel()
	s := bashWith(`eval "$(fob init bash | sed s/402/9999/)"` + "\nPS1='+<$FOB_PS1$?>'\n")
	se := s.start(t)
	se.types("", "")
	if called := se.called(); len(called) != 1 {
		t.Errorf("without credentials: %q", called)
	}
	se.exports("answer", s.name, inUse("prod", 42*time.Minute+30*time.Second)...)
	se.types("fob use prod", "prod 42m")
	if called := strings.Join(se.called(), " "); strings.Count(called, "date") != 1 {
		t.Errorf("after fob use: %q", called)
	}
	se.life()
	se.exports("answer", s.name, inUse("prod", 42*time.Minute+30*time.Second)...)
	se.types("SECONDS=0; fob use prod", "prod 42m")
}

// TestProtectedProfilesAreRed, as are those with less than five minutes left.
func TestProtectedProfilesAreRed(t *testing.T) {
	for _, s := range hookedShells() {
		if s.name != "bash" && s.name != "zsh" && s.name != "fish" && s.name != "xonsh" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			for _, tc := range []struct {
				vars []shell.Var
				red  bool
			}{
				{inUse("dev", time.Hour), false},
				{append(inUse("prod", time.Hour), shell.Var{Name: "FOB_PROTECTED", Value: "1"}), true},
				{append(inUse("late", 4*time.Minute), shell.Unset("FOB_PROTECTED")...), true},
			} {
				se.exports("answer", s.name, tc.vars...)
				se.runs("fob use x")
				if err := se.expect("+<"); err != nil {
					t.Fatal(err)
				}
				begin := se.seen
				if err := se.expect(tc.vars[0].Value); err != nil {
					t.Fatal(err)
				}
				before := se.raw(begin)
				if red := strings.Contains(before, "31m"); red != tc.red {
					t.Errorf("%s is shown as %q", tc.vars[0].Value, before)
				}
			}
		})
	}
}

// TestPowerlevel10k: its segment is made by prompt_fob, which calls p10k.
func TestPowerlevel10k(t *testing.T) {
	needsShell(t, "zsh")
	w := newHookWorld(t, "zsh")
	w.exports("answer", "zsh", append(inUse("50% "+hostileName, 0), shell.Var{Name: "FOB_PROTECTED", Value: "1"})...)
	cmd := w.command(t.Context(), "zsh", "-f", "-c", `eval "$(fob init zsh)"
p10k() { print -r -- "$@" }
prompt_fob
fob use prod && _fob_prompt && prompt_fob`)
	out, err := cmd.CombinedOutput()
	if want := "segment -s ALERT -f red -t " + shown("50% "+hostileName) + "\n"; err != nil || string(out) != want {
		t.Errorf("%v, %q, want %q", err, out, want)
	}
}

// TestInitIsCleanForShellcheck: what people let their shells evaluate.
func TestInitIsCleanForShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		if noSkip() {
			t.Fatal(err)
		}
		t.Skip("shellcheck is not installed")
	}
	for _, name := range []string{"bash", "sh"} {
		text, err := shell.Init(name)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "shellcheck", "--shell", name, "--enable", "quote-safe-variables,check-unassigned-uppercase", "-")
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
