package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// asMain makes the test binary the demo itself.
const asMain = "FOB_TEST_DEMO_MAIN"

func TestMain(m *testing.M) {
	if _, ok := codeToPrint(os.Args[1:]); ok || os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

var keyLines = []string{
	"$ fob vault create\n  made a vault in ",
	"$ fob add dev --csv ~/ann_accessKeys.csv\n  dev: stored AKIA**************** in the file vault",
	"$ fob profiles\n",
	"$ fob explain ops\n",
	"$ fob process -p ops\n",
	`"SecretAccessKey":"********","SessionToken":"********"`,
	"export AWS_SESSION_TOKEN=$'********'; ",
	"$ fob exec ops -- ",
	"FULL_URI\n  http://127.0.0.1:",
	"$ fob process -p audit\n",
	"has seen so far: 1 GetCallerIdentity, 1 GetSessionToken, 2 AssumeRole, 1 MFA code.",
	"20 answers, all the same, ",
	"They cost: 1 GetSessionToken, 1 AssumeRole, 1 MFA code.",
	"$ fob logout --all\n  forgot 2 sessions",
	"next: fob login ops",
	"$ fob vault lock\n",
	"$ fob scan eval ~/prod.jsonl.gz",
	"A copy of the report stays when the demo ends",
	"go install . ./cmd/fob-scan",
}

func checkPage(t *testing.T, text string) {
	t.Helper()
	flat := strings.Join(strings.Fields(text), " ") // lines are broken where the text says nothing of
	for _, want := range keyLines {
		if want = strings.Join(strings.Fields(want), " "); !strings.Contains(flat, want) {
			t.Errorf("not there: %q", want)
		}
	}
	if found := regexp.MustCompile(`A[KS]IA[A-Z0-9]{16}|FwoG|\x1b`).FindString(text); found != "" {
		t.Errorf("there should be no %q", found)
	}
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > widest {
			t.Errorf("%d characters wide: %s", n, line)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	c := newChild(t)
	out, _ := c.Output()
	c.check(t, 0)
	checkPage(t, string(out))
	if haveTerminals() && !strings.Contains(string(out), "Enter your MFA code for arn:aws:iam::123456789012:mfa/ann") {
		t.Error("nobody was asked for the code")
	}
}

// Without terminals the code comes from FOB_MFA_COMMAND. As the fake AWS is in
// this process, the output can be searched for each of its secrets, and the
// kernel's keyring for the key of this vault.
func TestWithoutTerminals(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	d, out := newDemo()
	d.noTerminal = true
	if err := errors.Join(d.open(), d.build(t.Context())); err != nil {
		t.Fatal(err)
	}
	d.audit = d.buildAudit(t.Context())
	if err := d.play(t.Context(), story()); err != nil {
		t.Error(err)
	}
	if s := d.aws.Sessions(); len(s) != 5 {
		t.Errorf("%d sessions, want 2 of the key and 3 of roles", len(s))
	}
	for _, secret := range d.aws.secrets() {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the secret %.4s… is in the output", secret)
		}
	}
	if _, err := d.fob(t.Context(), nobody, "vault", "unlock"); err != nil {
		t.Error(err)
	}
	cached := keptUnlocked(t, d.world.fobDir())
	if err := d.close(); err != nil {
		t.Error(err)
	}
	if cached && keptUnlocked(t, d.world.fobDir()) {
		t.Error("the vault's key is still in the kernel's keyring")
	}
	checkEmpty(t, temp)
}

// newDemo is a demo that writes into a buffer.
func newDemo() (*demo, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return &demo{page: &page{out: out, mask: func(s string) string { return s }, width: widest}}, out
}

func TestFailingStep(t *testing.T) {
	bad, later := errors.New("not what it should be"), false
	d, _ := newDemo()
	err := d.play(t.Context(), []step{
		{"one", func(context.Context, *demo) error { return bad }},
		{"two", func(context.Context, *demo) error { later = true; return nil }},
	})
	if !errors.Is(err, bad) || later {
		t.Errorf("got %v, later steps ran: %t", err, later)
	}
}

func TestBuildFails(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	t.Setenv("PATH", filepath.Join(temp, "nothing"))
	d, _ := newDemo()
	if err := d.run(t.Context()); err == nil || !strings.Contains(err.Error(), "build fob") {
		t.Errorf("without go: %v", err)
	}
	checkEmpty(t, temp)
}

func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal("may not skip: " + why)
	}
	t.Skip(why)
}
