//go:build unix

package cli_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fob/cli"
)

// diagnosis is what fob doctor --format json says.
type diagnosis struct {
	Findings []struct {
		ID, Severity, File, Profile, Fact, Next string
		Line                                    int
	}
	Summary struct {
		NeedsCare                                 bool `json:"needs_care"`
		NotChecked                                int  `json:"not_checked"`
		Errors, Warnings, Notes, Checks, Profiles int
	}
}

// doctor runs fob doctor and holds its exit status and its summary against what it found.
func (b *box) doctor(args ...string) diagnosis {
	b.t.Helper()
	r := b.run(append([]string{"doctor", "--format", "json"}, args...)...)
	var d diagnosis
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil || r.stderr != "" {
		b.t.Fatalf("%v: %v", err, r)
	}
	care := 0
	for _, f := range d.Findings {
		if f.Fact == "" || f.Next == "" && (f.Severity == "error" || f.Severity == "warn") {
			b.t.Errorf("half a finding: %+v", f)
		}
		if f.Severity == "error" || f.Severity == "warn" {
			care++
		}
	}
	if want := min(care, 1); r.status != want || d.Summary.NeedsCare != (care > 0) || d.Summary.Errors+d.Summary.Warnings != care {
		b.t.Errorf("exit status %d, summary %+v, with %d findings that need care", r.status, d.Summary, care)
	}
	return d
}

// severity of a check's first finding, "" when it has none.
func (d diagnosis) severity(id string) string {
	for _, f := range d.Findings {
		if f.ID == id {
			return f.Severity
		}
	}
	return ""
}

