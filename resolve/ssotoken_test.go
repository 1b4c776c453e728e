package resolve

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"
)

const refreshable = `{"accessToken":"old","expiresAt":"2026-01-02T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"cs","registrationExpiresAt":"2026-02-01T00:00:00Z","startUrl":"u","novel":{"a":[1,2]}}`

func TestSSOTokenFile(t *testing.T) {
	// Names that the AWS CLI gave, from the SDKs' shared tests.
	for what, want := range map[string]string{
		"https://foo.bar": "7c459196c60f9c8b83244ac9c88b673bfec5eece.json",
		"s":               "a0f1490a20d0211c997b44bc357e1972deab8ae3.json",
		"dev":             "34c6fceca75e456f25e7e99531e2425c6c1de443.json",
	} {
		if got := filepath.ToSlash(ssoTokenFile("/h", what)); got != "/h/.aws/sso/cache/"+want {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestReadSSOToken(t *testing.T) {
	end := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text        string
		fail        string
		refreshable bool
	}{
		"Z":                {text: `{"accessToken":"a","expiresAt":"2026-01-02T00:00:00Z"}`},
		"UTC":              {text: `{"accessToken":"a","expiresAt":"2026-01-02T00:00:00UTC"}`},
		"offset":           {text: `{"accessToken":"a","expiresAt":"2026-01-02T01:00:00+01:00"}`},
		"refreshable":      {text: refreshable, refreshable: true},
		"no registration":  {text: `{"accessToken":"a","expiresAt":"2026-01-02T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"cs"}`},
		"registration old": {text: `{"accessToken":"a","expiresAt":"2026-01-02T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"cs","registrationExpiresAt":"2025-01-01T00:00:00Z"}`},
		"no token":         {text: `{"expiresAt":"2026-01-02T00:00:00Z"}`, fail: "no accessToken"},
		"no zone":          {text: `{"accessToken":"a","expiresAt":"2026-01-02T00:00:00"}`, fail: "expiresAt"},
		"other type":       {text: `{"accessToken":1,"expiresAt":"2026-01-02T00:00:00Z"}`, fail: "accessToken is not a string"},
		"line break":       {text: `{"accessToken":"a\nb","expiresAt":"2026-01-02T00:00:00Z"}`, fail: "accessToken has other characters"},
		"twice":            {text: `{"accessToken":"a","accessToken":"b","expiresAt":"2026-01-02T00:00:00Z"}`, fail: "stands twice"},
		"cut":              {text: `{"accessToken":"a"`, fail: "not a JSON object"},
		"empty":            {fail: "not a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readSSOToken([]byte(c.text))
			if c.fail != "" {
				if err == nil {
					t.Fatal("no error")
				}
				checkError(t, err, c.fail)
				return
			}
			if err != nil || !got.expires.Equal(end) || got.refreshable(today) != c.refreshable {
				t.Errorf("%v: expires %v, refreshable %v", err, got.expires, got.refreshable(today))
			}
		})
	}
}

// What fob does not know stays in the file.
func TestRenewedToken(t *testing.T) {
	old, err := readSSOToken([]byte(refreshable))
	if err != nil {
		t.Fatal(err)
	}
	b, err := old.renewed("new", "", today.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"accessToken":"new","clientId":"c","clientSecret":"cs","expiresAt":"2026-01-02T04:04:05Z","novel":{"a":[1,2]},"refreshToken":"r","registrationExpiresAt":"2026-02-01T00:00:00Z","startUrl":"u"}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if string(old.all["accessToken"]) != `"old"` {
		t.Error("the token that was read has changed")
	}
}

func FuzzSSOToken(f *testing.F) {
	for _, s := range []string{refreshable, `{"accessToken":"a","expiresAt":"2020-01-01T00:00:00UTC"}`, `{}`, `[]`, `{"a":1,"a":2}`, "\x00", `{"accessToken":null,"expiresAt":"UTC"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		old, err := readSSOToken(b)
		if err != nil {
			return
		}
		again, err := old.renewed("new", "new-refresh", today)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readSSOToken(again)
		if err != nil || got.access.Reveal() != "new" || got.refresh.Reveal() != "new-refresh" || !got.expires.Equal(today) {
			t.Fatalf("%v: written and read again: %s", err, again)
		}
		var before, after map[string]json.RawMessage
		if json.Unmarshal(b, &before) != nil || json.Unmarshal(again, &after) != nil {
			t.Fatal("not JSON")
		}
		for k := range before {
			if _, ok := after[k]; !ok {
				t.Fatalf("%q is lost", k)
			}
		}
	})
}
