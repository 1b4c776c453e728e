package awsedit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fob/internal/awsedit"
	"fob/internal/awsfile"
	"fob/internal/secret"
)

func TestEdit(t *testing.T) {
	remove := func(keys ...string) awsedit.Edit { return awsedit.Edit{Profile: "a", Remove: keys} }
	set := func(key, value string) awsedit.Edit {
		return awsedit.Edit{Profile: "a", Set: []awsedit.Property{{Key: key, Value: value}}}
	}
	rename := func(from, to string) awsedit.Edit {
		return awsedit.Edit{Profile: "a", Rename: []awsedit.Rename{{From: from, To: to}}}
	}
	drop := awsedit.Edit{Profile: "a", Drop: true}
	for _, tc := range []struct {
		name   string
		in     string
		edit   awsedit.Edit
		want   string
		config bool
	}{
		{name: "remove a key", in: "[a]\nx = 1\ny = 2\n[b]\nx = 1\n", edit: remove("x"), want: "[a]\ny = 2\n[b]\nx = 1\n"},
		{name: "nothing to remove", in: "[a]\nx = 1", edit: remove("y"), want: "[a]\nx = 1"},
		{name: "any letter case, any spelling", in: "[a]\n  X_y: 1\n  z=2\n", edit: remove("x_y"), want: "[a]\n  z=2\n"},
		{name: "every occurrence", in: "[a]\nx = 1\n[b]\n[a]\nx = 2\nx = 3\n", edit: remove("x"), want: "[a]\n[b]\n[a]\n"},
		{name: "continued lines go too", in: "[a]\ns3 =\n  x = 1\n\n# note\n  y = 2\nz = 3\n", edit: remove("s3"), want: "[a]\n\n# note\nz = 3\n"},
		{name: "a key in a nested block is another", in: "[a]\ns3 =\n  x = 1\nx = 2\n", edit: remove("x"), want: "[a]\ns3 =\n  x = 1\n"},
		{name: "an indented comment goes with the value that it could continue", in: "[a]\nx = 1\n  # of x\n# of y\ny = 2\n", edit: remove("x"), want: "[a]\n# of y\ny = 2\n"},
		{name: "the line end of each line", in: "[a]\r\nx = 1\ny = 2\r\nz = 3\r\n", edit: remove("y"), want: "[a]\r\nx = 1\nz = 3\r\n"},
		{name: "a byte order mark", in: "\ufeff[a]\nx = 1\n", edit: remove("x"), want: "\ufeff[a]\n"},
		{name: "no newline at the end", in: "[a]\nx = 1\ny = 2", edit: remove("y"), want: "[a]\nx = 1"},
		{name: "no newline behind CR LF", in: "[a]\r\nx = 1\r\ny = 2", edit: remove("y"), want: "[a]\r\nx = 1"},
		{name: "a lone CR is no line end", in: "[a]\nx = 1\ry = 2\nz = 3\n", edit: remove("z"), want: "[a]\nx = 1\ry = 2\n"},

		{name: "set a new key", in: "[a]\nx = 1\n\n# about b\n[b]\n", edit: set("y", "2"), want: "[a]\nx = 1\ny = 2\n\n# about b\n[b]\n"},
		{name: "in an empty section", in: "[a]\n\n[b]\n", edit: set("y", "2"), want: "[a]\ny = 2\n\n[b]\n"},
		{name: "behind a nested block", in: "[a]\ns3 =\n  x = 1\n\n[b]\n", edit: set("y", "2"), want: "[a]\ns3 =\n  x = 1\ny = 2\n\n[b]\n"},
		{name: "behind an indented comment", in: "[a]\nx = 1\n  # of x\n", edit: set("y", "2"), want: "[a]\nx = 1\n  # of x\ny = 2\n"},
		{name: "indented as the others", in: "[a]\n\tx = 1\n", edit: set("y", "2"), want: "[a]\n\tx = 1\n\ty = 2\n"},
		{name: "in the last part", in: "[a]\nx = 1\n[b]\n[a]\nz = 1\n", edit: set("y", "2"), want: "[a]\nx = 1\n[b]\n[a]\nz = 1\ny = 2\n"},
		{name: "over an old value", in: "[a]\nY = 1\n  more\nz = 3\n", edit: set("y", "2"), want: "[a]\nY = 2\nz = 3\n"},
		{name: "over the last of two", in: "[a]\ny = 0\nx = 1\ny = 1\n", edit: set("y", "2"), want: "[a]\nx = 1\ny = 2\n"},
		{name: "with the line ends of the section", in: "[a]\r\nx = 1\r\n", edit: set("y", "2"), want: "[a]\r\nx = 1\r\ny = 2\r\n"},
		{name: "no newline at the end, set", in: "[a]\r\nx = 1", edit: set("y", "2"), want: "[a]\r\nx = 1\r\ny = 2"},
		{name: "a new section", in: "[b]\nx = 1\n", edit: set("y", "2"), want: "[b]\nx = 1\n\n[a]\ny = 2\n"},
		{name: "a new section in an empty file", in: "", edit: set("y", "2"), want: "[a]\ny = 2\n"},
		{name: "a new section behind a last line without newline", in: "[b]\nx = 1", edit: set("y", "2"), want: "[b]\nx = 1\n\n[a]\ny = 2"},
		{name: "a new section of the config file", in: "", edit: set("y", "2"), want: "[profile a]\ny = 2\n", config: true},
		{name: "remove and set", in: "[a]\ny = 1\nx = 1\n", edit: awsedit.Edit{Profile: "a", Remove: []string{"y"}, Set: []awsedit.Property{{Key: "y", Value: "2"}, {Key: "z", Value: "3"}}}, want: "[a]\nx = 1\ny = 2\nz = 3\n"},

		{name: "rename", in: "[a]\nrole_arn=r # note\n  more\n", edit: rename("role_arn", "fob_role_arn"), want: "[a]\nfob_role_arn=r # note\n  more\n"},
		{name: "rename keeps letter case", in: "[a]\n  Role_ARN : r\r\n", edit: rename("role_arn", "fob_role_arn"), want: "[a]\n  fob_Role_ARN : r\r\n"},
		{name: "rename back", in: "[a]\n  fob_Role_ARN : r\r\n", edit: rename("fob_role_arn", "role_arn"), want: "[a]\n  Role_ARN : r\r\n"},
		{name: "rename to another name", in: "[a]\nX = 1", edit: rename("x", "y"), want: "[a]\ny = 1"},
		{name: "rename and set the old name", in: "[a]\nx = 1\nz = 1\n", edit: awsedit.Edit{Profile: "a", Rename: []awsedit.Rename{{From: "x", To: "fob_x"}}, Set: []awsedit.Property{{Key: "x", Value: "2"}}}, want: "[a]\nfob_x = 1\nz = 1\nx = 2\n"},

		{name: "drop", in: "[b]\nx = 1\n\n[a]\nx = 1\n# note\ny = 1\n\n# about c\n[c]\n", edit: drop, want: "[b]\nx = 1\n\n# about c\n[c]\n"},
		{name: "drop every part", in: "[a]\nx = 1\n[b]\n[a]\ny = 1\n", edit: drop, want: "[b]\n"},
		{name: "drop the last section", in: "[b]\nx = 1\n\n[a]\ny = 2\n", edit: drop, want: "[b]\nx = 1\n"},
		{name: "drop the last section without newline", in: "[b]\nx = 1\n\n[a]\ny = 2", edit: drop, want: "[b]\nx = 1"},
		{name: "drop all", in: "[a]\n", edit: drop, want: ""},
		{name: "drop keeps a comment below", in: "[a]\nx = 1\n# about b\n[b]\n", edit: drop, want: "# about b\n[b]\n"},

		{name: "the section of the config file", in: "[a]\nx = 1\n[profile a]\nx = 2\n[sso-session a]\nx = 3\n", edit: remove("x"), want: "[a]\nx = 1\n[profile a]\n[sso-session a]\nx = 3\n", config: true},
		{name: "a line elsewhere that cannot be read", in: "[b]\nnonsense\n[a]\nx = 1\n", edit: remove("x"), want: "[b]\nnonsense\n[a]\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			place := awsedit.Credentials
			if tc.config {
				place = awsedit.Config
			}
			d, err := awsedit.New("the file", []byte(tc.in), place, tc.edit)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(d.Bytes()); got != tc.want {
				t.Errorf("%q\n got %q\nwant %q", tc.in, got, tc.want)
			}
			if d.Changed() != (tc.in != tc.want) {
				t.Error("Changed is wrong")
			}
		})
	}
}

