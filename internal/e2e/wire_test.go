//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// Before fob wire the SDKs cannot use a key that is in the keychain, and ask for
// MFA codes themselves; after it each of them comes to fob for a key, a role and an
// SSO profile, also where PATH does not have fob. All of them together cause one
// prompt, of fob's, and one call for each session.
func TestConsumersOfWiredProfiles(t *testing.T) {
	w := newWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.annConfig(
		w.roleConfig("Ops"), "mfa_serial = "+w.ann.MFA.Serial+"\n",
		"[profile dev]\nregion = us-east-1\nsso_session = corp\nsso_account_id = "+account+"\nsso_role_name = Dev\n",
		"[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n",
	)
	file := filepath.Join(w.dir, "home/.aws/config")
	before := readFile(t, file)
	w.env["AWS_ENDPOINT_URL_SSO"], w.env["AWS_ENDPOINT_URL_SSO_OIDC"] = w.srv.URL(), w.srv.URL()
	w.useVault()
	w.add("ann", w.ann.Key).ok(t)
	w.signIn()
	w.srv.Reset() // the calls so far were of the set-up

	asked := 0
	for _, c := range consumers {
		t.Run(c.name, func(t *testing.T) {
			w := w.alone(t)
			argv := c.find(t, w)
			as := func(profile string) result {
				w.env["AWS_PROFILE"] = profile
				return w.run("", argv[0], argv[1:]...)
			}
			for _, profile := range []string{"ann", "Ops"} {
				if r := as(profile); r.code == 0 {
					t.Errorf("it uses %s without fob: %v", profile, r)
				}
			}
			w.fob("wire", "--all").ok(t)
			w.env["PATH"] = os.Getenv("PATH")
			for profile, arn := range map[string]string{
				"ann": w.ann.ARN,
				"Ops": "arn:aws:sts::" + account + ":assumed-role/Ops/e2e",
				"dev": "arn:aws:sts::" + account + ":assumed-role/AWSReservedSSO_Dev_0123456789abcdef/ann",
			} {
				asked++
				w.wantIdentity(arn, c.telling, as(profile))
			}
			w.fob("unwire", "--all").ok(t)
			if got := readFile(t, file); got != before {
				t.Errorf("unwired the file is\n%s", got)
			}
		})
	}
	if asked == 0 {
		return
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1, "AssumeRole": 1, "GetRoleCredentials": 1, "GetCallerIdentity": asked})
	wantSigned(t, w.srv.Calls())
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
