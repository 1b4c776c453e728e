//go:build unix

package cli_test

import (
	"slices"
	"strings"
	"testing"
)

func TestCompletionFish(t *testing.T) {
	b := newShellBox(t, "fish")
	script := "source '" + b.script("fish") + "'; source '" + b.script("fish") + "'; "
	for line, want := range map[string]string{
		"fob pro":                          "process\tPrint credentials for an AWS SDK (credential_process)|profiles\tList the profiles and where their credentials come from",
		"fob -p dev logi":                  "login\tGet a session ready now, so that later calls need nobody",
		"fob login --dev":                  "--device\tIAM Identity Center: show a code to approve in a browser on any machine",
		"fob login --prof":                 "--profile\tProfile to use",
		"fob process --shell":              "",
		"fob env --format j":               "json\tdotenv, json or github instead of a shell's language",
		"fob env --format=j":               "--format=json\tdotenv, json or github instead of a shell's language",
		"fob -p team:":                     "team:dev\tProfile to use|team:prod\tProfile to use",
		"fob -pdeve":                       "-pdevel\tProfile to use",
		"fob --profile=deve":               "--profile=devel\tProfile to use",
		"fob login dev deve":               "",
		"fob import dev deve":              "devel",
		"fob login -- deve":                "devel",
		"fob vault re":                     "restore\tGo back to a backup",
		"fob vault restore k":              "key.csv",
		"fob add --csv key":                "key.csv",
		"fob version k":                    "",
		"fob --region eu-n":                "eu-north-1\tAWS region, instead of the profile's",
		"fob credential-process --policy-": "--policy-arn\tManaged session policy for --role-arn; may be repeated",
	} {
		got := strings.Join(b.ask("--no-config", "-c", script+"complete -C '"+line+"'"), "|")
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	got := b.ask("--no-config", "-c", script+"complete -C 'fob login '")
	want := append(append(slices.Clone(plainProfiles), hostileProfiles...), "runs")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, p := range inExec(
		onTab{"fob exec -- basena", "basename"},
		onTab{"fob exec deve", "devel"},
		onTab{"fob exec dev -- cat key", "key.csv"},
		onTab{"fob exec -p dev -- mytool --on", "--one\tits help"},
		onTab{"fob exec --profile=dev -- mytool -p t", "two"},
	) {
		got := strings.Join(b.ask("--no-config", "-c", script+"complete -c mytool -l one -d 'its help'; complete -c mytool -s p -x -a two; complete -C '"+p.typed+"'"), "|")
		if !strings.HasPrefix(got, p.want) {
			t.Errorf("%s: %q, want %q", p.typed, got, p.want)
		}
	}
	b.typeInto([]string{"--no-config", "-i"}, script+"\r", append(inScan("\t\r"), []onTab{
		{"fob logi\t\r", "<login>"},
		{"fob login Zo\t\r", "<login><Zoë>"},
		{"fob login my\t\r", "<login><my profile>"},
		{"fob login 'my\t\r", "<login><my profile>"},
		{"fob login '$(\t\r", "<login><$(touch canary)>"},
		{"fob login '`\t\r", "<login><`touch canary`>"},
		{"fob login 'a;\t\r", "<login><a;touch canary>"},
		{"fob login it\t\r", "<login><it's>"},
		{"fob login say\t\r", "<login><say \"hi\">"},
		{"fob login back\t\r", "<login><back\\slash>"},
		{"fob login glob\t\r", "<login><glob*>"},
		{"fob login '~\t\r", "<login><~home>"},
		{"fob login '>\t\r", "<login><>canary>"},
		{"fob login '{\t\r", "<login><{e,f}>"},
	}...))
}
