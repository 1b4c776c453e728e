package keycsv_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"fob/internal/keycsv"
	"fob/internal/secret"
)

const (
	id1, secret1 = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	id2, secret2 = "AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLE=_-"
	mfa          = "arn:aws:iam::123456789012:mfa/team/ann"
	link         = "https://123456789012.signin.aws.amazon.com/console"
	password     = "pässword-CANARY!|'"
)

func key(user, id, text, mfa string, line int) keycsv.Key {
	return keycsv.Key{User: user, AccessKeyID: id, Secret: secret.New(text), MFASerial: mfa, Line: line}
}

// good are files that must be read, with "," between cells and LF between lines.
var good = []struct {
	name string
	file string
	want []keycsv.Key
}{
	{"2 columns", "Access key ID,Secret access key\n" + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("", id1, secret1, "", 2)}},
	{"2 columns, no header", id1 + "," + secret1,
		[]keycsv.Key{key("", id1, secret1, "", 1)}},
	{"3 columns", "User Name,Access Key Id,Secret Access Key\nann," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2)}},
	{"3 columns, no header", "ann," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 1)}},
	{"5 columns", "User name,Password,Access key ID,Secret access key,Console login link\n" +
		"ann," + password + "," + id1 + "," + secret1 + "," + link + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2)}},
	{"5 columns, no header", "ann," + password + "," + id1 + "," + secret1 + "," + link + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 1)}},
	{"5 columns, no password", "User name,Password,Access key ID,Secret access key,Console login link\n" +
		"ann,," + id1 + "," + secret1 + "," + link + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2)}},
	{"first column empty", "User name,Access key ID,Secret access key\n," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("", id1, secret1, "", 2)}},
	{"other order, other case", "secret_access_key,CONSOLE LOGIN LINK,aws_access_key_id,User-Name\n" +
		secret1 + "," + link + "," + id1 + ",ann\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2)}},
	{"header in another language", "Benutzername,Zugriffsschlüssel-ID,Geheimschlüssel,Konsolen-Anmeldelink\n" +
		"ann," + id1 + "," + secret1 + "," + link + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2)}},
	{"MFA column", "User name,MFA serial,Access key ID,Secret access key\nann,GAHT12345678," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "GAHT12345678", 2)}},
	{"mfa_serial column", "mfa_serial,Access key ID,Secret access key\n" + mfa + "," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("", id1, secret1, mfa, 2)}},
	{"MFA column empty", "mfa_serial,Access key ID,Secret access key\n," + id1 + "," + secret1 + "\n",
		[]keycsv.Key{key("", id1, secret1, "", 2)}},
	{"MFA by shape", id1 + "," + secret1 + "," + mfa + "\n",
		[]keycsv.Key{key("", id1, secret1, mfa, 1)}},
	{"MFA by shape beyond the header", "Access key ID,Secret access key\n" + id1 + "," + secret1 + ",x," + mfa + "\n",
		[]keycsv.Key{key("", id1, secret1, mfa, 2)}},
	{"MFA of GovCloud and China", id1 + "," + secret1 + ",arn:aws-us-gov:iam::123456789012:mfa/ann\n" +
		id2 + "," + secret2 + ",arn:aws-cn:iam::123456789012:mfa/ann\n",
		[]keycsv.Key{
			key("", id1, secret1, "arn:aws-us-gov:iam::123456789012:mfa/ann", 1),
			key("", id2, secret2, "arn:aws-cn:iam::123456789012:mfa/ann", 2)}},
	{"several users, one without a key", "User name,Access key ID,Secret access key\n" +
		"ann," + id1 + "," + secret1 + "\neve,,\nbob," + id2 + "," + secret2 + "\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 2), key("bob", id2, secret2, "", 4)}},
	{"two files joined", "Access key ID,Secret access key\n" + id1 + "," + secret1 + "\n" +
		"User name,Access key ID,Secret access key\nbob," + id2 + "," + secret2 + "\n",
		[]keycsv.Key{key("", id1, secret1, "", 2), key("bob", id2, secret2, "", 4)}},
	{"the same key again knows more", id1 + "," + secret1 + "\nann," + id1 + "," + secret1 + "," + mfa + "\n",
		[]keycsv.Key{key("ann", id1, secret1, mfa, 1)}},
	{"blank lines and blanks", "\n  \nUser name , Access key ID,  Secret access key \n\n ann , " + id1 + " ," + secret1 + " \n\n",
		[]keycsv.Key{key("ann", id1, secret1, "", 5)}},
	{"old root key", "AWSAccessKeyId=" + id2 + "\nAWSSecretKey = " + secret2 + "\n",
		[]keycsv.Key{key("", id2, secret2, "", 1)}},
}

