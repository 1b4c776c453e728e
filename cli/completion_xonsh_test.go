//go:build unix

package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// asXonsh prints, for each line, what xonsh completes it to, with the help behind a
// |, and runs the line if there is just one completion.
const asXonsh = `
source @(SCRIPT)
source @(SCRIPT)
import json
from xonsh.completer import Completer
for line in LINES:
    found, length = Completer().complete_line(line)
    print("; ".join(str(f).strip() + "|" + getattr(f, "description", "") for f in found), flush=True)
    if len(found) == 1:
        execx(line[:len(line) - (getattr(found[0], "prefix_len", None) or length)] + str(found[0]))
    else:
        print("-", flush=True)
for f in Completer().complete_line("fob login ")[0]:
    execx("fob login " + str(f))
`

func TestCompletionXonsh(t *testing.T) {
	b := newShellBox(t, "xonsh")
	tests := []struct{ line, offered, ran string }{
		{"fob pro", "process|Print credentials for an AWS SDK (credential_process); profiles|List the profiles and where their credentials come from", "-"},
		{"fob login --dev", "--device|IAM Identity Center: show a code to approve in a browser on any machine", "<login><--device>"},
		{"fob -p team:", "team:dev|; team:prod|", "-"},
		{"fob -p deve", "devel|", "<-p><devel>"},
		{"fob --profile=deve", "r'--profile=devel'|", "<--profile=devel>"},
		{"fob env --shell fi", "fish|", "<env><--shell><fish>"},
		{"fob vault rest", "restore|Go back to a backup", "<vault><restore>"},
		{"fob vault restore key", "key.csv|", "<vault><restore><key.csv>"},
		{"fob import dev ann", "r'ann@corp'|", "<import><dev><ann@corp>"},
		{"fob login Zo", "Zoë|", "<login><Zoë>"},
		{"fob login my", "r'my profile'|", "<login><my profile>"},
		{"fob login 'my", "r'my profile'|", "<login><my profile>"},
		{"fob login r'my p", "r'my profile'|", "<login><my profile>"},
		{"fob login '%", "r'%pct'|", "<login><%pct>"},
		{"fob login '`", "r'`touch canary`'|", "<login><`touch canary`>"},
		{"fob login 'a;", "r'a;touch canary'|", "<login><a;touch canary>"},
		{"fob login it", `r"it's"|`, "<login><it's>"},
		{"fob login say", `r'say "hi"'|`, `<login><say "hi">`},
		{"fob login both", "", "-"},
		{"fob login trail", "", "-"},
		{"fob login back", `r'back\slash'|`, `<login><back\slash>`},
		{"fob login glob", "r'glob*'|", "<login><glob*>"},
		{"fob login '~", "r'~home'|", "<login><~home>"},
		{"fob login '>", "r'>canary'|", "<login><>canary>"},
		{"fob login '{", "r'{e,f}'|", "<login><{e,f}>"},
		{"fob login 'r", `r"r'raw'"|; runs|`, "-"},
	}
	for _, p := range inScan("") {
		word := p.lastWord()
		if strings.Contains(word, "=") {
			word = "r'" + word + "'"
		}
		tests = append(tests, struct{ line, offered, ran string }{p.typed, word + "|", p.want})
	}
	for _, p := range inExec(
		onTab{"fob exec deve", "devel||<exec><devel>"},
		onTab{"fob exec dev -- basena", "basename||<exec><dev><--><basename>"},
		onTab{"fob exec -p dev -- cat key", "key.csv||<exec><-p><dev><--><cat><key.csv>"},
	) {
		offered, ran, _ := strings.Cut(p.want, "||")
		tests = append(tests, struct{ line, offered, ran string }{p.typed, offered + "|", ran})
	}
	var lines, want []string
	for _, tt := range tests {
		lines, want = append(lines, tt.line), append(want, tt.offered, tt.ran)
	}
	text, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	b.write("ask.xsh", "SCRIPT = r'"+b.script("xonsh")+"'\nLINES = "+string(text)+asXonsh)
	got := b.ask("--no-rc", b.path("ask.xsh"))
	if len(got) < len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if got[i] != want[i] && !(strings.HasPrefix(lines[i/2], "fob scan ") && strings.HasPrefix(got[i], want[i])) {
			t.Errorf("%s: %q, want %q", lines[i/2], got[i], want[i])
		}
	}
	b.compareLogins(got[len(want):], `both'"`, `trail\`)
}
