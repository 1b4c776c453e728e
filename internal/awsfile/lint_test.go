package awsfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	tests := []struct {
		name, config, credentials string
		want                      []string // "file:line: words", BROKEN in front of a broken one
	}{
		{name: "nothing", config: "[default]\nk = v\n[profile a]\nk = v\ns3 =\n  k = v\n[sso-session s]\n[services s]\n[plugins]\nx = y\n[preview]\n",
			credentials: "[b]\nk = v\n[c]\n"},
		{name: "stray line", config: "# c\n\nk = v\nl\n", want: []string{"BROKEN config:3: above"}},
		{name: "broken lines", config: "[profile a]\nk\n= v\n  continued\ns3 =\n  k\n  l = v\n[x]\nk\n",
			want: []string{"BROKEN config:2: expected", "BROKEN config:3: no name", "BROKEN config:6: block", "config:8: profile ", "BROKEN config:9: expected"}},
		{name: "broken headers", config: "[profile a\nk = v\n[profile a]x\n", credentials: "[\n[]\n",
			want: []string{"BROKEN config:1: closing", "BROKEN config:3: text", "BROKEN credentials:1: closing", "credentials:2: no name"}},
		{name: "sections of no use", config: "[a]\n[profile b c]\n[profile]\n[sso-sesion d]\n", credentials: "[profile a]\n[sso-session b]\n",
			want: []string{"config:1: profile ", "config:2: quotes", "config:3: profile ", "config:4: profile ", "credentials:1: prefix", "credentials:2: prefix"}},
		{name: "odd names", config: "[profile a!]\n[DEFAULT]\n", credentials: "[ü]\n[DEFAULT]\n[b c]\n",
			want: []string{"config:1: some AWS SDKs", "config:2: every section", "credentials:1: some AWS SDKs", "credentials:2: every section", "credentials:3: some AWS SDKs"}},
		{name: "repeated", config: "[profile a]\nk = v\n[profile 'a']\nk = w\nK = x\n[default]\n[profile default]\n",
			want: []string{"config:3: first in line 1", "config:5: twice", "config:6: [profile default]"}},
		{name: "files", config: "\ufeff[profile a]\nk = v\r\n", credentials: "[\xff]\nk = v\n",
			want: []string{"config:1: byte order mark", "config:2: CR LF", "credentials:0: UTF-8", "credentials:1: some AWS SDKs"}},
		{name: "both files", config: "[profile a]\nk = v\nl = v\nm =\n[default]\nk = v\n[profile default]\nl = v\n", credentials: "[a]\nK = v\nl =\nm = v\n[default]\nk = v\nl = v\n",
			want: []string{"config:2: credentials line 2", "config:8: credentials line 7", "config:5: [profile default]"}},
		{name: "bodies", config: "[profile a]\n k : v # c\n l = v\n", credentials: "[a]\naws_access_key_id = 'x'\n",
			want: []string{"config:2: indented", "config:2: colon", "config:2: comment", "credentials:2: quotes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := read(t, test.config, test.credentials)
			var broken, all []string
			for _, want := range test.want {
				text, isBroken := strings.CutPrefix(want, "BROKEN ")
				if isBroken {
					broken = append(broken, text)
				}
				all = append(all, text)
			}
			compareWarnings(t, files.Lint(), all)
			compareWarnings(t, files.Broken(), broken)
		})
	}
}

func TestLintIsSorted(t *testing.T) {
	all := read(t, "[default]\nk\n[profile default]\n[profile a]\nk : v\n[profile a]\nk\n", "[b]\nk\n").Lint()
	if !slices.IsSortedFunc(all, func(a, b Warning) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	}) {
		t.Errorf("got %v", all)
	}
	if got, want := fmt.Sprint(all[1]), "config line 2: expected key = value"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("k = v\n", maxLines)
	files := read(t, "[profile a]\n"+long+"[profile b]\n"+long+"k = v\n", "")
	if section, err := files.Profile("a"); err != nil || len(section.All("k")) != maxLines {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := files.Profile("b"); lineOf(err) < 1 {
		t.Errorf("above the limit: %v", err)
	}
	if got := files.Broken(); len(got) != 1 || got[0].Text != tooLong {
		t.Errorf("got %v", got)
	}

	files = read(t, "[profile a]\n"+strings.Repeat("=\n", maxWarnings)+strings.Repeat("[\n", maxWarnings), "")
	for name, got := range map[string][]Warning{"lint": files.Lint(), "broken": files.Broken()} {
		if len(got) != maxWarnings+1 || !slices.ContainsFunc(got, func(w Warning) bool { return strings.Contains(w.Text, "more") }) {
			t.Errorf("%s: %d warnings", name, len(got))
		}
	}
}