func TestParse(t *testing.T) {
	for _, tc := range good {
		for _, form := range forms() {
			t.Run(tc.name+"/"+form.name, func(t *testing.T) {
				got, err := keycsv.Parse(strings.NewReader(form.write(tc.file)))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, tc.want) { // by their secrets, too, which the message does not show
					t.Errorf("got %+v, want %+v", got, tc.want)
				}
				if strings.Contains(fmt.Sprintf("%#v", got), "CANARY") {
					t.Error("a password was kept")
				}
			})
		}
	}
}

// form is one way to write the same file.
type form struct {
	name  string
	write func(string) string
}

func forms() (all []form) {
	same := func(s string) string { return s }
	separators := []form{{"comma", same},
		{"semicolon", func(s string) string { return strings.ReplaceAll(s, ",", ";") }},
		{"tab", func(s string) string { return strings.ReplaceAll(s, ",", "\t") }},
		{"quoted", quoteCells(`"`)},
		{"quoted with blanks", quoteCells(`  "`)}}
	ends := []form{{"LF", same},
		{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
		{"CR", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }}}
	encodings := []form{{"plain", same},
		{"BOM", func(s string) string { return "\ufeff" + s }},
		{"UTF-16LE", func(s string) string { return utf16Text(s, binary.LittleEndian) }},
		{"UTF-16BE", func(s string) string { return utf16Text(s, binary.BigEndian) }}}
	for _, sep := range separators {
		for _, end := range ends {
			for _, enc := range encodings {
				all = append(all, form{sep.name + "," + end.name + "," + enc.name,
					func(s string) string { return enc.write(end.write(sep.write(s))) }})
			}
		}
	}
	return all
}

// quoteCells puts every cell in quotes, with blanks outside them if open has some.
func quoteCells(open string) func(string) string {
	return func(s string) string {
		lines := strings.Split(s, "\n")
		for i, line := range lines {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "AWS") {
				continue
			}
			cells := strings.Split(line, ",")
			for j, cell := range cells {
				cells[j] = open + strings.ReplaceAll(cell, `"`, `""`) + strings.TrimRight(`" `, open[:len(open)-1])
			}
			lines[i] = strings.Join(cells, ",")
		}
		return strings.Join(lines, "\n")
	}
}

func utf16Text(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + s)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

