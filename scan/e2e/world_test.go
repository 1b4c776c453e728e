package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fob/internal/mototest"
)

// programs is the folder with fob and fob-scan, made once for all tests.
var programs string

func TestMain(m *testing.M) { os.Exit(withPrograms(m)) }

func withPrograms(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fob-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	out, err := exec.Command("go", "build", "-o", dir+"/", "fob", "fob/cmd/fob-scan").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		return 1
	}
	programs = dir
	return m.Run()
}

// moto is an emulated AWS.
type moto struct{ endpoint string }

func startMoto(t *testing.T) *moto {
	t.Helper()
	return &moto{mototest.Start(t, "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "MOTO_EC2_LOAD_DEFAULT_AMIS=false")}
}

// reset empties the emulator.
func (m *moto) reset(t *testing.T) {
	t.Helper()
	r, err := http.Post(m.endpoint+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
}

// authorize has the emulator ask for permission from now on.
func (m *moto) authorize(t *testing.T) {
	t.Helper()
	r, err := http.Post(m.endpoint+"/moto-api/reset-auth", "text/plain", strings.NewReader("0"))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
}

// fill makes one of the accounts of fill.py.
func (m *moto) fill(t *testing.T, kind string) {
	t.Helper()
	m.python(t, "fill.py", kind)
}

// python runs a script of testdata with the endpoint and arguments.
func (m *moto) python(t *testing.T, script string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), mototest.Python(t), append([]string{filepath.Join("testdata", script), m.endpoint}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", script, args, err, &stderr)
	}
	return strings.TrimSpace(string(out))
}

// person is somebody with a home of their own.
type person struct {
	t    *testing.T
	home string
	env  []string
}

// newPerson has the profile audit with a key in the credentials file.
func newPerson(t *testing.T, m *moto, keyID, secret string) *person {
	t.Helper()
	home := t.TempDir()
	p := &person{t: t, home: home, env: []string{
		"HOME=" + home, "PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH"), "AWS_ENDPOINT_URL=" + m.endpoint, "AWS_EC2_METADATA_DISABLED=true", "FOB_NO_INPUT=1", "FOB_DIR=" + filepath.Join(home, "fob"),
	}}
	p.write(".aws/config", "[profile audit]\nregion = eu-west-1\n")
	p.write(".aws/credentials", "[audit]\naws_access_key_id = "+keyID+"\naws_secret_access_key = "+secret+"\n")
	return p
}

func (p *person) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// outcome is how a command ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// fob types a command.
func (p *person) fob(args ...string) outcome {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(programs, "fob"), args...)
	cmd.Dir, cmd.Env = p.home, p.env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}
