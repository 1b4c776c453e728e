//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fob/internal/awsfake"
)

const opsSession = "arn:aws:sts::" + account + ":assumed-role/Ops/e2e"

// execWorld has the key of ann in a vault and a role above it, without MFA, whose
// sessions last for ttl.
func execWorld(t *testing.T, ttl time.Duration) *world {
	t.Helper()
	w := newWorld(t)
	w.config("[profile ann]\nregion = us-east-1\n" + w.roleConfigOf("Ops", "ann", false))
	w.useVault()
	w.add("ann", w.ann.Key).ok(t)
	w.srv.Behave(func(b *awsfake.Behaviour) { b.TTL = ttl })
	return w
}

// outlived is what the programs print that outlive sessions.
type outlived struct {
	Keys  []string
	Calls int
	Arn   string
}

// Programs with one client each outlive three sessions and more, and sign with the
// fifth. None of their calls fails, and they renew together.
func TestExecOutlivesSessions(t *testing.T) {
	t.Parallel()
	const ttl, sessions = 5 * time.Second, 5
	w := execWorld(t, ttl)
	goProgram := filepath.Join(w.dir, "outlive")
	if err := goBuild("gosdk", goProgram, "./outlive"); err != nil {
		missing(t, "no AWS SDK for Go: %v", err)
	}
	python := boto3(t, w)[0]
	both := fmt.Sprintf(`"$1" "$2" %d & "$3" %d & wait`, sessions, sessions)
	r := w.fob("exec", "--server", "Ops", "--", "sh", "-c", both, "sh", python, testdata(t, "outlive.py"), goProgram).ok(t)
	if r.stderr != "" || r.took < 2*ttl {
		t.Errorf("took %v: %v", r.took, r)
	}
	programs := 0
	for d := json.NewDecoder(strings.NewReader(r.stdout)); d.More(); programs++ {
		var got outlived
		if err := d.Decode(&got); err != nil {
			t.Fatalf("%v: %s", err, r.stdout)
		}
		if len(got.Keys) != sessions || got.Calls < sessions || got.Arn != opsSession {
			t.Errorf("%+v", got)
		}
	}
	if programs != 2 {
		t.Errorf("%d programs ended well: %s", programs, r.stdout)
	}
	wantSigned(t, w.srv.Calls())
	if n := w.srv.Stats().Calls["AssumeRole"]; n > sessions+2 {
		t.Errorf("%d sessions were made, want %d", n, sessions)
	}
}

// [default] has credentials that every SDK takes before it asks an endpoint. They
// are not taken; a profile that a program names itself works as before.
func TestExecServerBeatsDefault(t *testing.T) {
	t.Parallel()
	w := execWorld(t, 0)
	other := w.srv.AddUser(account, "other")
	w.write(filepath.Join(w.mkdir("home/.aws"), "credentials"), keyProfile("default", other.Key)+keyProfile("other", other.Key))
	config, err := os.ReadFile(filepath.Join(w.env["HOME"], ".aws/config"))
	if err != nil {
		t.Fatal(err)
	}
	const named = `AWS_PROFILE=other exec "$@"`
	for _, c := range consumers {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			argv := c.find(t, w)
			for name, section := range map[string]string{
				"keys in the credentials file": "",
				"keys and a role in the config file": keyProfile("default", other.Key) +
					"region = us-east-1\nrole_arn = arn:aws:iam::" + account + ":role/Ops\nsource_profile = other\n",
			} {
				w.config(string(config) + section)
				w.wantServed(name, opsSession, argv)
			}
			w.wantServed("another profile", other.ARN, append([]string{"sh", "-c", named, "sh"}, argv...))
		})
	}
}

// wantServed runs a consumer under exec --server.
func (w *world) wantServed(name, arn string, argv []string) {
	w.t.Helper()
	r := w.fob(append([]string{"exec", "--server", "Ops", "--"}, argv...)...).ok(w.t)
	var got identity
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || got.Arn != arn {
		w.t.Errorf("%s: is %+v, %v, want %s: %v", name, got, err, arn, r)
	}
}

// endpoint is that of a command which runs until the test ends.
type endpoint struct {
	*process
	url, token string
}

func (w *world) endpoint(args ...string) *endpoint {
	w.t.Helper()
	const say = `echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN end $$"; exec sleep 60`
	e := &endpoint{process: w.start(append(append([]string{"exec", "--server"}, args...), "--", "sh", "-c", say)...)}
	w.t.Cleanup(func() {
		_ = e.cmd.Process.Signal(syscall.SIGTERM)
		e.wait()
	})
	e.stdout.await(w.t, "end")
	words := strings.Fields(e.stdout.String())
	e.url, e.token = words[0], words[1]
	return e
}

// ask asks as an SDK does.
func (e *endpoint) ask(t *testing.T) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", e.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

// While AWS fails, what lives is served, and after its end the reason; when AWS is
// back, so are credentials. Every answer comes before an SDK gives up.
func TestExecServerWhileAWSFails(t *testing.T) {
	t.Parallel()
	const ttl = 4 * time.Second
	w := execWorld(t, ttl)
	e := w.endpoint("Ops")
	if status, body := e.ask(t); status != 200 {
		t.Fatalf("%d, %s", status, body)
	}
	if err := w.srv.Fail(awsfake.Fault{Kind: "503", Action: "AssumeRole", Times: 1000}); err != nil {
		t.Fatal(err)
	}
	failed, renewed := "", false
	for begin := time.Now(); !renewed && time.Since(begin) < 3*ttl; {
		asked := time.Now()
		status, body := e.ask(t)
		if took := time.Since(asked); took > 2*time.Second {
			t.Errorf("an answer took %v", took)
		}
		switch {
		case status == 503 && failed == "" && !strings.Contains(body, "CredentialsNotReady"):
			failed = body
			w.srv.ClearFaults()
		case status == 200 && failed != "":
			renewed = true
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !renewed || !strings.Contains(failed, "AssumeRole") || !strings.Contains(failed, "next: ") {
		t.Errorf("renewed afterwards: %v; failed with %q", renewed, failed)
	}
	if s := e.stderr.String(); strings.Count(s, "next: ") != 1 {
		t.Errorf("stderr: %s", s)
	}
}

// Another user of the machine can connect to the endpoint, and no more: the token
// is nowhere that such a user can read.
func TestExecServerOtherUser(t *testing.T) {
	t.Parallel()
	if !isRoot() {
		missing(t, "only root can become another user")
	}
	w := execWorld(t, 0)
	e := w.endpoint("Ops")
	const spy = `import os, sys, urllib.request
pids, url, token = sys.argv[1:3], sys.argv[3], sys.argv[4]
for pid in pids:
    for name in "environ", "mem", "maps", "cmdline":
        try:
            with open(f"/proc/{pid}/{name}", "rb") as f:
                if token.encode() in f.read(1 << 20):
                    print("the token is in", name)
        except OSError:
            pass
try:
    urllib.request.urlopen(url)
    print("answered")
except urllib.error.HTTPError as e:
    print(e.code)
`
	const python = "/usr/bin/python3" // which every user may execute
	needsProgram(t, python)
	child := strings.Fields(e.stdout.String())[3]
	cmd := exec.Command(python, "-c", spy, fmt.Sprint(e.cmd.Process.Pid), child, e.url, e.token)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "401" {
		t.Errorf("%v: %s", err, got)
	}
}
