//go:build unix

package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// Every consumer comes to fob for credentials from every kind of source. Each
// role trusts nobody but who its source is, and each kept session is asked for
// once, by whichever consumer is first.
func TestConsumersOfSources(t *testing.T) {
	w := newWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.useVault()
	tool := filepath.Join(w.dir, "tool.json")
	w.sourceConfig("cat " + tool)
	w.signIn()
	w.webIdentity()
	w.write(tool, w.base("Tool").stdout)
	w.container(w.base("Container").answer(t))
	noInstance := w.instance(w.base("Instance").answer(t))
	w.srv.Reset() // the calls so far were of the set-up

	var asked atomic.Int64
	t.Run("of", func(t *testing.T) { // ends when all consumers have
		for _, c := range consumers {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				w := w.alone(t)
				argv := c.find(t, w)
				for _, s := range w.sources() {
					t.Run(s.profile, func(t *testing.T) {
						if s.profile == "instance" && noInstance != nil {
							missing(t, "no metadata mock: %v", noInstance)
						}
						w := w.alone(t)
						w.env["AWS_PROFILE"] = s.profile + "-by-fob"
						asked.Add(1)
						w.wantIdentity(s.arn, c.telling, w.run("", argv[0], argv[1:]...))
					})
				}
			})
		}
	})
	if asked.Load() == 0 {
		return
	}
	want := map[string]int{
		"GetRoleCredentials": 1, "AssumeRoleWithWebIdentity": 1, "GetSessionToken": 1,
		"AssumeRole":        4, // instance, container, process, environment
		"GetCallerIdentity": int(asked.Load()),
	}
	if noInstance != nil {
		want["AssumeRole"]--
	}
	w.wantCalls(want)
	prompts.want(t, 1)
	wantSigned(t, w.srv.Calls())
}

// fob explain names every kind of source, and asks none of them.
func TestExplainSources(t *testing.T) {
	w := newWorld(t)
	ran := filepath.Join(w.dir, "ran")
	w.sourceConfig("touch " + ran)
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("fob explain asked for %s", r.URL)
	}))
	t.Cleanup(trap.Close)
	maps.Copy(w.env, map[string]string{
		"AWS_EC2_METADATA_DISABLED":          "false",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT":  trap.URL,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": trap.URL + "/role",
		"AWS_ACCESS_KEY_ID":                  w.ann.Key.ID,
		"AWS_SECRET_ACCESS_KEY":              w.ann.Key.Secret,
	})
	says := map[string]string{
		"sso":         "role Dev in account " + account + " of sso-session corp (https://corp.awsapps.com/start)",
		"web":         "with the token in " + w.webToken() + " (AssumeRoleWithWebIdentity)",
		"instance":    "instance role from " + trap.URL,
		"container":   "container role from " + trap.URL + "/role",
		"process":     "credential_process touch",
		"environment": "key " + w.ann.Key.ID + " from the environment",
		"pair":        "key " + w.ann.Key.ID + ` from profile "pair-nomfa"`,
	}
	for _, s := range w.sources() {
		t.Run(s.profile, func(t *testing.T) {
			first, _, _ := strings.Cut(w.in(t).fob("explain", s.profile).ok(t).stdout, "\n     from ")
			if _, first, _ = strings.Cut(first, "\n  1. "); says[s.profile] == "" || !strings.Contains(first, says[s.profile]) {
				t.Errorf("the first step is %q, want %q in it", first, says[s.profile])
			}
		})
	}
	w.wantCalls(map[string]int{})
	if _, err := os.Stat(ran); !os.IsNotExist(err) {
		t.Errorf("fob explain ran the credential_process: %v", err)
	}
}

// alone is in with an environment of its own, for tests that run at once.
func (w *world) alone(t testing.TB) *world {
	other := w.in(t)
	other.env = maps.Clone(w.env)
	return other
}

// wantIdentity is about what a consumer printed.
func (w *world) wantIdentity(arn string, telling bool, r result) {
	w.t.Helper()
	var got identity
	if err := json.Unmarshal([]byte(r.ok(w.t).stdout), &got); err != nil {
		w.t.Fatalf("%v: %v\n%s", err, r, r.stdout)
	}
	want := identity{account, arn, ""}
	if telling {
		want.AccountID = account
	}
	if got != want {
		w.t.Errorf("it is %+v, want %+v", got, want)
	}
}
