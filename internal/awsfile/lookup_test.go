package awsfile

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// profileCases are what a lookup tolerates and says; each value of want is
// "text @file:line".
var profileCases = []struct {
	name, config, credentials string
	profile                   string // "a" when empty
	want                      map[string]string
	warn                      []string // "file:line: words", in order
	err                       string   // "file line N"
}{
	{name: "plain", config: "# c\n[profile b]\nk = w\n[profile a]\nK = v\n",
		want: map[string]string{"k": "v @config:5"}},
	{name: "both files", config: "[profile a]\nk = v\nl = v\n", credentials: "[b]\n[a]\nl = w\n",
		want: map[string]string{"k": "v @config:2", "l": "w @credentials:3"}},
	{name: "an empty value is as if absent", config: "[profile a]\nk = v\nl =\n", credentials: "[a]\nk =\n",
		want: map[string]string{"k": "v @config:2"}},
	{name: "section twice", config: "[profile a]\nk = v\nl = v\n[profile b]\n[profile a]\nk = w\n",
		want: map[string]string{"k": "w @config:6", "l": "v @config:3"}, warn: []string{"config:5: twice"}},
	{name: "key twice", config: "[profile a]\nk = v\nK = w\nk = x\n",
		want: map[string]string{"k": "x @config:4"}, warn: []string{"config:3: twice", "config:4: twice"}},
	{name: "two defaults, prefix first", profile: "default", config: "[profile default]\nk = v\n[default]\nk = w\nl = w\n",
		want: map[string]string{"k": "v @config:2"}, warn: []string{"config:3: [profile default]"}},
	{name: "two defaults, prefix last", profile: "default", config: "[default]\njunk\n[profile default]\nk = v\n", credentials: "[default]\nm = v\n",
		want: map[string]string{"k": "v @config:4", "m": "v @credentials:2"}, warn: []string{"config:1: [profile default]"}},
	{name: "byte order mark", config: "\ufeff[profile a]\nk = v\n",
		want: map[string]string{"k": "v @config:2"}, warn: []string{"config:1: byte order mark"}},
	{name: "CR LF", config: "[profile a]\r\nk = v\r\ns3 =\r\n  b = c\r\n\r\n[profile b]\r\n",
		want: map[string]string{"k": "v @config:2", "s3": "\nb = c @config:3"}},
	{name: "comment behind a value", config: "[profile a]\nk = v # c\nl = v#w\n",
		want: map[string]string{"k": "v @config:2", "l": "v#w @config:3"}, warn: []string{"config:2: comment"}},
	{name: "comment behind the header", config: "[profile a] ; c\n[profile b]# [x]\n", want: map[string]string{}},
	{name: "a bracket in that comment", profile: "b", config: "[profile a] ; c\n[profile b] # [x]\n",
		want: map[string]string{}, warn: []string{"config:2: last ]"}},
	{name: "indented keys", config: "[profile a]\n  k = v\n  l = v\n\t  w\n  # c\n  m =\n   n = v\no = v\n",
		want: map[string]string{"k": "v @config:2", "l": "v\nw @config:3", "m": "\nn = v @config:6", "o": "v @config:8"},
		warn: []string{"config:2: indented"}},
	{name: "indented comment in a value", config: "[profile a]\nk = v\n  # c\nl = w\n",
		want: map[string]string{"k": "v @config:2", "l": "w @config:4"}},
	{name: "colon", config: "[profile a]\nk: v\nl:w=x\nm : y==\n",
		want: map[string]string{"k": "v @config:2", "l:w": "x @config:3", "m": "y== @config:4"},
		warn: []string{"config:2: colon", "config:3: colon", "config:4: colon"}},
	{name: "quoted key material", credentials: "[a]\naws_access_key_id = \"v\"\nAWS_SECRET_ACCESS_KEY = 'w' # c\naws_session_token = 'x\nrole_arn = \"y\"\n",
		want: map[string]string{"aws_access_key_id": "v @credentials:2", "aws_secret_access_key": "w @credentials:3",
			"aws_session_token": "'x @credentials:4", "role_arn": `"y" @credentials:5`},
		warn: []string{"credentials:2: quotes", "credentials:3: comment", "credentials:3: quotes"}},
	{name: "a key that no tool reads", config: "[profile a]\na b = v\n more\nk = v\n",
		want: map[string]string{"k": "v @config:4"}, warn: []string{"config:2: ignored"}},
	{name: "nested keys stay in the block", config: "[profile a]\nk = v\ns3 =\n  k = w\nl = v\n",
		want: map[string]string{"k": "v @config:2", "s3": "\nk = w @config:3", "l": "v @config:5"}},
	{name: "quoted name", profile: "a b", config: "[profile \"a b\"]\nk = v\n[profile 'a b']\nl = v\n",
		want: map[string]string{"k": "v @config:2", "l": "v @config:4"}, warn: []string{"config:3: twice"}},
	{name: "quoted name in credentials", profile: "a b", credentials: "[\"a b\"]\nk = v\n",
		want: map[string]string{"k": "v @credentials:2"}, warn: []string{"credentials:1: quotes"}},
	{name: "name with blanks in credentials", profile: "a b", credentials: "[a b]\nk = v\n",
		want: map[string]string{"k": "v @credentials:2"}},
	{name: "blanks in the header", config: "[profile \t a ]\nk = v\n", want: map[string]string{"k": "v @config:2"}},
	{name: "blanks before the prefix", config: "[ profile a]\nk = v\n",
		want: map[string]string{"k": "v @config:2"}, warn: []string{"config:1: blanks"}},
	{name: "blanks around the name in credentials", credentials: "[ a\t]\nk = v\n",
		want: map[string]string{"k": "v @credentials:2"}, warn: []string{"credentials:1: blanks"}},
	{name: "blanks around default", profile: "default", config: "[default ]\nk = v\n",
		want: map[string]string{"k": "v @config:2"}, warn: []string{"config:1: blanks"}},
	{name: "a profile called profile", profile: "profile", credentials: "[profile ]\nk = v\n",
		want: map[string]string{"k": "v @credentials:2"}, warn: []string{"credentials:1: blanks"}},
	{name: "any byte in a name", profile: "\x1b[31m#\xff", config: "[profile \x1b[31m#\xff]\nk = v\n",
		want: map[string]string{"k": "v @config:2"}},
	{name: "an apostrophe in a name", profile: "o'k", config: "[profile o'k]\n[profile \"o'k\"]\n",
		want: map[string]string{}, warn: []string{"config:1: quotes", "config:2: twice"}},
	{name: "errors elsewhere", config: "k\n[profile b]\nk\n[profile c\nk = w\n[profile a]\nk = v\n",
		want: map[string]string{"k": "v @config:7"}},
	{name: "broken line", config: "\n[profile a]\nk\n", err: "config line 3"},
	{name: "broken line in the other file", config: "[profile a]\nk = v\n", credentials: "[a]\n= v\n", err: "credentials line 2"},
	{name: "broken nested line", config: "[profile a]\ns3 =\n  k: v\n", err: "config line 3"},
	{name: "broken header", config: "[profile b]\n[profile a\nk = v\n", err: "config line 2"},
	{name: "broken header with a comment", config: "[profile a # c ]x\n", err: "config line 1"},
	{name: "text behind the header", config: "[profile a] x\n", err: "config line 1"},
	{name: "broken header in credentials", credentials: "[a\nk = v\n", err: "credentials line 1"},
}

