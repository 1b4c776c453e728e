//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fob/internal/awsfake"
)

// consumer is a program that signs GetCallerIdentity as AWS_PROFILE.
type consumer struct {
	name string
	// find returns its command line, or skips the test.
	find func(t *testing.T, w *world) []string
	// telling: it passes on the AccountId of the credentials.
	telling bool
}

var consumers = []consumer{
	{"AWS CLI", awsCLI, false},
	{"boto3", boto3, true},
	{"JavaScript", javaScript, true},
	{"Go", goSDK, true},
}

// identity is what a consumer prints.
type identity struct{ Account, Arn, AccountID string }

// Every consumer comes to fob by a line in the config file, for an MFA session
// and for a role above it. All of them together cause one prompt.
func TestConsumers(t *testing.T) {
	w := newWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.annConfig(
		"credential_process = \""+fobBinary+"\" process -p ann\n",
		w.roleConfig("Ops"),
		"[profile ops-by-fob]\nregion = us-east-1\ncredential_process = \""+fobBinary+"\" process -p Ops\n",
	)
	w.useVault()
	w.add("ann", w.ann.Key).ok(t)

	asked := 0
	for _, c := range consumers {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			argv := c.find(t, w)
			for profile, arn := range map[string]string{
				"ann":        w.ann.ARN,
				"ops-by-fob": "arn:aws:sts::" + account + ":assumed-role/Ops/e2e",
			} {
				asked++
				w.env["AWS_PROFILE"] = profile
				r := w.run("", argv[0], argv[1:]...).ok(t)
				delete(w.env, "AWS_PROFILE")
				var got identity
				if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
					t.Fatalf("%v: %v\n%s", err, r, r.stdout)
				}
				want := identity{account, arn, ""}
				if c.telling {
					want.AccountID = account
				}
				if got != want {
					t.Errorf("%s is %+v, want %+v", profile, got, want)
				}
			}
		})
	}
	if asked == 0 {
		return
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1, "AssumeRole": 1, "GetCallerIdentity": asked})
	wantSigned(t, w.srv.Calls())
}

// wantSigned: temporary credentials signed every GetCallerIdentity, and AWS
// accepted signature and session token.
func wantSigned(t *testing.T, calls []awsfake.Call) {
	t.Helper()
	for _, c := range calls {
		if c.Action == "GetCallerIdentity" && (c.Status != 200 || c.Signer == "" || !strings.HasPrefix(c.AccessKeyID, "ASIA")) {
			t.Errorf("call %+v", c)
		}
	}
}

// awsCLI finds version 2 of the AWS CLI. The first aws of PATH may be a shim that
// works for one user only.
func awsCLI(t *testing.T, w *world) []string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/local/bin", "/usr/bin") {
		aws := filepath.Join(dir, "aws")
		if _, err := exec.LookPath(aws); err != nil {
			continue
		}
		if r := w.run("", aws, "--version"); r.code == 0 && strings.HasPrefix(r.stdout, "aws-cli/2") {
			return []string{aws, "sts", "get-caller-identity", "--output", "json", "--endpoint-url", w.srv.URL()}
		}
	}
	missing(t, "the AWS CLI, version 2, is not installed")
	return nil
}

// boto3 finds a Python with boto3.
func boto3(t *testing.T, w *world) []string {
	t.Helper()
	python := os.Getenv("FOB_TEST_PYTHON")
	if python == "" {
		// In this process's own environment: python3 may be a shim.
		out, err := exec.Command("python3", "-c", "import boto3, sys; print(sys.executable)").Output()
		if err != nil {
			missing(t, "no boto3: set FOB_TEST_PYTHON")
		}
		python = strings.TrimSpace(string(out))
	}
	return []string{python, testdata(t, "whoami.py")}
}

// javaScript finds Node and the SDK's packages.
func javaScript(t *testing.T, w *world) []string {
	t.Helper()
	needsProgram(t, "node")
	modules := os.Getenv("FOB_TEST_NODE_MODULES")
	if modules == "" {
		modules = "node_modules"
	}
	modules, err := filepath.Abs(modules)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "@aws-sdk", "credential-provider-node")); err != nil {
		missing(t, "no AWS SDK for JavaScript: set FOB_TEST_NODE_MODULES")
	}
	w.env["NODE_PATH"] = modules
	return []string{"node", testdata(t, "whoami.cjs")}
}

// goSDK builds the program of the module beside.
func goSDK(t *testing.T, w *world) []string {
	t.Helper()
	program := filepath.Join(w.dir, "whoami")
	if err := goBuild("gosdk", program, "."); err != nil {
		missing(t, "no AWS SDK for Go: %v", err)
	}
	return []string{program}
}

func testdata(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
