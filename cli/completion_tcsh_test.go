//go:build unix

package cli_test

import "testing"

func TestCompletionTcsh(t *testing.T) {
	b := newShellBox(t, "tcsh")
	source := "source '" + b.script("tcsh") + "'"
	b.typeInto([]string{"-f"}, "set prompt='$ ' autolist; "+source+"; "+source+"\r", []onTab{
		{"fob logi\t\r", "<login>"},
		{"fob pro\t", "process  profiles"},
		{"\x15fob login --dev\t\r", "<login><--device>"},
		{"fob env --shell fi\t\r", "<env><--shell><fish>"},
		{"fob env --shell=fi\t\r", "<env><--shell=fish>"},
		{"fob profiles --format tab\t\r", "<profiles><--format><table>"},
		{"fob process -p deve\t\r", "<process><-p><devel>"},
		{"fob --profile=deve\t\r", "<--profile=devel>"},
		{"fob login team:d\t\r", "<login><team:dev>"},
		{"fob explain ann\t\r", "<explain><ann@corp>"},
		{"fob vault rest\t\r", "<vault><restore>"},
		{"fob vault restore key\t\r", "<vault><restore><key.csv>"},
		{"fob add --csv key\t\r", "<add><--csv><key.csv>"},
		{"fob --region eu-n\t\r", "<--region><eu-north-1>"},
		{"fob login 'deve\t\r", "<login><devel>"},
		{"fob scan coll\t\r", "<scan><collect>"},
		{"fob scan rules conv\t\r", "<scan><rules><convert>"},
		{"fob scan --all-pr\t\r", "<scan><--all-profiles>"},
		{"fob scan --services guard\t\r", "<scan><--services><guardduty>"},
		{"fob scan eval --fail-on cr\t\r", "<scan><eval><--fail-on><critical>"},
		{"fob scan eval key\t\r", "<scan><eval><key.csv>"},
		{"fob scan checks vpc-sg-s\t\r", "<scan><checks><vpc-sg-ssh-open>"},
		// Names that tcsh would do something with are not offered.
		{"fob login my\t\r", "<login><my>"},
		{"fob login r\t\r", "<login><runs>"},
		{"fob login \t", "team:prod"}, {"\x15", ""},
	})
}