// ailments are what makes each check speak, and what is needed for it.
func ailments() map[string]func(b *box) {
	config := func(text string) func(*box) { return func(b *box) { b.write("home/.aws/config", text) } }
	credentials := func(text string) func(*box) { return func(b *box) { b.write("home/.aws/credentials", text) } }
	variables := func(set ...string) func(*box) {
		return func(b *box) {
			for _, v := range set {
				name, value, _ := strings.Cut(v, "=")
				b.set(name, value)
			}
		}
	}
	mode := func(file string, mode os.FileMode) func(*box) {
		return func(b *box) {
			if err := os.Chmod(b.path(file), mode); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	const pair = "aws_access_key_id = AKIAQ777777777777777\naws_secret_access_key = goodgoodgood\n"
	const session = "aws_access_key_id = ASIAQ777777777777777\naws_secret_access_key = goodgoodgood\naws_session_token = tokentoken\n"
	const sso = "sso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
	return map[string]func(*box){
		"unreadable-file":  variables("AWS_CONFIG_FILE=/"),
		"missing-file":     variables("AWS_CONFIG_FILE=/nowhere/config"),
		"relative-file":    variables("AWS_CONFIG_FILE=config"),
		"broken-line":      config("[profile x]\nno equals sign\n"),
		"read-differently": config("[x]\nregion = eu-west-1\n"),
		"cannot-resolve":   config("[profile x]\nrole_arn = arn:aws:iam::123456789012:role/Ops\n"),
		"no-credentials":   config("[profile x]\nregion = eu-west-1\n"),
		"shadowed-process": credentials("[x]\ncredential_process = true\n" + pair),
		"shadowed-key":     credentials("[x]\n" + sso + pair),
		"half-wired":       config("[profile x]\nfob_role_arn = arn:aws:iam::123456789012:role/Ops\nfob_wired = line\n"),
		"plain-text-key":   credentials("[x]\n" + pair),
		"nomfa-pair":       credentials("[x]\n" + session + "[x-nomfa]\n" + pair),
		"nomfa-orphan":     credentials("[x-nomfa]\n" + pair),
		"expired-session":  credentials("[x]\n" + sso + session + "expiration = 2020-01-01T00:00:00Z\n"),
		"plan-warning":     credentials("[x]\n" + session),
		"readable-keys":    func(b *box) { credentials("")(b); mode("home/.aws/credentials", 0o644)(b) },
		"writable-file":    func(b *box) { config("")(b); mode("home/.aws/config", 0o622)(b) },
		"fob-files":        func(b *box) { b.stored("dev"); mode("fob", 0o770)(b) },
		"missing-program":  config("[profile x]\ncredential_process = /no/such/program\n"),
		"fob-not-on-path": func(b *box) {
			config("[profile dev]\ncredential_process = fob process -p dev\n")(b)
			b.set("PATH", "/nowhere")
		},
		"store":             variables("FOB_KEYCHAIN=nonsense"),
		"lost-key":          func(b *box) { b.stored("dev"); b.copyFile("fob/vault.bin.1", "fob/vault.bin") },
		"environment-keys":  variables("AWS_ACCESS_KEY_ID=AKIAQ777777777777777", "AWS_SECRET_ACCESS_KEY=goodgoodgood"),
		"web-identity":      variables("AWS_WEB_IDENTITY_TOKEN_FILE=/token", "AWS_ROLE_ARN="+roleARN(account, "Ops"), "AWS_PROFILE=dev"),
		"profile-variables": variables("AWS_PROFILE=dev", "AWS_DEFAULT_PROFILE=other"),
		"bad-variable":      variables("AWS_PROFILE=nobody"),
		"security-token":    variables("AWS_SECURITY_TOKEN=tokentoken"),
		"passphrase":        variables("FOB_PASSPHRASE=correct horse battery"),
		"clock":             variables(varClock + "=10m"),
	}
}

func (b *box) copyFile(from, to string) {
	b.t.Helper()
	raw, err := os.ReadFile(b.path(from))
	if err != nil {
		b.t.Fatal(err)
	}
	b.write(to, string(raw))
}

// TestDoctorInHealth: where all is well there are notes about the store and the
// clock, and no more.
func TestDoctorInHealth(t *testing.T) {
	b := newBox(t)
	b.stored("dev")
	d := b.doctor()
	if d.Summary.NeedsCare || len(d.Findings) != 2 || d.severity("store") != "note" || d.severity("clock") != "note" {
		t.Errorf("%+v", d)
	}
}

// TestDoctorKnowsEachAilment: each check speaks of what it is there for, and shows
// no secret. TestDoctorInHealth is its other half.
func TestDoctorKnowsEachAilment(t *testing.T) {
	all := ailments()
	for _, id := range cli.DoctorChecks() {
		if all[id] == nil {
			t.Errorf("nothing makes the check %q speak", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			all[id](b)
			if s := b.doctor().severity(id); s != "error" && s != "warn" {
				t.Errorf("%q says nothing", id)
			}
			r := b.run("doctor")
			for _, hush := range append(b.secrets(), "goodgoodgood", "tokentoken", "correct horse battery") {
				if strings.Contains(r.stdout+r.stderr, hush) {
					t.Errorf("a secret is shown: %v", r)
				}
			}
			if r.status != 1 || r.stderr != "" || strings.Contains(r.stdout, "nothing needs care") {
				t.Error(r)
			}
		})
	}
}

// TestDoctorHostileText: no foreign text reaches the terminal as it is (SECURITY.md T4).
func TestDoctorHostileText(t *testing.T) {
	for name, bad := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			key := "aws_access_key_id = AKIA" + bad + "\naws_secret_access_key = " + bad + "\n"
			b.write("home/.aws/config", fmt.Sprintf("[profile %[1]s]\nrole_arn = %[1]s\nsource_profile = %[1]s!\n[profile a%[1]s]\ncredential_process = %[1]s\nmfa_process = ~/%[1]s\n"+
				"[profile b%[1]s]\nsource_profile = %[1]s\n%[2]s[profile c]\nregion = %[1]s\n%[2]s\n[%[1]s]\n[profile d%[1]s-nomfa]\n%[2]s", bad, key))
			b.set("AWS_PROFILE", bad+"?")
			b.set("AWS_DEFAULT_PROFILE", bad+"!")
			b.set("FOB_KEYCHAIN", bad)
			for _, args := range [][]string{{"doctor", "--offline"}, {"doctor", "--offline", "--format", "json"}, {"doctor", "-p", bad}} {
				r := b.run(args...)
				if i := strings.IndexFunc(r.stdout, wild); i >= 0 || !utf8.ValidString(r.stdout) {
					t.Errorf("%q: the output holds %q", args, r.stdout[max(0, i-40):min(len(r.stdout), max(0, i)+40)])
				}
				if r.status != 1 || r.stderr != "" {
					t.Errorf("exit status %d, stderr %q", r.status, r.stderr)
				}
			}
		})
	}
}

