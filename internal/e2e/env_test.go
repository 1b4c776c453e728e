//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unquoted is what the documentation shows, typed as it stands.
const unquoted = `
eval $(fob env -p Ops)
"$@"
echo "--- $AWS_SESSION_TOKEN"
eval $(fob env --unset)
echo "--- ${AWS_ACCESS_KEY_ID-none} ${AWS_SECRET_ACCESS_KEY-none} ${AWS_SESSION_TOKEN-none} ${AWS_CREDENTIAL_EXPIRATION-none} ${AWS_REGION-none} ${AWS_DEFAULT_REGION-none} ${AWS_PROFILE-none}"
`

// The AWS CLI works in a shell that has evaluated fob env, in a folder full of
// names that a shell could take for more.
func TestEnvInShells(t *testing.T) {
	w := mfaWorld(t, "Ops")
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	for _, name := range []string{"a b", "*", "$(touch canary)", "AWS_PROFILE=x", "-n", ";touch canary", "export"} {
		w.write(filepath.Join(w.env["HOME"], name), "")
	}
	w.env["AWS_PROFILE"] = "stale"
	shells := map[string][]string{"bash": {"bash", "--norc"}, "zsh": {"zsh", "-f"}}
	for name, argv := range shells {
		t.Run(name, func(t *testing.T) {
			needsProgram(t, name)
			w := w.in(t)
			args := append(argv[1:], "-c", unquoted, name)
			r := w.run("", argv[0], append(args, awsCLI(t, w)...)...).ok(t)
			parts := strings.Split(r.stdout, "--- ")
			if len(parts) != 3 {
				t.Fatalf("%q: %v", r.stdout, r)
			}
			var who identity
			if err := json.Unmarshal([]byte(parts[0]), &who); err != nil {
				t.Fatalf("%v: %v", err, r)
			}
			if want := (identity{account, "arn:aws:sts::" + account + ":assumed-role/Ops/e2e", ""}); who != want {
				t.Errorf("is %+v, want %+v", who, want)
			}
			if strings.TrimSpace(parts[1]) == "" {
				t.Error("no session token")
			}
			if got, want := strings.TrimSpace(parts[2]), strings.TrimSpace(strings.Repeat("none ", 7)); got != want {
				t.Errorf("after --unset: %q", got)
			}
			if r.stderr != "" {
				t.Errorf("stderr: %s", r.stderr)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(w.env["HOME"], "canary")); err == nil {
		t.Error("the name of a file was run as a command")
	}
	if len(prompts.calls(t)) > 1 {
		t.Errorf("%d prompts", len(prompts.calls(t)))
	}
}