func TestProfile(t *testing.T) {
	for _, test := range profileCases {
		t.Run(test.name, func(t *testing.T) {
			name := test.profile
			if name == "" {
				name = "a"
			}
			section, err := read(t, test.config, test.credentials).Profile(name)
			if test.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), test.err+": ") {
					t.Fatalf("got error %v, want one in %s", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			compareSection(t, section, test.want)
			compareWarnings(t, section.Warnings, test.warn)
		})
	}
}

func compareSection(t *testing.T, section Section, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, key := range section.Keys() {
		if value, ok := section.Get(key); ok {
			got[key] = fmt.Sprintf("%s @%s:%d", value.Text, value.File, value.Line)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// compareWarnings wants these warnings and no other, in any order.
func compareWarnings(t *testing.T, got []Warning, want []string) {
	t.Helper()
	left := slices.Clone(got)
	for _, expected := range want {
		at, words, _ := strings.Cut(expected, ": ")
		i := slices.IndexFunc(left, func(w Warning) bool {
			return fmt.Sprintf("%s:%d", w.File, w.Line) == at && strings.Contains(w.Text, words)
		})
		if i < 0 {
			t.Errorf("no warning %q in %q", expected, got)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		t.Errorf("unexpected: %q", left)
	}
}

func TestNotFound(t *testing.T) {
	files := read(t, "[a]\n[profile b c]\n[profile ]\n[Profile a]\n[sso-session s]\n", "[profile a]\n[services s]\n")
	for _, name := range []string{"a", "b c", "", "s", "[a]", "a]\nx"} {
		if _, err := files.Profile(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("profile %q: got %v, want ErrNotFound", name, err)
		}
		if at := files.Headers(name); at != nil {
			t.Errorf("profile %q has headers: %v", name, at)
		}
	}
	if _, err := files.SSOSession("x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := files.Services("s"); !errors.Is(err, ErrNotFound) {
		t.Errorf("services of the credentials file: got %v", err)
	}
}

func TestOtherSections(t *testing.T) {
	files := read(t,
		"[profile s]\nk = p\n[services s]\nsts =\n  Endpoint_URL = https://x/?a=b # c\n  region =\nEC2 = \n\n  k = v\n[sso-session s]\nk = o\n",
		"[s]\nk = c\n")
	session, err := files.SSOSession("s")
	if err != nil {
		t.Fatal(err)
	}
	compareSection(t, session, map[string]string{"k": "o @config:11"})

	services, err := files.Services("s")
	if err != nil {
		t.Fatal(err)
	}
	sts, _ := services.Get("sts")
	if url, ok := sts.Nested("endpoint_url"); !ok || url.Text != "https://x/?a=b" || url.Line != 4 {
		t.Errorf("endpoint_url: got %q in line %d", url.Text, url.Line)
	}
	for _, key := range []string{"region", "endpoint", "", "sts"} {
		if value, ok := sts.Nested(key); ok {
			t.Errorf("%s: got %q", key, value.Text)
		}
	}
	if ec2, _ := services.Get("ec2"); ec2.Text != "\nk = v" {
		t.Errorf("ec2: got %q", ec2.Text)
	}
	if _, ok := (Value{Text: "k = v"}).Nested("k"); ok {
		t.Error("a plain value has no nested keys")
	}
}

// TestOrigins is what a caller needs to see that a pair is torn.
func TestOrigins(t *testing.T) {
	files := read(t,
		"[profile a]\naws_access_key_id = ID\nk = 1\n[profile b]\n[profile a]\nk =\nk = 2\n",
		"[a]\nk = 3\naws_secret_access_key = S\n")
	section, err := files.Profile("a")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, value := range section.All("k") {
		all = append(all, value.Text+"@"+value.String())
	}
	if want := []string{"1@config line 3", "@config line 6", "2@config line 7", "3@credentials line 2"}; !slices.Equal(all, want) {
		t.Errorf("all: got %q, want %q", all, want)
	}
	headers := []Position{{"config", 1}, {"config", 5}, {"credentials", 1}}
	if !slices.Equal(section.Headers, headers) || !slices.Equal(files.Headers("a"), headers) {
		t.Errorf("headers: got %v and %v", section.Headers, files.Headers("a"))
	}
	config := section.In("config")
	compareSection(t, config, map[string]string{"aws_access_key_id": "ID @config:2", "k": "2 @config:7"})
	if len(config.Headers) != 2 {
		t.Errorf("headers in config: %v", config.Headers)
	}
}

func TestNames(t *testing.T) {
	files := read(t,
		"[profile b]\n[profile a]\n[c]\n[profile b]\n[default]\n[profile d\n[sso-session s]\n[profile 'e f']\n",
		"[z]\n[a]\n[ y ]\n[profile x]\n")
	want := []string{"b", "a", "default", "e f", "z", "y"}
	if got := files.Names(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMissingNamedFile(t *testing.T) {
	paths := Paths{Config: Path{"/no/config", ConfigVariable}, Credentials: Path{"/no/credentials", CredentialsVariable}}
	files, err := Read(paths, inMemory(nil))
	if err != nil {
		t.Fatal(err)
	}
	_, err = files.Profile("a")
	var missing *MissingFileError
	if !errors.As(err, &missing) || !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNotFound) {
		t.Errorf("got %v, want a MissingFileError", err)
	}
	for _, words := range []string{ConfigVariable, `"/no/config"`, CredentialsVariable, `"/no/credentials"`} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("%v does not name %s", err, words)
		}
	}
	if len(files.Names()) != 0 || len(files.Lint()) != 2 {
		t.Errorf("names %q, lint %q", files.Names(), files.Lint())
	}

	paths.Credentials = Path{Name: "/home/credentials"}
	files, err = Read(paths, inMemory(map[string]string{"/home/credentials": "[a]\nk = v\n"}))
	if err != nil {
		t.Fatal(err)
	}
	section, err := files.Profile("a")
	if err != nil {
		t.Fatalf("the profile is in the other file: %v", err)
	}
	compareWarnings(t, section.Warnings, []string{"/no/config:0: " + ConfigVariable})
	if err := files.Missing(); !errors.As(err, &missing) || missing.Path != "/no/config" {
		t.Errorf("missing: got %v", err)
	}
}

func TestMissingDefaultFiles(t *testing.T) {
	files, err := Read(Paths{Config: Path{Name: "/h/.aws/config"}}, inMemory(nil))
	if err != nil || files.Missing() != nil || len(files.Lint()) != 0 {
		t.Fatalf("got %v, missing %v, lint %v", err, files.Missing(), files.Lint())
	}
	if _, err := files.Profile("default"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// TestNothingPrintsSecrets prints every type that holds a value in every way.
func TestNothingPrintsSecrets(t *testing.T) {
	const secret = "wJalrXUtnFEMI"
	files := read(t, "[profile a]\nk = "+secret+"\n"+secret+" = x\n"+secret+" = x\n"+secret+"! = x\n", "[b]\n"+secret+"\n")
	section, err := files.Profile("a")
	if err != nil {
		t.Fatal(err)
	}
	value, _ := section.Get("k")
	_, broken := files.Profile("b")
	for _, shown := range []any{value, &value, section, &section, section.All("k"), section.Warnings, broken, files.Lint(), files} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if text := fmt.Sprintf(verb, shown); strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s of %T shows the secret: %s", verb, shown, text)
			}
		}
	}
}
