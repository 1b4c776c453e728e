package resolve

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fob/internal/secret"
)

func TestContainer(t *testing.T) {
	good := metadataJSON(time.Now().Add(time.Hour))
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	token := Origin{Name: "TOKEN"}
	for name, c := range map[string]struct {
		answers []answer
		step    ContainerStep
		asked   string
		account string
		fail    string
	}{
		"no token":               {asked: "GET /creds"},
		"token":                  {step: ContainerStep{Token: secret.New("Basic x")}, asked: "GET /creds Basic x"},
		"token file":             {step: ContainerStep{TokenFile: file("t", "Bearer y")}, asked: "GET /creds Bearer y"},
		"account":                {answers: []answer{{200, strings.Replace(good, "{", `{"AccountId":"123456789012",`, 1), ""}}, account: "123456789012"},
		"account of the role":    {answers: []answer{{200, strings.Replace(good, "{", `{"RoleArn":"arn:aws:iam::123456789012:role/x",`, 1), ""}}, account: "123456789012"},
		"token with line break":  {step: ContainerStep{Token: secret.New("a\nb"), TokenAt: token}, fail: "ConfigError: TOKEN: it has a line break"},
		"file with a line break": {step: ContainerStep{TokenFile: file("nl", "a\n"), TokenAt: token}, fail: "ConfigError: TOKEN: the token file … nl"},
		"file too large":         {step: ContainerStep{TokenFile: file("big", strings.Repeat("x", maxContainerToken+1)), TokenAt: token}, fail: "ConfigError: TOKEN: … big … larger than 16 KiB"},
		"no file":                {step: ContainerStep{TokenFile: filepath.Join(dir, "none"), TokenAt: token}, fail: "ConfigError: TOKEN: … none"},
		"file is a folder":       {step: ContainerStep{TokenFile: dir, TokenAt: token}, fail: "ConfigError: TOKEN: … not a regular file"},
		"refused":                {answers: []answer{{400, `{"code":"X","message":"no such task"}`, ""}}, fail: "AWSError: … refused: status 400: no such task"},
		"busy, then good":        {answers: []answer{{429, "", ""}, {500, "", ""}, {200, good, ""}}, asked: "GET /creds, GET /creds, GET /creds"},
		"redirect":               {answers: []answer{{302, "", "http://127.0.0.1/"}}, fail: "AWSError: … status 302", asked: "GET /creds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.answers == nil {
				c.answers = []answer{{200, good, ""}}
			}
			s := serve(t, map[string][]answer{"GET /creds": c.answers})
			c.step.URL, c.step.At = s.URL+"/creds", Origin{Name: "URI"}
			got, err := runStep(t, &Resolver{}, c.step)
			if c.asked != "" && s.asked() != c.asked {
				t.Errorf("asked %q, want %q", s.asked(), c.asked)
			}
			if c.fail != "" {
				checkError(t, err, c.fail)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != "ASIAHOST" || got.AccountID != c.account {
				t.Errorf("got %v of account %q", got, got.AccountID)
			}
		})
	}
}

// A file's token never reaches a message.
func TestContainerTokenIsSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t")
	if err := os.WriteFile(path, []byte("canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := runStep(t, &Resolver{}, ContainerStep{URL: "http://127.0.0.1:1/", TokenFile: path})
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}
