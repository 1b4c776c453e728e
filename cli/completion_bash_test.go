//go:build unix

package cli_test

import (
	"os"
	"slices"
	"testing"
)

// bashPlays are typed with Tab and Enter into a bash with completions.
func bashPlays() []onTab {
	return []onTab{
		{"fob logi\t\r", "<login>"},
		{"fob pro\t\t", "process   profiles"},
		{"\x15fob login --dev\t\r", "<login><--device>"},
		{"fob env --sh\tfi\t\r", "<env><--shell><fish>"},
		{"fob env --shell=fi\t\r", "<env><--shell=fish>"},
		{"fob -p deve\tlogi\t\r", "<-p><devel><login>"},
		{"fob --profile=deve\t\r", "<--profile=devel>"},
		{"fob --profile=team:d\t\r", "<--profile=team:dev>"},
		{"fob login team:d\t\r", "<login><team:dev>"},
		{"fob login team\\:d\t\r", "<login><team:dev>"},
		{"fob login 'team:d\t\r", "<login><team:dev>"},
		{"fob explain ann\t\r", "<explain><ann@corp>"},
		{"fob explain ann@\t\r", "<explain><ann@corp>"},
		{"fob explain x=\t\r", "<explain><x=y>"},
		{"fob vault rest\t\r", "<vault><restore>"},
		{"fob add --csv key\t\r", "<add><--csv><key.csv>"},
		{"fob add --csv=key\t\r", "<add><--csv=key.csv>"},
		{"fob --region eu-n\t\r", "<--region><eu-north-1>"},
		{"fob login Zo\t\r", "<login><Zoë>"},
		{"fob login my\t\r", "<login><my profile>"},
		{"fob login my\\ p\t\r", "<login><my profile>"},
		{"fob login 'my p\t\r", "<login><my profile>"},
		{"fob login \"my p\t\r", "<login><my profile>"},
		{"fob login m'y p'r\t\r", "<login><my profile>"},
		{"fob login \\$\\(\t\r", "<login><$(touch canary)>"},
		{"fob login '$(\t\r", "<login><$(touch canary)>"},
		{"fob login \\`\t\r", "<login><`touch canary`>"},
		{"fob login a\\;\t\r", "<login><a;touch canary>"},
		{"fob login it\t\r", "<login><it's>"},
		{"fob login \"it\t\r", "<login><it's>"},
		{"fob login say\t\r", "<login><say \"hi\">"},
		{"fob login both\t\r", "<login><both'\">"},
		{"fob login back\t\r", "<login><back\\slash>"},
		{"fob login glob\t\r", "<login><glob*>"},
		{"fob login \\[\t\r", "<login><[x]>"},
		{"fob login \\!h\t\r", "<login><!hist>"},
		{"fob login \\~h\t\r", "<login><~home>"},
		{"fob login \\>c\t\r", "<login><>canary>"},
		{"fob login \\{e\t\r", "<login><{e,f}>"},
		{"fob login =\t\r", "<login><=eq>"},
		{"fob login 東\t\r", "<login><東京>"},
	}
}

// bashExec: mytool has a completion function, other a program.
func bashExec() []onTab {
	return inExec(
		onTab{"fob exec deve\t-- basena\t\r", "<exec><devel><--><basename>"},
		onTab{"fob exec --profile=team:dev -- mytool on\tx\t\r", "<exec><--profile=team:dev><--><mytool><one><x1>"},
		onTab{"fob exec -- other on\tx\t\r", "<exec><--><other><one><xone11>"},
		onTab{"fob exec -- cat key\t\r", "<exec><--><cat><key.csv>"},
	)
}

const bashTools = `_mytool() { case ${COMP_CWORD} in 1) COMPREPLY=($(compgen -W one -- "$2")) ;; *) COMPREPLY=("$2$((COMP_POINT > 0))") ;; esac; }; complete -F _mytool mytool; complete -C other_completer other; `

func TestCompletionBash(t *testing.T) {
	b := newShellBox(t, "bash")
	source := "source '" + b.script("bash") + "'; "
	b.typeInto([]string{"--norc", "--noprofile", "-i"}, "set -eu; "+bashTools+source+source+"\r", slices.Concat(bashPlays(), bashExec(), inScan("\t\r")))
}

// TestCompletionBashWithBashCompletion: its functions complete what stands behind --.
func TestCompletionBashWithBashCompletion(t *testing.T) {
	const library = "/usr/share/bash-completion/bash_completion"
	if _, err := os.Stat(library); err != nil {
		if noSkip() {
			t.Fatal("bash-completion is not installed, and nothing may be skipped")
		}
		t.Skip("bash-completion is not installed")
	}
	b := newShellBox(t, "bash")
	plays := append(bashPlays(), append(bashExec(), inExec(
		onTab{"fob exec -p dev -- chmod --refer\tkey\t\r", "<exec><-p><dev><--><chmod><--reference=key.csv>"},
	)...)...)
	b.typeInto([]string{"--norc", "--noprofile", "-i"}, "source "+library+"; "+bashTools+"source '"+b.script("bash")+"'\r", plays)
}

// TestCompletionBashWithoutTerminal asks the function itself, and runs what it gives.
func TestCompletionBashWithoutTerminal(t *testing.T) {
	b := newShellBox(t, "bash")
	ask := `set -eu; source '` + b.script("bash") + `'; COMP_LINE='fob login '; COMP_POINT=${#COMP_LINE} COMP_WORDBREAKS=' "@><=;|&(:'; _fob
for word in "${COMPREPLY[@]}"; do eval "fob login $word"; done`
	b.compareLogins(b.ask("--norc", "--noprofile", "-c", ask))
	b.compareLogins(b.ask("--norc", "--noprofile", "--posix", "-c", ask))
}

// TestCompletionBashSplits: the script reads quotes as bash does.
func TestCompletionBashSplits(t *testing.T) {
	b := newShellBox(t, "bash")
	ask := `set -eu; source '` + b.script("bash") + `'; COMP_WORDBREAKS=' "@><=;|&(:' tick="'\\''"
while IFS= read -r name; do
  printf -v escaped %q "$name"
  single=\'${name//\'/$tick}\' double=$name
  for c in \\ \" '$' $'\x60'; do double=${double//"$c"/\\"$c"}; done
  double=\"$double\"
  for quoted in "$escaped" "$single" "$double" "x$single" "$escaped$double"; do
    line="fob login $quoted -- $quoted"
    eval "want=(${line/fob/})"
    _fob_split
    [[ ${words[2]} == "${want[1]}" && ${words[3]} == -- && $word == "${want[3]}" ]] || echo "$line: ${words[2]}, $word"
  done
done < <(fob __complete profiles)
echo end`
	if got := b.ask("--norc", "--noprofile", "-c", ask); len(got) != 1 || got[0] != "end" {
		t.Errorf("%q", got)
	}
}

func TestCompletionBashShellcheck(t *testing.T) {
	b := newShellBox(t, "shellcheck")
	b.ask(b.script("bash"))
}
