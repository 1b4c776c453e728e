package awsfile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

type sections = map[string]map[string]string

// strictCases are the rules of the SDKs' grammar, one by one.
var strictCases = []struct {
	name, config, credentials string
	profiles, sessions        sections
	errLine                   int // of the error, 0 for none
}{
	{name: "nothing at all"},
	{name: "a header alone", config: "[profile a]", profiles: sections{"a": {}}},
	{name: "two headers alone", config: "[profile a]\n[profile b]", profiles: sections{"a": {}, "b": {}}},
	{name: "every character of a profile name", config: "[profile aZ0_-/.%@:+]\n", profiles: sections{"aZ0_-/.%@:+": {}}},
	{name: "other characters in a profile name", config: "[profile a!b]\nk = v\n[profile a b]\nk = v\n", credentials: "[c d]\nk = v"},
	{name: "quotes are no part of the grammar", config: "[profile \"a\"]\n", credentials: "['b']\nk = v"},
	{name: "blanks and tabs in a header", config: "[ \tprofile \t a\t ]\n", credentials: "[ b\t]\n", profiles: sections{"a": {}, "b": {}}},
	{name: "no closing bracket", config: "[profile a]\n[profile b\n", errLine: 2},
	{name: "text behind the bracket", config: "[profile a] b\n", errLine: 1},
	{name: "a comment cuts the bracket off", config: "[profile a;b]\n", errLine: 1},
	{name: "comments behind a header", config: "[profile a]#x\n[profile b] ; ]\n", profiles: sections{"a": {}, "b": {}}},
	{name: "property above all headers", config: "\n# c\nk = v\n[profile a]", errLine: 3},
	{name: "indented line above all headers", config: " k = v", errLine: 1},
	{name: "indented comment above all headers", config: " # c", errLine: 1},
	{name: "byte order mark", config: "\ufeff[profile a]\n", errLine: 1},
	{name: "CR LF", config: "[profile a]\r\nk = v\r\nb =\r\n c = d\r\n", profiles: sections{"a": {"k": "v", "b": "\nc = d"}}},
	{name: "no line break at the end", config: "[profile a]\nk=v", profiles: sections{"a": {"k": "v"}}},
	{name: "only the first = counts", config: "[profile a]\nk = v=w=\n", profiles: sections{"a": {"k": "v=w="}}},
	{name: "blanks around key and value", config: "[profile a]\nk\t =\t v w \t\n", profiles: sections{"a": {"k": "v w"}}},
	{name: "keys in lower case", config: "[profile a]\nKeY = V\n", profiles: sections{"a": {"key": "V"}}},
	{name: "every character of a key", config: "[profile a]\naZ0_-/.%@:+ = v\n", profiles: sections{"a": {"az0_-/.%@:+": "v"}}},
	{name: "a key that ini.v1 would number", config: "[profile a]\n- = v\n- = w\n", profiles: sections{"a": {"-": "w"}}},
	{name: "other characters in a key", config: "[profile a]\na b = v\n more\nc! = v\n", profiles: sections{"a": {}}},
	{name: "empty value", config: "[profile a]\nk =\n", profiles: sections{"a": {"k": ""}}},
	{name: "no key", config: "[profile a]\n = v\n", errLine: 2},
	{name: "no key at the margin", config: "[profile a]\n= v\n", errLine: 2},
	{name: "no =", config: "[profile a]\nk\n", errLine: 2},
	{name: "colon", config: "[profile a]\nk: v\n", errLine: 2},
	{name: "= only in a comment", config: "[profile a]\nk # = v\n", errLine: 2},
	{name: "an error in a section of no interest", config: "[other x]\nk\n", errLine: 2},
	{name: "comment lines", config: "#\n;x\n[profile a]\n# k = v\n;k = v\nk = v\n", profiles: sections{"a": {"k": "v"}}},
	{name: "comments behind values", config: "[profile a]\nk = v # w ; x\nl = v\t; w\nm = # v\n", profiles: sections{"a": {"k": "v", "l": "v", "m": ""}}},
	{name: "no comment without a blank", config: "[profile a]\nk = v#w\nl = v;w\nm =#v\n", profiles: sections{"a": {"k": "v#w", "l": "v;w", "m": "#v"}}},
	{name: "continued value", config: "[profile a]\nk = v\n w\n\n\t x # y \n", profiles: sections{"a": {"k": "v\nw\nx # y"}}},
	{name: "continued by what looks like more", config: "[profile a]\nk = v\n [profile b]\n l = w\n # c\n", profiles: sections{"a": {"k": "v\n[profile b]\nl = w\n# c"}}},
	{name: "continued below a header", config: "[profile a]\n k = v\n", errLine: 2},
	{name: "a header ends the value", config: "[profile a]\nk = v\n[profile a]\n w\n", errLine: 4},
	{name: "nested block", config: "[profile a]\ns3 =\n  b = c \n\t\n  in valid = d # e\n  f =\ng = h\n", profiles: sections{"a": {"s3": "\nb = c\nin valid = d # e\nf =", "g": "h"}}},
	{name: "nested block below a comment", config: "[profile a]\ns3 = # c\n  b = c\n", profiles: sections{"a": {"s3": "\nb = c"}}},
	{name: "nested line without =", config: "[profile a]\ns3 =\n  b\n", errLine: 3},
	{name: "nested line without key", config: "[profile a]\ns3 =\n  = b\n", errLine: 3},
	{name: "nested keys stay in the block", config: "[profile a]\nk = v\ns3 =\n  k = w\n", profiles: sections{"a": {"k": "v", "s3": "\nk = w"}}},
	{name: "values that ini.v1 would change", config: "[profile a]\na = \"v\"\nb = 'v'\nc = `v`\nd = \"\"\"v\ne = v\\\nf = %(a)s\ng = \\n\nh = |\ni = `\n",
		profiles: sections{"a": {"a": `"v"`, "b": `'v'`, "c": "`v`", "d": `"""v`, "e": `v\`, "f": "%(a)s", "g": `\n`, "h": "|", "i": "`"}}},
	{name: "white space that is none", config: "[profile a]\nk = \u00a0v\u00a0\nl = v\r w\n", profiles: sections{"a": {"k": "\u00a0v\u00a0", "l": "v\r w"}}},
	{name: "quotes around key material stay", credentials: "[a]\naws_access_key_id = \"v\"\n", profiles: sections{"a": {"aws_access_key_id": `"v"`}}},
	{name: "sections merge", config: "[profile a]\nk = v\nl = v\n[profile b]\n[profile\ta]\nL = w\n", profiles: sections{"a": {"k": "v", "l": "w"}, "b": {}}},
	{name: "files merge", config: "[profile a]\nk = v\nl = v\n", credentials: "[a]\nl = w\nm = w\n", profiles: sections{"a": {"k": "v", "l": "w", "m": "w"}}},
	{name: "an empty value of the stronger file", config: "[profile a]\nk = v\n", credentials: "[a]\nk =\n", profiles: sections{"a": {"k": ""}}},
	{name: "no prefix in config", config: "[a]\nk = v\n[profilea]\nk = v\n"},
	{name: "prefix in credentials", credentials: "[profile a]\nk = v\n[sso-session b]\nk = v\n"},
	{name: "[default] alone", config: "[default]\nk = v\n", profiles: sections{"default": {"k": "v"}}},
	{name: "[profile default] above", config: "[profile default]\nk = v\n[default]\nl = v\n", profiles: sections{"default": {"k": "v"}}},
	{name: "[profile default] below", config: "[default]\nl = v\n[profile default]\nk = v\n", profiles: sections{"default": {"k": "v"}}},
	{name: "a quoted default is none", config: "[default]\nl = v\n[profile \"default\"]\nk = v\n", profiles: sections{"default": {"l": "v"}}},
	{name: "[default] in credentials merges", config: "[default]\nl = v\n[profile default]\nk = v\n", credentials: "[default]\nm = v\n", profiles: sections{"default": {"k": "v", "m": "v"}}},
	{name: "sso-session", config: "[sso-session a]\nk = v\n[profile a]\n", profiles: sections{"a": {}}, sessions: sections{"a": {"k": "v"}}},
	{name: "sso-session with a typing error", config: "[sso-sesion a]\n[sso-session]\n[sso-sessiona]\n"},
	{name: "a profile called like a prefix", credentials: "[profile]\nk = v\n[sso-sessionx]\n", profiles: sections{"profile": {"k": "v"}, "sso-sessionx": {}}},
	{name: "services are no profiles", config: "[services a]\nsts =\n  endpoint_url = x\n"},
}

func TestDumpStrict(t *testing.T) {
	for _, test := range strictCases {
		t.Run(test.name, func(t *testing.T) {
			profiles, sessions, err := read(t, test.config, test.credentials).Dump(true)
			if line := lineOf(err); line != test.errLine {
				t.Fatalf("error in line %d, want %d: %v", line, test.errLine, err)
			}
			compareDump(t, profiles, test.profiles, err)
			compareDump(t, sessions, test.sessions, err)
		})
	}
}

// lineOf is the line of a syntax error, -1 for another error, 0 for none.
func lineOf(err error) int {
	var syntax *SyntaxError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &syntax):
		return syntax.Line
	}
	return -1
}

func compareDump(t *testing.T, got, want sections, err error) {
	t.Helper()
	if want == nil && err == nil {
		want = sections{}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDumpTolerant(t *testing.T) {
	files := read(t,
		"stray\n[profile \"a b\"]\n k: v\n junk\n[profile c\nk = v\n[default]\nl = v\n[profile 'default']\nk =\n",
		"[x y]\naws_secret_access_key = 'v'\n")
	profiles, _, err := files.Dump(false)
	if err != nil {
		t.Fatal(err)
	}
	compareDump(t, profiles, sections{
		"a b": {"k": "v"}, "default": {"k": ""}, "x y": {"aws_secret_access_key": "v"},
	}, nil)
}

// TestSuite runs the parser cases that the SDKs share. They are not part of
// the project: FOB_CONFORMANCE names a folder that holds them.
func TestSuite(t *testing.T) {
	root := os.Getenv("FOB_CONFORMANCE")
	if root == "" {
		root = "../../../shared/conformance"
	}
	text, err := os.ReadFile(filepath.Join(root, "suites/smithy-rs/aws/rust-runtime/aws-runtime/test-data/profile-parser-tests.json"))
	if err != nil {
		skip(t, "no conformance suites: "+err.Error())
	}
	var suite struct {
		Tests []struct {
			Name  string
			Input struct {
				Config      *string `json:"configFile"`
				Credentials *string `json:"credentialsFile"`
			}
			Output struct {
				ErrorContaining string
				Config          struct {
					Profiles sections `json:"profiles"`
					Sessions sections `json:"sso_sessions"`
				}
			}
		}
	}
	if err := json.Unmarshal(text, &suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Tests) != 65 {
		t.Errorf("%d cases, want 65", len(suite.Tests))
	}
	for _, test := range suite.Tests {
		t.Run(test.Name, func(t *testing.T) {
			// Both files are named and only one may exist, as when the suite drives the program.
			present := map[string]string{}
			if test.Input.Config != nil {
				present["config"] = *test.Input.Config
			}
			if test.Input.Credentials != nil {
				present["credentials"] = *test.Input.Credentials
			}
			files, err := Read(Paths{
				Config:      Path{Name: "config", Variable: ConfigVariable},
				Credentials: Path{Name: "credentials", Variable: CredentialsVariable},
			}, inMemory(present))
			if err != nil {
				t.Fatal(err)
			}
			profiles, sessions, err := files.Dump(true)
			if want := test.Output.ErrorContaining; want != "" {
				if lineOf(err) < 1 {
					t.Fatalf("got %v, want a syntax error (%s)", err, want)
				}
				return
			}
			compareDump(t, profiles, test.Output.Config.Profiles, err)
			compareDump(t, sessions, test.Output.Config.Sessions, err)
		})
	}
}