func TestParseAwkwardPasswords(t *testing.T) {
	const header = "User name,Password,Access key ID,Secret access key,Console login link\n"
	for _, password := range []string{`"a,b"`, `"a""b"`, `a"b`, `"a "", b"`, `a;b;c`, "=1+1", id1[:15]} {
		got, err := keycsv.Parse(strings.NewReader(header + "ann," + password + "," + id1 + "," + secret1 + "," + link + "\n"))
		if err != nil || len(got) != 1 || got[0] != key("ann", id1, secret1, "", 2) {
			t.Errorf("password %q: %v, %v", password, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const header = "User name,Access key ID,Secret access key\n"
	ok := "ann," + id1 + "," + secret1 + "\n"
	for _, tc := range []struct {
		name, file string
		line       int
		want       keycsv.Reason
	}{
		{"empty", "", 0, keycsv.NoKey},
		{"blank", " \n\r\n\t\n", 0, keycsv.NoKey},
		{"only a header", header, 0, keycsv.NoKey},
		{"nobody has a key", header + "ann,,\n", 0, keycsv.NoKey},
		{"not a key file", "hello\nworld\n", 1, keycsv.NoKey},
		{"a row without a key", ok + "bob,,\n", 2, keycsv.NoKey},
		{"two keys in a row", ok + id1 + "," + secret1 + "," + id2 + "," + secret2, 2, keycsv.TwoKeys},
		{"two keys under a header", header + "ann," + id1 + "," + secret1 + "," + id2 + "," + secret2, 2, keycsv.TwoKeys},
		{"long-lived and temporary", id1 + "," + secret1 + ",ASIA" + id2[4:] + "," + secret2, 1, keycsv.TwoKeys},
		{"temporary", "ASIA" + id1[4:] + "," + secret1, 1, keycsv.TemporaryKey},
		{"temporary under a header", header + "ann,ASIA" + id1[4:] + "," + secret1, 2, keycsv.TemporaryKey},
		{"no secret", id1 + "\n", 1, keycsv.BadSecret},
		{"no secret under a header", header + "ann," + id1 + ",\n", 2, keycsv.BadSecret},
		{"short secret", id1 + ",alice\n", 1, keycsv.BadSecret},
		{"command in the secret", header + "ann," + id1 + ",$(touch x)" + secret1, 2, keycsv.BadSecret},
		{"no id", header + "ann,," + secret1, 2, keycsv.BadKeyID},
		{"lower-case id", header + "ann," + strings.ToLower(id1) + "," + secret1, 2, keycsv.BadKeyID},
		{"lower-case id, no header", strings.ToLower(id1) + "," + secret1 + "\n" + ok, 1, keycsv.NoKey},
		{"short id", header + "ann,AKIA12345678901," + secret1, 2, keycsv.BadKeyID},
		{"long id", header + "ann,AKIA" + strings.Repeat("A", 125) + "," + secret1, 2, keycsv.BadKeyID},
		{"unquoted comma before the key", header + "ann,x," + id1 + "," + secret1, 2, keycsv.BadKeyID},
		{"open quote", header + ok + "\"bob," + id2 + "," + secret2 + "\n" + ok, 3, keycsv.BadKeyID},
		{"serial with a blank", "mfa," + header + "my phone 1," + ok, 2, keycsv.BadSerial},
		{"two serials", id1 + "," + secret1 + "," + mfa + "," + mfa + "2", 1, keycsv.BadSerial},
		{"same column twice", "Access key ID," + header, 1, keycsv.BadHeader},
		{"root key twice", "AWSAccessKeyId=" + id1 + "\nAWSSecretKey=" + secret1 + "\nAWSSecretKey=" + secret2, 1, keycsv.BadHeader},
		{"half a root key", "AWSAccessKeyId=" + id1 + "\n", 1, keycsv.NoKey},
		{"another secret", ok + "\n" + "ann," + id1 + "," + secret2, 3, keycsv.Conflict},
		{"another serial", id1 + "," + secret1 + "," + mfa + "\n" + id1 + "," + secret1 + "," + mfa + "2", 2, keycsv.Conflict},
		{"NUL", ok + "\x00", 2, keycsv.BadEncoding},
		{"UTF-16 without mark", utf16Text(ok, binary.LittleEndian)[2:], 1, keycsv.BadEncoding},
		{"UTF-16 with half a character", utf16Text(ok, binary.BigEndian) + "x", 2, keycsv.BadEncoding},
		{"too big", ok + strings.Repeat("\n", keycsv.MaxBytes), 0, keycsv.TooBig},
		{"too many rows", strings.Repeat(ok, keycsv.MaxRows+1), 0, keycsv.TooManyRows},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := keycsv.Parse(strings.NewReader(tc.file))
			var refused *keycsv.Error
			if !errors.As(err, &refused) || !errors.Is(err, tc.want) || refused.Line != tc.line || got != nil {
				t.Fatalf("got %v, %v; want line %d: %v", got, err, tc.line, tc.want)
			}
			for _, text := range []string{id1, secret1[:8], secret2[:8], mfa} {
				if strings.Contains(err.Error(), text) {
					t.Errorf("the error shows the file: %v", err)
				}
			}
		})
	}
}

func TestParseLimitsAreWithinReach(t *testing.T) {
	row := id1 + "," + secret1 + "\n"
	file := strings.Repeat(row, keycsv.MaxRows)
	file += strings.Repeat("\n", keycsv.MaxBytes-len(file))
	if got, err := keycsv.Parse(strings.NewReader(file)); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestParseReadError(t *testing.T) {
	if _, err := keycsv.Parse(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

var (
	validID     = regexp.MustCompile(`^[A-Z0-9]{16,128}$`)
	validSecret = regexp.MustCompile(`^[A-Za-z0-9+/=_-]+$`)
)

func FuzzParse(f *testing.F) {
	for _, tc := range good {
		f.Add([]byte(tc.file))
		f.Add([]byte(utf16Text(tc.file, binary.LittleEndian)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		keys, err := keycsv.Parse(strings.NewReader(string(file)))
		if err != nil {
			var refused *keycsv.Error
			if !errors.As(err, &refused) || keys != nil {
				t.Fatalf("%v with %T: %v", keys, err, err)
			}
			want := string(refused.Reason)
			if refused.Line > 0 {
				want = fmt.Sprintf("line %d: %s", refused.Line, want)
			}
			if err.Error() != want {
				t.Fatalf("the error says more than its reason: %v", err)
			}
			return
		}
		if len(keys) == 0 {
			t.Fatal("neither keys nor an error")
		}
		seen := map[string]bool{}
		for _, k := range keys {
			switch {
			case !validID.MatchString(k.AccessKeyID), !validSecret.MatchString(k.Secret.Reveal()),
				strings.HasPrefix(k.AccessKeyID, "ASIA"), strings.ContainsAny(k.MFASerial, " \n\x1b'\""),
				k.Line < 1, seen[k.AccessKeyID]:
				t.Fatalf("%#v from %q", k, file)
			}
			seen[k.AccessKeyID] = true
		}
	})
}