// TestDoctorAsksTheTimeAndNothingElse: one call without credentials, and an answer
// that has no time in it is no answer.
func TestDoctorAsksTheTimeAndNothingElse(t *testing.T) {
	b := newBox(t)
	b.stored("dev")
	var seen []*http.Request
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r)
		w.Header()["Date"] = nil
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer aws.Close()
	b.set("AWS_ENDPOINT_URL_STS", aws.URL)
	b.set("AWS_ACCESS_KEY_ID", b.ann.Key.ID)
	b.set("AWS_SECRET_ACCESS_KEY", b.ann.Key.Secret)
	if s := b.doctor().severity("clock"); s != "not_checked" {
		t.Errorf("the clock is %q", s)
	}
	if len(seen) != 1 || seen[0].Method != http.MethodHead || seen[0].URL.RawQuery != "" || seen[0].Header.Get("Authorization") != "" {
		t.Errorf("%d calls: %+v", len(seen), seen)
	}
}

// TestDoctorWaitsForNobody: an AWS and a keychain that take connections and never answer.
func TestDoctorWaitsForNobody(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has the Secret Service")
	}
	t.Parallel()
	b := newBox(t)
	b.stored("dev")
	aws, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer aws.Close()
	b.set("AWS_ENDPOINT_URL_STS", "http://"+aws.Addr().String())
	bus, err := net.Listen("unix", b.path("bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	b.set("DBUS_SESSION_BUS_ADDRESS", "unix:path="+b.path("bus"))
	b.set("FOB_KEYCHAIN", "os")
	const limit = 12 * time.Second // 3 s for AWS, 2 s for the keychain, and a busy machine
	r, took := b.detached(limit, "doctor", "--format", "json")
	var d diagnosis
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil || took >= limit || r.status != 1 {
		t.Fatalf("took %v, %v: %v", took, err, r)
	}
	if d.severity("clock") != "not_checked" || d.severity("lost-key") != "not_checked" || d.severity("store") != "error" {
		t.Error(r)
	}
}

// manyProfiles are n roles and processes over one key, in about 1.5 MB for 10,000.
func manyProfiles(n int) string {
	var s strings.Builder
	s.WriteString("[profile base]\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\n")
	for i := range n {
		source := "base"
		if i%10 == 0 {
			source = "nowhere" // the same for many, which is how it happens
		}
		fmt.Fprintf(&s, "[profile account-%05d-administrator]\nrole_arn = arn:aws:iam::%012d:role/Administrator\nsource_profile = %s\nregion = eu-central-1\n\n", i, i, source)
		if i%10 == 1 {
			fmt.Fprintf(&s, "[profile tool-%05d]\ncredential_process = /no/such/tool-%d\n", i, i)
		}
	}
	return s.String()
}

// TestDoctorManyProfiles limits the processor time, as other tests run beside it;
// a quiet machine takes less than half a second.
func TestDoctorManyProfiles(t *testing.T) {
	b := newBox(t)
	b.stored("base")
	b.write("home/.aws/config", manyProfiles(10000))
	d := b.doctor("--offline")
	if d.Summary.Profiles != 11001 || d.Summary.Errors != 2000 || d.Summary.NotChecked != 1 {
		t.Errorf("%+v", d.Summary)
	}
	cmd := b.command(t.Context(), "doctor", "--offline")
	text := b.finish(cmd).stdout
	if took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if !strings.Contains(text, "and 990 more of cannot-resolve; all of them: fob doctor --format json\n") || strings.Count(text, "\n") > 100 {
		t.Errorf("the text has %d lines", strings.Count(text, "\n"))
	}
}
