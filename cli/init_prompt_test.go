//go:build unix

package cli_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"fob/shell"
)

// hookedShell is an interactive shell whose rc file loads the hook twice, as the
// documentation says, and shows the segment between < and >.
type hookedShell struct {
	name    string // of the shell
	argv    []string
	rc      map[string]string // files in HOME
	use     string            // the command
	expires string            // sets FOB_EXPIRES to %d
	// What the shell can: tell the time, show the status of the last command behind
	// the segment, look before each command.
	clock, status, early bool
}

func hookedShells() []hookedShell {
	return []hookedShell{
		{"bash", []string{"bash", "--noprofile", "-i"}, map[string]string{".bashrc": `
PROMPT_COMMAND='old=$?; other=+'
eval "$(fob init bash)"
eval "$(fob init bash)"
PS1='$other<$FOB_PS1$old>'
`}, "fob use", "export FOB_EXPIRES=%d", true, true, false},
		{"zsh", []string{"zsh", "-i"}, map[string]string{".zshrc": `
precmd() { old=$?; other=+ }
eval "$(fob init zsh)"
eval "$(fob init zsh)"
setopt prompt_subst
PROMPT='$other<$FOB_PS1$old>'
`}, "fob use", "export FOB_EXPIRES=%d", true, true, true},
		{"fish", []string{"fish", "-i"}, map[string]string{".config/fish/config.fish": `
set fish_greeting
fob init fish | source
fob init fish | source
function fish_prompt
    set -l old $status
    echo -n "+<$FOB_PS1$old>"
end
`, ".local/share/fish/generated_completions/none": ""}, "fob use", "set -gx FOB_EXPIRES %d", true, true, true},
		{"sh", []string{"dash", "-i"}, map[string]string{"rc": `
eval "$(fob init sh)"
eval "$(fob init sh)"
PS1='+<$FOB_PS1$?>'
`}, "fob use", "export FOB_EXPIRES=%d", false, true, false},
		{"sh", []string{"busybox", "sh", "-i"}, map[string]string{"rc": `
eval "$(fob init sh)"
eval "$(fob init sh)"
PS1='+<$FOB_PS1$?>'
`}, "fob use", "export FOB_EXPIRES=%d", false, true, false},
		{"sh", []string{"ksh93", "-i"}, map[string]string{"rc": `
eval "$(fob init sh)"
eval "$(fob init sh)"
PS1='+<${ fob_prompt; }$?>'
`}, "fob use", "export FOB_EXPIRES=%d", true, true, false},
		{"sh", []string{"mksh", "-i"}, map[string]string{"rc": `
eval "$(fob init sh)"
eval "$(fob init sh)"
PS1='+<${ fob_prompt; }$?>'
`}, "fob use", "export FOB_EXPIRES=%d", true, true, false},
		{"tcsh", []string{"tcsh"}, map[string]string{".tcshrc": `
alias precmd 'set other = +'
eval "` + "`fob init tcsh`" + `"
eval "` + "`fob init tcsh`" + `"
set prompt = '%$other<%$FOB_PS1%?>'
`}, "fobuse", "setenv FOB_EXPIRES %d", true, true, false},
		{"elvish", []string{"elvish", "-rc", "home/rc.elv"}, map[string]string{"rc.elv": `
eval (fob init elvish | slurp)
eval (fob init elvish | slurp)
set edit:prompt = { print "+<"$E:FOB_PROMPT">" }
set edit:rprompt = { }
`}, "fob use", "set-env FOB_EXPIRES %d", true, false, true},
		{"nu", []string{"nu", "--config", "home/config.nu", "--env-config", "home/env.nu"}, map[string]string{"env.nu": "", "config.nu": `
$env.config.show_banner = false
source ../init.nu
source ../init.nu
$env.PROMPT_COMMAND = {|| $"+<($env.FOB_PROMPT? | default '')>" }
$env.PROMPT_COMMAND_RIGHT = ""
$env.PROMPT_INDICATOR = ""
`}, "fob use", "$env.FOB_EXPIRES = '%d'", true, false, true},
		{"xonsh", []string{"xonsh", "--rc", "home/rc.xsh"}, map[string]string{"rc.xsh": `
import subprocess; execx(subprocess.check_output("fob init xonsh", shell=True, text=True, env=${...}.detype()))
import subprocess; execx(subprocess.check_output("fob init xonsh", shell=True, text=True, env=${...}.detype()))
$PROMPT = '+<{fob}>'
`}, "fob use", "$FOB_EXPIRES = '%d'", true, false, true},
	}
}

func TestHooksAtThePrompt(t *testing.T) {
	for _, s := range hookedShells() {
		t.Run(s.argv[0], func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			se.types("", "")
			se.life()
		})
	}
}

