//go:build unix

package cli_test

import (
	"os"
	"slices"
	"testing"
)

// zshPlays are typed with Tab and Enter into a zsh with completions.
func zshPlays() []onTab {
	return []onTab{
		{"fob logi\t\r", "<login>"},
		{"fob pro\t", "Print credentials for an AWS SDK"},
		{"\x15fob login --dev\t\r", "<login><--device>"},
		{"fob login --\t", "show a code to approve"},
		{"\x15fob env --sh\t\tfi\t\r", "<env><--shell=fish>"},
		{"fob -p deve\t logi\t\r", "<-p><devel><login>"},
		{"fob --profile=deve\t\r", "<--profile=devel>"},
		{"fob login team:d\t\r", "<login><team:dev>"},
		{"fob explain ann\t\r", "<explain><ann@corp>"},
		{"fob vault rest\t\r", "<vault><restore>"},
		{"fob add --csv key\t\r", "<add><--csv><key.csv>"},
		{"fob --region eu-n\t\r", "<--region><eu-north-1>"},
		{"fob login Zo\t\r", "<login><Zoë>"},
		{"fob login my\t\r", "<login><my profile>"},
		{"fob login 'my\t\r", "<login><my profile>"},
		{"fob login \\$\\(\t\r", "<login><$(touch canary)>"},
		{"fob login \\`\t\r", "<login><`touch canary`>"},
		{"fob login a\\;\t\r", "<login><a;touch canary>"},
		{"fob login it\t\r", "<login><it's>"},
		{"fob login say\t\r", "<login><say \"hi\">"},
		{"fob login both\t\r", "<login><both'\">"},
		{"fob login back\t\r", "<login><back\\slash>"},
		{"fob login glob\t\r", "<login><glob*>"},
		{"fob login \\!h\t\r", "<login><!hist>"},
		{"fob login \\~h\t\r", "<login><~home>"},
		{"fob login \\>c\t\r", "<login><>canary>"},
		{"fob login \\{e\t\r", "<login><{e,f}>"},
		{"fob login -p dev --prof\t\r", "<login><-p><dev><--prof>"}, // there is one profile, but for the audit
		{"fob scan collect -p dev --prof\tteam:d\t\r", "<scan><collect><-p><dev><--profile=team:dev>"},
	}
}

// zshExec: the command's own completion knows what may follow it.
func zshExec() []onTab {
	return inExec(
		onTab{"fob exec deve\t-- basena\t\r", "<exec><devel><--><basename>"},
		onTab{"fob exec -- chmo\t--refer\tkey\t\r", "<exec><--><chmod><--reference=key.csv>"},
		onTab{"fob exec -p dev -- print -p\t\r", "<exec><-p><dev><--><print><-p>"},
	)
}

// TestCompletionZsh finds the script in fpath.
func TestCompletionZsh(t *testing.T) {
	b := newShellBox(t, "zsh")
	if err := os.MkdirAll(b.path("fpath"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(b.script("zsh"), b.path("fpath/_fob")); err != nil {
		t.Fatal(err)
	}
	b.typeInto([]string{"-f", "-i"}, "fpath=($PWD/fpath $fpath); autoload -Uz compinit; compinit -D -u\r", slices.Concat(zshPlays(), zshExec(), inScan("\t\r")))
}

// TestCompletionZshSourced reads it after compinit, and without compinit.
func TestCompletionZshSourced(t *testing.T) {
	b := newShellBox(t, "zsh")
	source := "source '" + b.script("zsh") + "'; "
	b.typeInto([]string{"-f", "-i"}, "set -eu; "+source+"autoload -Uz compinit; compinit -D -u; "+source+source+"\r", slices.Concat(zshPlays(), zshExec(), inScan("\t\r")))
}