func TestEditOfNamesInTheConfigFile(t *testing.T) {
	for name, header := range map[string]string{
		"default":  "[default]",
		"two word": "[profile 'two word']",
		"it's one": `[profile "it's one"]`,
		"profile":  "[profile profile]",
	} {
		d, err := awsedit.New("the file", nil, awsedit.Config, awsedit.Edit{Profile: name, Set: []awsedit.Property{{Key: "k", Value: "v"}}})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got, want := string(d.Bytes()), header+"\nk = v\n"; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestEditRefuses(t *testing.T) {
	set := func(profile, key, value string) awsedit.Edit {
		return awsedit.Edit{Profile: profile, Set: []awsedit.Property{{Key: key, Value: value}}}
	}
	const in = "[a]\nx = 1\nfob_x = 2\n[bad]\nnonsense\n[odd\n"
	for _, tc := range []struct {
		name  string
		in    string
		edits []awsedit.Edit
		want  error
	}{
		{"LF in a value", in, []awsedit.Edit{set("a", "k", "v\n[b]")}, awsedit.ErrInvalid},
		{"CR in a value", in, []awsedit.Edit{set("a", "k", "v\rw")}, awsedit.ErrInvalid},
		{"] in a value", in, []awsedit.Edit{set("a", "k", "v]")}, awsedit.ErrInvalid},
		{"NUL in a value", in, []awsedit.Edit{set("a", "k", "v\x00")}, awsedit.ErrInvalid},
		{"] in a name", in, []awsedit.Edit{set("a]", "k", "v")}, awsedit.ErrInvalid},
		{"LF in a name", in, []awsedit.Edit{set("a\nb", "k", "v")}, awsedit.ErrInvalid},
		{"LF in a key", in, []awsedit.Edit{set("a", "k\nl", "v")}, awsedit.ErrInvalid},
		{"LF in a new key", in, []awsedit.Edit{{Profile: "a", Rename: []awsedit.Rename{{From: "x", To: "y\nz"}}}}, awsedit.ErrInvalid},
		{"a comment in a value", in, []awsedit.Edit{set("a", "k", "v #w")}, awsedit.ErrInvalid},
		{"blanks around a value", in, []awsedit.Edit{set("a", "k", " v ")}, awsedit.ErrInvalid},
		{"no value", in, []awsedit.Edit{set("a", "k", "")}, awsedit.ErrInvalid},
		{"a key that is none", in, []awsedit.Edit{set("a", "k k", "v")}, awsedit.ErrInvalid},
		{"a key that is a comment", in, []awsedit.Edit{set("a", "#k", "v")}, awsedit.ErrInvalid},
		{"a key with =", in, []awsedit.Edit{set("a", "k=l", "v")}, awsedit.ErrInvalid},
		{"a key in upper case", in, []awsedit.Edit{set("a", "K", "v")}, awsedit.ErrInvalid},
		{"an empty name", in, []awsedit.Edit{set("", "k", "v")}, awsedit.ErrInvalid},
		{"a name that reads otherwise", in, []awsedit.Edit{set("profile b", "k", "v")}, awsedit.ErrInvalid},
		{"a new name that is taken", in, []awsedit.Edit{{Profile: "a", Rename: []awsedit.Rename{{From: "x", To: "fob_x"}}}}, awsedit.ErrInvalid},
		{"a new name that is none", in, []awsedit.Edit{{Profile: "a", Rename: []awsedit.Rename{{From: "x", To: "y y"}}}}, awsedit.ErrInvalid},
		{"two edits of a profile", in, []awsedit.Edit{set("a", "k", "v"), set("a", "l", "v")}, awsedit.ErrInvalid},
		{"another value than expected", in, []awsedit.Edit{{Profile: "a", Expect: map[string]secret.Text{"x": secret.New("2")}, Remove: []string{"x"}}}, awsedit.ErrChanged},
		{"an expected value that is gone", in, []awsedit.Edit{{Profile: "a", Expect: map[string]secret.Text{"y": secret.New("2")}, Drop: true}}, awsedit.ErrChanged},
		{"no such profile", in, []awsedit.Edit{{Profile: "c", Remove: []string{"x"}}}, awsfile.ErrNotFound},
		{"an expected profile that is gone", in, []awsedit.Edit{{Profile: "c", Expect: map[string]secret.Text{"x": secret.New("2")}, Set: []awsedit.Property{{Key: "k", Value: "v"}}}}, awsfile.ErrNotFound},
		{"a second default behind it", "[default]\nx = 1\n[profile default]\nx = 2\n", []awsedit.Edit{{Profile: "default", Drop: true}}, awsedit.ErrInvalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			place := awsedit.Credentials
			if strings.Contains(tc.in, "profile") {
				place = awsedit.Config
			}
			if _, err := awsedit.New("the file", []byte(tc.in), place, tc.edits...); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	var syntax *awsfile.SyntaxError
	if _, err := awsedit.New("the file", []byte(in), awsedit.Credentials, set("bad", "k", "v")); !errors.As(err, &syntax) {
		t.Errorf("a profile that cannot be read: %v", err)
	}
}

func TestNoSecretInErrorsAndFormats(t *testing.T) {
	const in = "[a]\naws_secret_access_key = visible\n"
	edit := awsedit.Edit{Profile: "a", Expect: map[string]secret.Text{"aws_secret_access_key": secret.New("canary")}}
	_, err := awsedit.New("the file", []byte(in), awsedit.Credentials, edit)
	d, derr := awsedit.New("the file", []byte(in), awsedit.Credentials)
	if derr != nil {
		t.Fatal(derr)
	}
	if s := fmt.Sprintf("%v %+v %#v %v %+v", err, edit, edit, d, *d); strings.Contains(s, "canary") || strings.Contains(s, "visible") {
		t.Error(s)
	}
}

func TestDiff(t *testing.T) {
	const in = `[keep]
aws_secret_access_key = keepkeepkeep
[a]
aws_access_key_id = AKIAQ777777777777777
# aws_secret_access_key: oldoldold
AWS_Secret_Access_Key=visible
    moremore
  # note of the secret
aws_session_token: tokentoken
x_session_token =
   t = tokentoken
aws_security_token = tokentoken
region = eu-west-1
`
	d, err := awsedit.New("the file", []byte(in), awsedit.Credentials,
		awsedit.Edit{Profile: "a", Remove: []string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token", "x_session_token"}, Rename: []awsedit.Rename{{From: "region", To: "fob_region"}}},
		awsedit.Edit{Profile: "new", Set: []awsedit.Property{{Key: "k", Value: "v"}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `--- the file
+++ the file
@@ line 4 [a] @@
-aws_access_key_id = AKIAQ777777777777777
-AWS_Secret_Access_Key= [secret]
-    [secret]
-  [secret]
-aws_session_token: [secret]
-x_session_token = [secret]
-   [secret]
-aws_security_token = [secret]
-region = eu-west-1
+fob_region = eu-west-1
+
+[new]
+k = v
`
	if got := d.Diff(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	drop, err := awsedit.New("the file", []byte(in), awsedit.Credentials, awsedit.Edit{Profile: "a", Drop: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := drop.Diff(); strings.Contains(got, "oldold") || strings.Contains(got, "tokentoken") || !strings.Contains(got, "-# aws_secret_access_key: [secret]\n") {
		t.Errorf("got\n%s", got)
	}
	none, err := awsedit.New("the file", []byte(in), awsedit.Credentials)
	if err != nil || none.Diff() != "" {
		t.Errorf("a diff of nothing: %v", err)
	}
}

func TestDiffHidesWhatLooksLikeASecretInAComment(t *testing.T) {
	d, err := awsedit.New("the file", []byte("[a]\nx = 1\n# wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY of ann\ny = 2\n"), awsedit.Credentials, awsedit.Edit{Profile: "a", Drop: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Diff(); !strings.Contains(got, "-# [secret] of ann\n") {
		t.Errorf("got\n%s", got)
	}
}
