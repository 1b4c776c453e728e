package awsfile_test

import (
	"strings"
	"testing"

	"fob/internal/awsfile"
)

func TestKeysThatWereWiredAreReadByTheirNames(t *testing.T) {
	text := "[profile a]\nFOB_ROLE_ARN = aside\nfob_policy = p\nmfa_serial = own\nfob_mfa_serial = other\nsource_profile =\nfob_source_profile = b\n"
	paths := awsfile.Paths{Config: awsfile.Path{Name: "config"}}
	files, err := awsfile.Read(paths, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil {
		t.Fatal(err)
	}
	s, err := files.Profile("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		key, want, plain string
		line             int
	}{
		{"role_arn", "aside", "", 2},
		{"policy", "", "", 0},
		{"mfa_serial", "own", "own", 4},
		{"source_profile", "b", "", 7},
		{"external_id", "", "", 0},
	} {
		if got, _ := s.Get(tc.key); got.Text != tc.want || got.Line != tc.line {
			t.Errorf("%s is %q in line %d, want %q in line %d", tc.key, got.Text, got.Line, tc.want, tc.line)
		}
		if got, _ := s.In("config").Plain(tc.key); got.Text != tc.plain {
			t.Errorf("SDKs see %s = %q, want %q", tc.key, got.Text, tc.plain)
		}
	}
	if len(s.Warnings) != 1 || s.Warnings[0].Line != 4 || !strings.Contains(s.Warnings[0].Text, "fob_mfa_serial in config line 5") {
		t.Errorf("warnings %v", s.Warnings)
	}
}
