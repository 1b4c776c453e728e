//go:build unix

package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile texts drive a terminal, end a line, or hide what they say.
func hostile() map[string]string {
	return map[string]string{
		"terminal":  "a\x1b]52;c;Zm9v\a\x1b[31m\x7f\u009b31mb",
		"hidden":    "a\u202eb\u2066c\u200bd\u2028e",
		"return":    "a\rb",
		"not UTF-8": "a\xff\x9bb",
		"long":      strings.Repeat("\x1b[2J", 2000),
	}
}

// TestHostileText: no foreign text reaches the terminal as it is, wherever it
// comes from (SECURITY.md T4).
func TestHostileText(t *testing.T) {
	for name, bad := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			key := "aws_access_key_id = " + b.ann.Key.ID + "\naws_secret_access_key = " + b.ann.Key.Secret + "\n"
			b.write("home/.aws/config", fmt.Sprintf(`[profile %[1]s]
%[2]s
[profile serial]
mfa_serial = arn:aws:iam::123456789012:mfa/%[1]s
%[2]s
[profile role]
role_arn = arn:aws:iam::123456789012:role/%[1]s
source_profile = keys
[profile source]
role_arn = arn:aws:iam::123456789012:role/Ops
source_profile = %[1]s!
[profile named]
role_arn = arn:aws:iam::123456789012:role/Ops
credential_source = %[1]s
[profile region]
region = %[1]s
%[2]s
[profile session]
role_arn = arn:aws:iam::123456789012:role/Ops
role_session_name = %[1]s
source_profile = keys
[profile external]
role_arn = arn:aws:iam::210987654321:role/Ext
external_id = %[1]s
source_profile = keys
[profile program]
credential_process = sh -c 'cat talk >&2; exit 3'
[profile nothing]
credential_process = %[1]s
[profile keys]
%[2]s`, bad, key))
			b.write("talk", bad)
			b.write("users.csv", fmt.Sprintf("User name,Access key ID,Secret access key\n%[1]s,%[2]s,%[3]s\n%[1]s2,AKIAQ777777777777777,%[3]s\n", bad, b.ann.Key.ID, b.ann.Key.Secret))
			b.write("user.csv", fmt.Sprintf("User name,Access key ID,Secret access key\n%s,%s,%s\n", bad, b.ann.Key.ID, b.ann.Key.Secret))
			for _, args := range [][]string{
				{"process", "-p", bad + "?"}, {"process", "--profile", bad + "?", "--debug"}, {"explain", bad}, {"explain", bad + "?"}, {"login", bad + "?"}, {"logout", bad + "?"},
				{"process", "-p", "serial"}, {"process", "-p", "role"}, {"process", "-p", "source"}, {"process", "-p", "named"}, {"process", "-p", "region"},
				{"process", "-p", "session"}, {"process", "-p", "external"}, {"process", "-p", "nothing"},
				{"explain", "serial"}, {"explain", "role"}, {"explain", "external"}, {"explain", "source"},
				{"explain", "keys", "--role-arn", "arn:" + bad}, {"process", "-p", "keys", "--role-arn", bad}, {"process", "-p", "keys", "--region", bad},
				{"process", "-p", "keys", "--mfa-serial", bad}, {"process", "-p", "keys", "--mfa-serial", "arn:aws:iam::123456789012:mfa/" + bad, "--mfa-code", "123456"},
				{"process", "-p", "keys", "--mfa-serial", b.mfa.Serial, "--mfa-code", bad}, {"process", bad}, {bad}, {"--" + bad},
				{"env", "-p", "keys", "--shell", bad}, {"env", "-p", "keys", "--format", bad}, {"explain", "keys", "--format", bad},
				{"process", "--csv-credentials", bad}, {"process", "--csv-credentials", "users.csv"},
				{"vault", "backup", "no/" + bad}, {"vault", "restore", bad},
				{"profiles"}, {"profiles", "--format", "json"}, {"profiles", "--format", "json", "--strict"}, {"profiles", "--format", "names"},
			} {
				b.tame(b.run(args...), args)
			}
			b.must("vault", "create")
			for _, args := range [][]string{
				{"add", "--csv", "user.csv"}, {"add", "--csv", "users.csv"}, {"add", bad, "--csv", "users.csv", "--user", bad + "!"}, {"add", bad, "--csv", bad},
				{"add", bad, "--csv", "key.csv"}, {"add", bad, "--csv", "users.csv", "--user", bad + "2"}, {"add", bad, "--csv", "key.csv", "--mfa-serial", bad},
				{"process", "-p", bad}, {"explain", bad}, {"login", bad}, {"profiles"}, {"logout", bad}, {"remove", bad}, {"remove", bad, "--force"}, {"remove", bad, "--force"},
			} {
				b.tame(b.run(args...), args)
			}
			b.run("vault", "lock")
			for _, variable := range []string{"FOB_PASSPHRASE_FILE", "FOB_PASSPHRASE_COMMAND", "FOB_KEYCHAIN", "AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE", "FOB_MFA_COMMAND", "AWS_ENDPOINT_URL_STS", "AWS_CA_BUNDLE"} {
				before := b.environ
				b.set(variable, bad)
				for _, args := range [][]string{{"process"}, {"process", "-p", "keys", "--mfa-serial", b.mfa.Serial}, {"explain", "keys"}} {
					b.tame(b.run(args...), append([]string{variable}, args...))
				}
				b.environ = before
			}
		})
	}
}

// tame fails when an output could drive a terminal.
func (b *box) tame(r result, args []string) {
	b.t.Helper()
	for _, out := range []string{r.stdout, r.stderr} {
		if i := strings.IndexFunc(out, wild); i >= 0 || !utf8.ValidString(out) {
			b.t.Errorf("fob %q: the output holds %q", args, out[max(0, i-40):min(len(out), max(0, i)+40)])
		}
	}
	for line := range strings.Lines(r.stderr) {
		if len(line) > 2100 {
			b.t.Errorf("fob %.80q: a line of %d bytes", args, len(line))
		}
	}
	if r.status != 0 && !threeLines.MatchString(r.stderr) {
		b.t.Errorf("fob %.200q: the failure does not end in three lines: %v", args, r)
	}
}

func wild(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