func (s *session) life() {
	s.t.Helper()
	minutes := 42*time.Minute + 30*time.Second
	s.exports("answer", s.name, inUse("prod", minutes)...)
	s.exports("renew", s.name, inUse("prod", 3*minutes)...)
	if !s.clock {
		s.types(s.use+" prod", "prod")
		return
	}
	s.types(s.use+" prod", "prod 42m")
	_ = s.called()
	s.types("", "prod 42m")
	for _, call := range s.called() {
		if !strings.HasPrefix(call, "[mark]") && call != "[seen]" {
			s.t.Errorf("a prompt started %s", call)
		}
	}
	s.types(fmt.Sprintf(s.expires, time.Now().Unix()+30), "prod 2h7m")
	s.wantRenewals(1)
	s.answers("renew", "", 1)
	s.types(fmt.Sprintf(s.expires, time.Now().Unix()-30), "prod expired")
	s.types("", "prod expired")
	s.types("", "prod expired")
	s.wantRenewals(1)
	s.exports("renew", s.name, shell.Unset("FOB_PROFILE", "FOB_EXPIRES")...)
	s.types(fmt.Sprintf(s.expires, 1), "")
	s.wantRenewals(1)
}

// TestHostileNamesAtThePrompt: the segment shows "?" for what some prompt would
// take for more than text, and the variable has the exact name.
func TestHostileNamesAtThePrompt(t *testing.T) {
	for _, s := range hookedShells() {
		t.Run(s.argv[0], func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			name := strings.ReplaceAll(hostileName, "  ", " ")
			want := shown(name)
			if s.name == "tcsh" {
				want = "?"
			}
			se.exports("answer", s.name, inUse(name, 0)...)
			se.types(s.use+" x", want)
			se.types("fob seen", want)
			if got := se.environment("seen")["FOB_PROFILE"]; got != name {
				t.Errorf("FOB_PROFILE is %q", got)
			}
			if got := se.environment("seen")["FOB_PROMPT"]; got != want {
				t.Errorf("FOB_PROMPT is %q", got)
			}
			se.noCanary()
		})
	}
}

// shown is how a segment shows a name.
func shown(name string) string {
	return regexp.MustCompile("[$`\\\\%!#{}]").ReplaceAllString(name, "?")
}

// TestStatusAtThePrompt: prompts and other hooks see the status of the last command.
func TestStatusAtThePrompt(t *testing.T) {
	for _, s := range hookedShells() {
		if !s.status {
			continue
		}
		t.Run(s.argv[0], func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			se.exports("answer", s.name, inUse("prod", 42*time.Minute+30*time.Second)...)
			se.exports("renew", s.name, inUse("new", 42*time.Minute+30*time.Second)...)
			se.types(s.use+" prod", strings.TrimSpace("prod "+se.left("42m")))
			se.enters("fob status 3")
			if err := se.expect("3>"); err != nil {
				t.Fatal(err)
			}
			if !s.clock {
				return
			}
			se.enters(fmt.Sprintf(s.expires, 1) + "; fob status 4")
			if err := se.expect("4>"); err != nil {
				t.Fatal(err)
			}
			se.types("", "new 42m")
		})
	}
}

// left is a time where the shell has a clock.
func (s *session) left(time string) string {
	if s.clock {
		return time
	}
	return ""
}

// TestHooksBeforeACommand: a command that is typed at an old prompt gets credentials
// that are renewed.
func TestHooksBeforeACommand(t *testing.T) {
	withPreexec := bashWith(`eval "$(fob init bash)"; PS1='+<$FOB_PS1$?>'
trap 'for f in "${preexec_functions[@]}"; do "$f" "$BASH_COMMAND"; done' DEBUG # as bash-preexec does
`)
	withPreexec.early = true
	for _, s := range append(hookedShells(), withPreexec) {
		if !s.early {
			continue
		}
		t.Run(s.argv[0], func(t *testing.T) {
			t.Parallel()
			se := s.start(t)
			se.types("", "")
			expires := time.Now().Add(62 * time.Second)
			se.exports("answer", s.name, inUse("old", time.Until(expires))...)
			se.exports("renew", s.name, inUse("new", 42*time.Minute+30*time.Second)...)
			se.types(s.use+" old", "old 1m")
			_ = se.called()
			time.Sleep(time.Until(expires.Add(-58 * time.Second))) // the hook has the real clock
			se.types("sh -c 'fob seen early'", "new 42m")
			if got := se.environment("early")["FOB_PROFILE"]; got != "new" {
				t.Errorf("the command had the credentials of %q", got)
			}
			se.wantRenewals(1)
		})
	}
}

func (s *session) wantRenewals(n int) {
	s.t.Helper()
	called := s.called()
	renewals := strings.Count(strings.Join(called, " "), "[--renew]")
	if renewals != n {
		s.t.Errorf("%d renewals, want %d: %q", renewals, n, called)
	}
}
