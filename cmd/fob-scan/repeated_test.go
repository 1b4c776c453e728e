//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fob/internal/echo"
	"fob/internal/secret"
)

// loud is an AWS that answers with all that it is sent, but for the calls that it is told
// to answer well.
type loud struct {
	*httptest.Server
	well []string // actions

	mu     sync.Mutex
	sent   []secret.Text
	called map[string]bool
}

func newLoud(t *testing.T, well ...string) *loud {
	l := &loud{well: well, called: map[string]bool{}}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

func (l *loud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	action := form.Get("Action")
	l.mu.Lock()
	l.sent = append(l.sent, echo.Secrets(r)...)
	l.called[action] = true
	l.mu.Unlock()
	for _, well := range l.well {
		switch {
		case action != well:
		case action == "GetCallerIdentity":
			_, _ = fmt.Fprintf(w, "<r><GetCallerIdentityResult><Arn>arn:aws:sts::%s:assumed-role/Audit/ann</Arn><Account>%[1]s</Account></GetCallerIdentityResult></r>", own)
			return
		case action == "DescribeRegions":
			_, _ = io.WriteString(w, "<r><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></r>")
			return
		}
	}
	said := fmt.Sprintf("The Canonical String for this request should have been %s %s\n%v\n%s", r.Method, r.URL, r.Header, url.Values(r.Header).Encode())
	w.Header().Set("X-Amzn-Requestid", r.Header.Get("X-Amz-Security-Token"))
	if r.Header.Get("X-Amz-Target") != "" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"__type":"InvalidSignatureException","message":%q}`, said)
		return
	}
	w.WriteHeader(http.StatusForbidden)
	part := "<Error><Code>AuthFailure</Code><Message>" + html.EscapeString(said) + "</Message></Error>"
	_, _ = io.WriteString(w, "<Response>"+part+"<Errors>"+part+"</Errors></Response>")
}

// everything is what stands in the files below a folder, unpacked.
func everything(t *testing.T, dir string) (out map[string]string) {
	t.Helper()
	out = map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
			if raw, err = io.ReadAll(z); err != nil {
				return err
			}
		}
		out[path] = string(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAnswersThatRepeatTheRequest: where AWS shows a request in its answer, neither the
// session token nor the signature is on the screen or in any file of a run.
func TestAnswersThatRepeatTheRequest(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjEAoaCXVzLWVhc3QtMSJGMEQCIF/+8k2hR7sQ1pX9v0Zy3mWcT5uLdK4nB6gJ=="
	for name, c := range map[string]struct {
		well   []string
		args   []string
		status int
		calls  string // an action that has to be called
	}{
		"every service":       {[]string{"GetCallerIdentity", "DescribeRegions"}, nil, 3, "DescribeVolumes"},
		"the regions":         {[]string{"GetCallerIdentity"}, []string{"--checks", "ec2-ebs-volume-encrypted"}, 7, "DescribeRegions"},
		"the organization":    {[]string{"GetCallerIdentity"}, []string{"--org", "--role", "Audit"}, 7, "GetCallerIdentity"},
		"GetCallerIdentity":   {nil, nil, 7, "GetCallerIdentity"},
		"AssumeRole":          {nil, []string{"-p", "chained"}, 7, "AssumeRole"},
		"AssumeRole of a run": {[]string{"GetCallerIdentity"}, []string{"--accounts-file", "accounts.json", "--role", "Audit"}, 7, "AssumeRole"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := newWorld()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(w.close)
			p := &pod{t: t, w: w, dir: t.TempDir()}
			if err := w.files(p.dir); err != nil {
				t.Fatal(err)
			}
			for file, text := range map[string]string{
				"home/.aws/config":      "[profile session]\nregion = eu-west-1\n[profile chained]\nregion = eu-west-1\nrole_arn = arn:aws:iam::" + own + ":role/Audit\nsource_profile = session\n",
				"home/.aws/credentials": "[session]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = " + w.ann.Key.Secret + "\naws_session_token = " + token + "\n",
				"accounts.json":         `[{"id":"` + third + `","name":"lab"}]`,
			} {
				if err := os.WriteFile(filepath.Join(p.dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			l := newLoud(t, c.well...)
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(p.dir, "bin"), 0o700); err != nil {
				t.Fatal(err)
			}
			for _, program := range []string{"fob", "fob-scan"} {
				if err := os.Symlink(self, filepath.Join(p.dir, "bin", program)); err != nil {
					t.Fatal(err)
				}
			}
			args := []string{"scan", "--debug", "--no-input", "--report-dir", "out"}
			if !strings.Contains(strings.Join(c.args, " "), "-p ") {
				args = append(args, "-p", "session")
			}
			for _, format := range formatNames() {
				args = append(args, "--format", format)
			}
			cmd := exec.CommandContext(t.Context(), filepath.Join(p.dir, "bin/fob"), append(args, c.args...)...)
			cmd.Dir, cmd.Env = p.dir, []string{"PATH=" + p.dir + "/bin"}
			for name, value := range w.variables(p.dir) {
				if strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
					value = l.URL
				}
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			said, _ := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != c.status || !l.called[c.calls] {
				t.Errorf("exit status %d, want %d: %s", got, c.status, said)
			}
			if err := os.Remove(filepath.Join(p.dir, "home/.aws/credentials")); err != nil {
				t.Fatal(err)
			}
			files := everything(t, p.dir)
			files["the screen"] = string(said)
			if n := len(files); c.status == 3 && n < 10 {
				t.Errorf("%d files", n)
			}
			for at, text := range files {
				if echo.Repeats(text, append(l.sent, secret.New(token))...) {
					t.Errorf("%s repeats a secret of a request: %.1500s", at, text)
				}
			}
		})
	}
}
