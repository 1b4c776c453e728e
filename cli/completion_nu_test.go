//go:build unix

package cli_test

import (
	"strings"
	"testing"
)

func TestCompletionNu(t *testing.T) {
	b := newShellBox(t, "nu")
	source := "source '" + b.script("nu") + "'\nsource '" + b.script("nu") + "'\n"
	tests := []struct{ spans, want string }{
		{"[fob pro]", "process|Print credentials for an AWS SDK (credential_process); profiles|List the profiles and where their credentials come from"},
		{"[fob -p dev logi]", "login|Get a session ready now, so that later calls need nobody"},
		{"[fob login --dev]", "--device|IAM Identity Center: show a code to approve in a browser on any machine"},
		{"[fob -p 'team:']", "team:dev|; team:prod|"},
		{"[fob '--profile=deve']", "'--profile=devel'|"},
		{"[fob env --shell fi]", "fish|"},
		{"[fob import dev ann]", "ann@corp|"},
		{"[fob login dev ann]", ""},
		{"[fob vault rest]", "restore|Go back to a backup"},
		{"[fob vault restore key]", "files"},
		{"[fob credential-process --policy-]", "--policy-arn|Managed session policy for --role-arn; may be repeated"},
		{"[fob version x]", ""},
		{`[fob login "'my"]`, "'my profile'|"},
		{`[fob login '"it']`, `"it's"|`},
		{`["fob login" deve]`, "devel|"},
		{`[git status]`, "git completer"},
	}
	for _, p := range inScan("") {
		word := p.lastWord()
		switch {
		case word == "key.csv":
			word = "files"
		case strings.Contains(word, "="):
			word = "'" + word + "'"
		}
		tests = append(tests, struct{ spans, want string }{"['" + strings.ReplaceAll(p.typed, " ", "' '") + "']", word})
	}
	for _, p := range inExec(
		onTab{"[fob exec deve]", "devel|"},
		onTab{"[fob exec dev -- mytool x]", "mytool completer"},
		onTab{"[fob exec -p dev -- aws s3 -p ls]", "aws completer"},
		onTab{"[fob exec -- cat]", "files"},
	) {
		tests = append(tests, struct{ spans, want string }{p.typed, p.want})
	}
	script := `def show [found] {
  print (if $found == null { "files" } else { $found | each {|c| [$c.value $c.description?] | compact | str join "|" } | str join "; " })
}
` + "$env.config.completions.external.completer = {|spans| [{value: $\"($spans.0) completer\"}] }\n" + source
	var want []string
	for _, tt := range tests {
		want = append(want, tt.want)
		script += "show (do $env.config.completions.external.completer " + tt.spans + ")\n"
	}
	script += "do $env.config.completions.external.completer [fob login ''] | each {|c| print $'fob login ($c.value)' }; null"
	got := b.ask("--no-config-file", "-c", script)
	if len(got) < len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, tt := range tests {
		if got[i] != tt.want && !(strings.HasPrefix(tt.spans, "['fob' 'scan'") && strings.HasPrefix(got[i]+"|", tt.want+"|")) {
			t.Errorf("%s: %q, want %q", tt.spans, got[i], tt.want)
		}
	}
	b.compareLogins(b.ask("--no-config-file", "-c", strings.Join(got[len(want):], "\n")))
}

func TestCompletionNuTerminal(t *testing.T) {
	b := newShellBox(t, "nu")
	b.write("config.nu", "$env.config.show_banner = false\nsource '"+b.script("nu")+"'\n")
	b.typeInto([]string{"--config", b.path("config.nu"), "--env-config", "/dev/null"}, "", []onTab{
		{"fob logi\t\r", "<login>"},
		{"fob login --device my\t\r", "<login><--device><my profile>"},
	})
}
