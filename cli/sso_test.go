//go:build unix

package cli_test

import (
	"os"
	"sync"
	"testing"
	"time"
)

const ssoConfig = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
[profile dev]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Dev
[profile admin]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Admin
`

// Processes whose token has ended renew the sign-in once: a refresh token is good
// once.
func TestProcessesShareOneRefresh(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.write("home/.aws/config", ssoConfig)
	b.set("BROWSER", "browser")
	b.must("vault", "create")
	login := b.command(t.Context(), "login", "dev")
	login.Env = append(login.Env, varTerminal+"=1")
	login.Stderr = os.Stderr
	if shown, err := onTerminal(login, []move{{expect: "Sign in to acme"}}); err != nil || login.ProcessState.ExitCode() != 0 {
		t.Fatalf("login: %v, %v\n%s", login.ProcessState, err, shown)
	}
	b.must("process", "-p", "dev")

	const later = 2 * time.Hour
	b.forward(later)
	b.set(varClock, later.String())
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if r := b.run("process", "-p", []string{"dev", "admin"}[i%2]); r.status != 0 {
				t.Errorf("process %d: exit status %d\n%s", i, r.status, r.stderr)
			}
		})
	}
	all.Wait()
	if s := b.aws.Stats(); s.Grants["refresh_token"] != 1 || s.Calls["GetRoleCredentials"] != 3 || s.Refused != 0 {
		t.Errorf("%+v", s)
	}
	checkTraces(t, b.world, b.dir)
	checkNoSecret(t, b.path("home"), b.secrets())
}
