package resolve

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReadProcessOutput(t *testing.T) {
	const key = `"Version":1,"AccessKeyId":"AKIAX","SecretAccessKey":"s"`
	const session = `"Version":1,"AccessKeyId":"ASIAX","SecretAccessKey":"s","SessionToken":"t"`
	later := time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		out     string
		fail    string
		expires time.Time
		account string
	}{
		"key":              {out: `{` + key + `}`},
		"session":          {out: "{" + session + `,"Expiration":"2026-01-03T00:00:00Z"}` + "\n", expires: later},
		"offset":           {out: "{" + session + `,"Expiration":"2026-01-03T02:00:00+02:00"}`, expires: later},
		"account":          {out: "{" + key + `,"AccountId":"123456789012"}`, account: "123456789012"},
		"account of words": {out: "{" + key + `,"AccountId":"mine"}`},
		"unknown keys":     {out: "{" + key + `,"Novel":{"x":[1]}}`},
		"nulls":            {out: "{" + key + `,"SessionToken":null,"Expiration":null}`},
		"empty":            {fail: "not a JSON object"},
		"array":            {out: `[]`, fail: "not a JSON object"},
		"cut":              {out: `{` + key, fail: "not a JSON object"},
		"words before":     {out: `hello {` + key + `}`, fail: "not a JSON object"},
		"words after":      {out: `{` + key + `} hello`, fail: "follows the object"},
		"two objects":      {out: `{` + key + `}{}`, fail: "follows the object"},
		"no Version":       {out: `{"AccessKeyId":"A","SecretAccessKey":"s"}`, fail: "Version is not the number 1"},
		"Version 2":        {out: `{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"}`, fail: "Version is not the number 1"},
		"Version in text":  {out: `{"Version":"1","AccessKeyId":"A","SecretAccessKey":"s"}`, fail: "Version is not the number 1"},
		"letter case":      {out: `{"Version":1,"accessKeyId":"A","SecretAccessKey":"s"}`, fail: "no AccessKeyId in it"},
		"no secret":        {out: `{"Version":1,"AccessKeyId":"A"}`, fail: "no SecretAccessKey in it"},
		"twice":            {out: `{` + key + `,"AccessKeyId":"B"}`, fail: `"AccessKeyId" stands twice`},
		"number for key":   {out: `{"Version":1,"AccessKeyId":7,"SecretAccessKey":"s"}`, fail: "AccessKeyId is not a string"},
		"number for time":  {out: `{` + key + `,"Expiration":1700000000}`, fail: "Expiration is not a string"},
		"number for acct":  {out: `{` + key + `,"AccountId":123456789012}`, fail: "AccountId is not a string"},
		"line break":       {out: `{"Version":1,"AccessKeyId":"A\nB","SecretAccessKey":"s"}`, fail: "AccessKeyId has other characters"},
		"no zone":          {out: `{` + session + `,"Expiration":"2026-01-03T00:00:00"}`, fail: "Expiration is not a time with its zone"},
		"past":             {out: `{` + session + `,"Expiration":"2001-01-01T00:00:00Z"}`, fail: "expired at 2001-01-01T00:00:00Z"},
		"now":              {out: `{` + session + `,"Expiration":"2026-01-02T03:04:05Z"}`, fail: "expired"},
		"token missing":    {out: `{"Version":1,"AccessKeyId":"ASIAX","SecretAccessKey":"s"}`, fail: "no SessionToken"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readProcessOutput([]byte(c.out), today)
			if c.fail != "" {
				if err == nil {
					t.Fatal("no error")
				}
				checkError(t, err, c.fail)
				return
			}
			if err != nil || !got.Expires.Equal(c.expires) || got.AccountID != c.account || got.Secret.Reveal() != "s" {
				t.Errorf("%v: %v of %q", err, got, got.AccountID)
			}
		})
	}
}

