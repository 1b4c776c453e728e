//go:build unix

package cli_test

import (
	"slices"
	"testing"
)

// Elvish shows candidates to choose from, also a single one that it has to quote; Enter
// takes the first.
func TestCompletionElvish(t *testing.T) {
	b := newShellBox(t, "elvish")
	b.write("rc.elv", "eval (slurp < '"+b.script("elvish")+"')\neval (slurp < '"+b.script("elvish")+"')\nset edit:completion:arg-completer[mytool] = {|@words| put one }\n")
	b.typeInto([]string{"-rc", b.path("rc.elv")}, "", slices.Concat(inScan("\t\r\r"), inExec(
		onTab{"fob exec deve\t-- basena\t\r\r", "<exec><devel><--><basename>"},
		onTab{"fob exec -p dev -- mytool on\t\r\r", "<exec><-p><dev><--><mytool><one>"},
		onTab{"fob exec -- cat key\t\r\r", "<exec><--><cat><key.csv>"},
	), []onTab{
		{"fob logi\t\r\r", "<login>"},
		{"fob pro\t", "Print credentials for an AWS SDK"},
		{"\r\r", "<process>"},
		{"fob login --de\t", "--device (IAM Identity Center"},
		{"\r\r", "<login><--debug>"},
		{"fob env --shell fi\t\r\r", "<env><--shell><fish>"},
		{"fob -p deve\tlogi\t\r\r", "<-p><devel><login>"},
		{"fob --profile=deve\t\r\r", "<--profile=devel>"},
		{"fob login team:d\t\r\r", "<login><team:dev>"},
		{"fob import dev ann\t\r\r", "<import><dev><ann@corp>"},
		{"fob vault rest\t\r\r", "<vault><restore>"},
		{"fob vault restore key\t\r\r", "<vault><restore><key.csv>"},
		{"fob credential-process --policy-\t\r\r", "<credential-process><--policy-arn>"},
		{"fob --region eu-n\t\r\r", "<--region><eu-north-1>"},
		{"fob login Zo\t\r\r", "<login><Zoë>"},
		{"fob login my\t\r\r", "<login><my profile>"},
		{"fob login 'my\t\r\r", "<login><my profile>"},
		{"fob login '$(\t\r\r", "<login><$(touch canary)>"},
		{"fob login '(\t\r\r", "<login><(sub)>"},
		{"fob login '`\t\r\r", "<login><`touch canary`>"},
		{"fob login 'a;\t\r\r", "<login><a;touch canary>"},
		{"fob login it\t\r\r", "<login><it's>"},
		{"fob login say\t\r\r", "<login><say \"hi\">"},
		{"fob login both\t\r\r", "<login><both'\">"},
		{"fob login back\t\r\r", "<login><back\\slash>"},
		{"fob login glob\t\r\r", "<login><glob*>"},
		{"fob login '>\t\r\r", "<login><>canary>"},
		{"fob login '~\t\r\r", "<login><~home>"},
		{"fob login '{\t\r\r", "<login><{e,f}>"},
	}))
}