func FuzzProcessOutput(f *testing.F) {
	for _, s := range []string{`{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"canary"}`, `{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t","Expiration":"2030-01-01T00:00:00Z"}`,
		`{"Version":1.0}`, `{"version":1}`, `{"Version":1,"Version":1}`, `{}{}`, `[`, "\ufeff{}", `{"Version":1,"AccessKeyId":"\u0000"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := readProcessOutput(b, today)
		if err != nil {
			if !c.Secret.Empty() || !c.Token.Empty() {
				t.Fatal("a refused output gives secrets")
			}
			return
		}
		if c.AccessKeyID == "" || c.Secret.Empty() || c.Left(today) <= 0 {
			t.Fatalf("half or dead: %v", c)
		}
		var lenient struct{ AccessKeyId, SecretAccessKey string }
		if json.Unmarshal(b, &lenient) != nil || !json.Valid(b) {
			t.Fatal("taken, and it is no JSON")
		}
		for _, s := range []string{c.AccessKeyID, c.Secret.Reveal(), c.Token.Reveal()} {
			if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Fatalf("%q", s)
			}
		}
	})
}

func TestProcessStepNamesItsProgram(t *testing.T) {
	for line, want := range map[string]string{
		`"/opt/my tool/creds" --password x`: "credential_process /opt/my tool/creds",
		`creds`:                             "credential_process creds",
		`"creds --password x`:               "credential_process, which cannot be split into words",
	} {
		if got := (ProcessStep{Command: line}).String(); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestChain(t *testing.T) {
	names := []string{"a", "b,c", "d e", "100%", "ü"}
	environ := []string{"PATH=/bin", "FOB_CHAIN=old"}
	var before []string
	for _, n := range names {
		environ = chained(environ, before, n)
		before = chain(environ)
	}
	if !slices.Equal(before, names) {
		t.Errorf("got %q, want %q", before, names)
	}
	if len(environ) != 2 || environ[0] != "PATH=/bin" {
		t.Errorf("the environment became %q", environ)
	}
}

func TestProcessChain(t *testing.T) {
	step := ProcessStep{Profile: "p", At: Origin{Name: "X"}, Command: "fob process -p q"}
	for environ, want := range map[string]string{
		"FOB_CHAIN=a,p,q":   "ConfigError: X: the credential_process lines form a loop: p -> q -> p",
		"FOB_CHAIN=p":       "ConfigError: X: … loop: p -> p",
		"FOB_CHAIN=a,b,c,d": "ConfigError: X: … nested more than 4 deep: a -> b -> c -> d",
	} {
		_, err := runStep(t, &Resolver{Environ: []string{environ}}, step)
		checkError(t, err, want)
	}
}

func TestProcessThatCannotRun(t *testing.T) {
	for line, want := range map[string]string{
		`"/bin/creds`:          "ConfigError: X: credential_process: cannot split",
		`~/creds`:              "ProcessError: X: credential_process ~/creds: … ~ means nothing",
		`no-such-program-here`: "ProcessError: X: credential_process no-such-program-here: program not found",
		`./creds x | y`:        "ProcessError: X: … | means nothing",
	} {
		_, err := runStep(t, &Resolver{Environ: []string{"PATH="}}, ProcessStep{At: Origin{Name: "X"}, Command: line})
		checkError(t, err, want)
	}
}

// A failure says nothing of the arguments: they may hold a secret.
func TestProcessArgumentsAreSecret(t *testing.T) {
	step := ProcessStep{At: Origin{Name: "X"}, Command: "no-such-program-here --password can$ary >canary"}
	_, err := runStep(t, &Resolver{}, step)
	var p *ProcessError
	if !errors.As(err, &p) {
		t.Fatalf("%T: %v", err, err)
	}
	if text := err.Error() + step.String(); strings.Contains(text, "ary") || !strings.Contains(text, "shell") {
		t.Errorf("got %s", text)
	}
}
